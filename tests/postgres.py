"""Temporary PostgreSQL servers and databases for tests."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import sqlalchemy as sa

from tests.servers import EXE, WINDOWS, Unavailable, free_port, postgres_bin

# FAST is not for tests that crash a server: with it, a crash may lose committed rows.
RELOAD = "SELECT pg_reload_conf()"
FAST = "-F -c synchronous_commit=off -c full_page_writes=off"


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Yield TEST_DATABASE_URL if set, else the SQLAlchemy URL of a new server's `postgres` database."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with a_postgres(FAST) as server:
        yield server.url


@contextlib.contextmanager
def a_postgres(options: str = "") -> Iterator["Postgres"]:
    """Yield a new server, which a test can stop and start again; delete it afterwards."""
    # A socket's path has at most 103 bytes, which rules out most temporary folders.
    home = Path(tempfile.mkdtemp(prefix="pg-", dir=None if WINDOWS else "/tmp"))
    try:
        server = Postgres(postgres_bin(), home, options)
        try:
            server.start()
            yield server
        finally:
            with contextlib.suppress(Unavailable):
                server.stop("immediate")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def a_database(server_url, purpose="test", how=""):
    """Create a database on this server, yield its URL, and drop it.

    `how` is the end of the CREATE DATABASE statement, such as a template.
    """
    name = f"shop_{purpose}_{os.getpid()}"
    _do(server_url, f"CREATE DATABASE {name} {how}")
    yield sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)
    _do(server_url, f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def read_only(server_url):
    """Make every session of this server read-only, as on a replica, until the end of the context."""
    for statement in ("ALTER SYSTEM SET default_transaction_read_only = on", RELOAD):
        _do(server_url, statement)
    try:
        yield
    finally:
        for statement in ("ALTER SYSTEM RESET default_transaction_read_only", RELOAD):
            _do(server_url, statement)


def _do(server_url, statement):
    """Execute a statement outside a transaction."""
    with contextlib.closing(psycopg2.connect(server_url.replace("+psycopg2", ""))) as admin:
        admin.autocommit = True
        admin.cursor().execute(statement)


class Postgres:
    """A PostgreSQL server with its files in the folder `home`."""

    def __init__(self, programs: Path, home: Path, options: str):
        self._programs, self._home = programs, home
        self._user = _unprivileged(home)
        try:
            self._run("postgres", "--version")
        except (PermissionError, FileNotFoundError):
            # The tests run as root, and PostgreSQL's user can't read the virtual environment.
            self._programs = _lend(programs, home)

        self.data, port = home / "data", free_port()
        where = f"-h 127.0.0.1 -p {port}" if WINDOWS else f"-h '' -k {home} -p {port}"
        self._options = f"{where} -c max_connections=200 {options}"
        self.url = (
            f"postgresql+psycopg2://postgres@127.0.0.1:{port}/postgres"
            if WINDOWS
            else f"postgresql+psycopg2://postgres@/postgres?host={home}&port={port}"
        )
        encoding = ("-E", "UTF8", "--no-locale", "--no-sync")
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", *encoding)

    def start(self) -> None:
        """Start the server, and return when it accepts connections."""
        log, options = ("-l", self._home / "log"), ("-o", self._options)
        self._run("pg_ctl", "-D", self.data, "-w", "-t", 60, *log, *options, "start")

    def stop(self, mode: str) -> None:
        """Stop the server: `fast` ends all its connections, `immediate` is like a crash."""
        self._run("pg_ctl", "-D", self.data, "-m", mode, "stop")

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def _run(self, tool: str, *args: object) -> None:
        with tempfile.TemporaryFile() as said:  # not a pipe, which the server would keep open
            done = subprocess.run(
                [self._programs / (tool + EXE), *map(str, args)],
                check=False,
                cwd=self._home,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                **self._user,
            )
            said.seek(0)
            if done.returncode:
                last_words = said.read().decode(errors="replace")[-2000:]
                raise Unavailable(f"{tool} failed: {last_words}")


def _unprivileged(home: Path) -> dict[str, Any]:
    """Return the arguments that make subprocess run a program as another user than root.

    PostgreSQL refuses to run as root. The other user becomes the owner of `home`.
    """
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
    """Copy an installation and its shared libraries to `home`; return the copied folder of programs."""
    base = programs.parents[1]
    copy = home / base.name / programs.parent.name
    shutil.copytree(programs.parent, copy)
    for libraries in base.parent.glob(base.name + ".libs"):
        shutil.copytree(libraries, home / libraries.name)
    return copy / programs.name
