"""Backups of a PostgreSQL shop: pg_dump's custom format, restored by psql in one transaction."""

import contextlib
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from psycopg2.extensions import make_dsn
from sqlalchemy import Connection, inspect, text

from app.cli.backups import programs
from app.cli.backups.contents import (
    MAIN_TABLES,
    Contents,
    NoBackup,
    Refused,
    after_a_restore,
    beginning,
)
from app.database.session import db

SUFFIX = ".dump"
SOME_SECONDS = 5
COPIES = re.compile(rb"COPY \S*?(\w+) \(.*\) FROM stdin;\n")
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user
      AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
# The psql commands that pg_dump writes. Any other one is refused: psql would run it on this machine.
OF_PG_DUMP = re.compile(rb"^\\(un)?restrict \w+\n")
# The backslashes that COPY writes. What looks like its data may be no data: a comment can contain the first
# line of a COPY.
OF_COPY = re.compile(rb"^\\\.\n|\\[\\Nbfnrtv]")
# A shop has no triggers, rules or views. Those of a backup would act in the restored database.
DROP_WHAT_ACTS = """
    DO $$ DECLARE statement text; BEGIN
        FOR statement IN
            SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass)
            FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
            WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
            UNION ALL
            SELECT format('DROP RULE %I ON %s', rulename, ev_class::regclass)
            FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class
            WHERE rulename <> '_RETURN' AND relnamespace = current_schema()::regnamespace
            UNION ALL
            SELECT format('DROP %s IF EXISTS %s CASCADE',
                          CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END, oid::regclass)
            FROM pg_class
            WHERE relkind IN ('v', 'm') AND relnamespace = current_schema()::regnamespace
        LOOP EXECUTE statement; END LOOP;
    END $$
"""
# pg_dump 17 and later write this line for every server, but servers before 17 don't know it.
UNKNOWN_TO_OLDER_SERVERS = b"SET transaction_timeout = 0;\n"


@contextlib.contextmanager
def opened() -> Iterator[Connection]:
    """Yield a connection that sees the database as it is at one moment, without later commits.

    Raise Refused if the database has no tables of a shop yet.
    """
    with db.engine.connect() as shop:
        shop.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        shop.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        shop.execute(text("SET LOCAL statement_timeout = 0"))
        if not inspect(shop).has_table("alembic_version"):
            raise Refused("There is no shop in this database yet: run `flask db upgrade` first.")
        yield shop


@contextlib.contextmanager
def alone() -> Iterator[Connection]:
    """Wait until no other client is connected as this database user; then yield a connection.

    Raise Refused if there still is another client after 5 s.
    """
    with db.engine.connect() as shop:
        deadline = time.monotonic() + SOME_SECONDS
        while others := shop.scalar(text(OTHERS)):
            shop.rollback()  # pg_stat_activity stays the same within a transaction
            if time.monotonic() > deadline:
                raise Refused(
                    f"The shop is open ({others} connections)."
                    " Close it first: a restore undoes what it does."
                )
            time.sleep(0.1)
        shop.rollback()
        yield shop


def has_people(shop: Connection) -> bool:
    tables = {"customers", "mechanics"} & set(inspect(shop).get_table_names())
    found = any(shop.scalar(text(f"SELECT EXISTS (SELECT FROM {table})")) for table in tables)
    shop.rollback()
    return found


def write(shop: Connection, target: Path, tell: Callable[[str], None]) -> Contents:
    """Write a backup to the file `target` with pg_dump; return its Contents, counted at the same moment.

    `shop` is a connection to the database. `tell` is a function that is called with progress messages.
    """
    if not shop.in_transaction():
        with opened() as at_this_moment:
            return write(at_this_moment, target, tell)
    snapshot = shop.scalar(text("SELECT pg_export_snapshot()"))
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
    where = (f"--schema={_schema(shop)}", f"--dbname={_address()}", f"--file={target}")
    _run(shop, "pg_dump", *options, *where, tell=tell)
    revision = shop.scalar(text("SELECT version_num FROM alembic_version"))
    counted = {table: shop.scalar(text(f"SELECT count(*) FROM {table}")) for table in MAIN_TABLES}
    return Contents(revision, counted)


def read(path: Path, tell: Callable[[str], None]) -> Contents:
    """Check the backup at `path` by unpacking all of it, and return its Contents.

    Raise NoBackup if the file is damaged or not a backup. `tell` is called with progress messages.
    """
    with tempfile.TemporaryDirectory() as folder, db.engine.connect() as shop:
        return _unpacked(shop, path, Path(folder) / "script.sql", tell)


def put_back(shop: Connection, path: Path, tell: Callable[[str], None]) -> None:
    """Replace the shop's tables by those of the backup at `path`, and end all sessions.

    All this is one transaction. `shop` is a connection to the database, and `tell` is called with
    progress messages.
    """
    schema, tables = _schema(shop), [f'"{name}"' for name in _in_the_way(shop)]
    shop.rollback()
    room = f"DROP TABLE IF EXISTS {', '.join(tables)} CASCADE" if tables else "SELECT"
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.sql"
        contents = _unpacked(shop, path, script, tell)
        here = f'SET search_path = "{schema}"'
        steps = (f"--command={here}; {room}", f"--file={script}", f"--command={here}")
        how = ("--single-transaction", "--set=ON_ERROR_STOP=1", "--no-psqlrc", "--quiet")
        after = (DROP_WHAT_ACTS, *after_a_restore(contents))
        end = [f"--command={statement}" for statement in after]
        tell("Putting the backup in place")
        _run(shop, "psql", *how, f"--dbname={_address()}", f"--output={os.devnull}", *steps, *end)


def _unpacked(shop, path, script, tell):
    """Write the SQL statements of the backup at `path` to the new file `script`; return its Contents.

    `shop` is a connection to the database, and `tell` is called with progress messages. Raise NoBackup
    if the backup is damaged, has no schema, or has psql commands that pg_dump doesn't write.
    """
    tell("Looking through the backup")
    if beginning(path, 5) != b"PGDMP":
        raise NoBackup(f"{path} is no backup of a PostgreSQL shop.")
    raw = script.with_suffix(".raw")
    how = ("--clean", "--if-exists", "--no-owner", "--no-privileges", f"--schema={_schema(shop)}")
    try:
        _run(shop, "pg_restore", *how, f"--file={raw}", str(path))
    except Refused as problem:
        raise NoBackup(f"{path} is damaged, or of another kind: {problem}") from None
    old = _version(shop) < 17
    revision, rows, table = None, dict.fromkeys(MAIN_TABLES, 0), None
    with raw.open("rb") as said, script.open("xb") as kept:
        for line in said:
            harmless = OF_PG_DUMP if table is None else OF_COPY
            if b"\\" in harmless.sub(b"", line):
                raise NoBackup(f"There is a command for psql in {path}, which no shop has.")
            if table is None:
                if old and line == UNKNOWN_TO_OLDER_SERVERS:
                    continue
                if begun := COPIES.fullmatch(line):
                    table = begun[1].decode()
            elif line == b"\\.\n":
                table = None
            elif table == "alembic_version":
                revision = line.decode().strip()
            elif table in rows:
                rows[table] += 1
            kept.write(line)
    raw.unlink()
    if revision is None:
        raise NoBackup(f"There is no shop in {path}: it has no schema.")
    return Contents(revision, rows)


def _in_the_way(shop):
    """Return the names of the tables to drop before a restore.

    If the database has customers or staff, they are all its tables: everything was backed up first, and
    tables of a later version would block the next upgrade. Otherwise nothing was backed up, so they are
    only the shop's own tables, and the tables of other programs stay.
    """
    tables = set(inspect(shop).get_table_names())
    return tables if has_people(shop) else tables & {*db.metadata.tables, "alembic_version"}


def _schema(shop):
    return shop.scalar(text("SELECT current_schema()"))


def _version(shop):
    return shop.dialect.server_version_info[0]


def _address():
    """Return a connection string for libpq, without passwords.

    Other users of the machine can see the command lines that contain it.
    """
    secret = ("password", "sslpassword")
    return make_dsn(**{name: value for name, value in _parameters().items() if name not in secret})


def _parameters():
    return db.engine.dialect.create_connect_args(db.engine.url)[1]


def _run(shop, program, *words, tell=None):
    """Run one of PostgreSQL's programs; if it fails, raise Refused with its last line of output.

    `shop` is a connection to the database, and `program` the name of the program; further arguments are
    passed to it. `tell`, if given, is called for each table that pg_dump begins to write.
    """
    command = [programs.folder_for(_version(shop)) / (program + programs.EXE), *words]
    env = dict(os.environ) | {"PGOPTIONS": "-c lock_timeout=10s -c statement_timeout=0"}
    if password := _parameters().get("password"):
        env["PGPASSWORD"] = password
    verbose = ["--verbose"] if tell else []
    last = ""
    with subprocess.Popen(
        [*command, *verbose], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            if tell and (table := re.search(r'dumping contents of table "(?:.*\.)?(.+)"', line)):
                tell(f"Writing {table[1]}")
            last = line.strip() or last
    if process.returncode:
        raise Refused(f"{program} ended with {process.returncode}: {last}")
