"""One instance of each Flask extension, bound to the app by create_app()."""

import select
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import psycopg2
from flask import current_app, g, has_request_context, request
from flask_caching import Cache
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_marshmallow import Marshmallow
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from psycopg2 import extensions as libpq
from sqlalchemy import Engine, MetaData, Pool, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import PoolProxiedConnection

# Beyond connect_timeout and statement_timeout, after which a server that works has said something.
TO_CONNECT, TO_ANSWER = 2, 6
TO_WRITE = 5  # seconds in line, and as many again at SQLite itself
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
SIGNATURE, TOUCHED, TURN, READS = "signature", "touched_tables", "turn", "reads"
_turns: WeakKeyDictionary[Pool, Lock] = WeakKeyDictionary()


class Model(DeclarativeBase):
    """The declarative base behind db.Model; every constraint gets the same name on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class ShopSession(Session):
    """A session whose one commit can be held back until the answer is written beside the effect."""

    def commit(self) -> None:
        if self.info.get("held"):
            self.flush()
        else:
            super().commit()


def who_counts() -> str:
    """Limits count a signed-in account wherever it is, and a stranger by address."""
    actor = g.get("actor")
    return f"account:{actor.account_id}" if actor else f"address:{get_remote_address()}"


db = SQLAlchemy(
    model_class=Model, session_options={"class_": ShopSession, "expire_on_commit": False}
)
ma = Marshmallow()
migrate = Migrate(db=db, render_as_batch=True)
cache = Cache()
limiter = Limiter(
    key_func=who_counts,
    application_limits=[lambda: current_app.config["GLOBAL_RATE_LIMIT"]],
)


def sign(**who) -> None:
    """Whose writing it is from here on, for the audit trail."""
    db.session.info[SIGNATURE] = who


@event.listens_for(Engine, "connect")
def tune_sqlite(connection, _record) -> None:
    """WAL, foreign keys on, and a commit that survives a power cut; BEGIN is ours to say."""
    if type(connection).__module__.partition(".")[0] != "sqlite3":
        return
    connection.isolation_level = None
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=FULL",
        "cache_size=-256",  # KiB for each connection; there may be 32, and the system keeps pages, too
        f"busy_timeout={1000 * TO_WRITE}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


@event.listens_for(Engine, "begin")
def begin(connection) -> None:
    """Who writes takes SQLite's one write lock first: a lock taken later can't be waited for.

    On PostgreSQL, where each statement sees what is there by then, a reader begins nothing at all.
    """
    in_request = has_request_context()
    writes = in_request and request.method not in SAFE_METHODS
    writes = connection.get_execution_options().get("writes", writes)
    only_reads(connection.connection, in_request and not writes)
    if connection.dialect.name != "sqlite":
        return
    if writes:
        _take_a_turn(connection)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def only_reads(connection: PoolProxiedConnection, reads: bool = True) -> None:
    """Whether each statement is a transaction by itself; SQLite's connections wait for our BEGIN anyway."""
    driver: Any = connection.dbapi_connection
    if reads != connection.info.get(READS, False) and isinstance(driver, libpq.connection):
        driver.autocommit = connection.info[READS] = reads


def _take_a_turn(connection) -> None:
    """SQLite lets whoever happens to ask at the right moment write; in a crowd, somebody waits for ever.

    So those of one process stand in line. Who has stood there too long asks SQLite itself, which says no.
    """
    turn = _turns.setdefault(connection.engine.pool, Lock())
    if TURN not in connection.info and turn.acquire(timeout=TO_WRITE):
        connection.info[TURN] = turn


@event.listens_for(Pool, "checkin")
def _end_the_turn(_connection, record) -> None:
    if turn := record.info.pop(TURN, None):
        turn.release()


@event.listens_for(Pool, "checkout")
def _look_at(connection, _record, _proxy) -> None:
    """One that PostgreSQL has closed has something to read: its end. To ask would take as long as a query."""
    if isinstance(connection, libpq.connection) and _ready(connection, libpq.POLL_READ, 0):
        raise DisconnectionError()


def wait_for_postgres(connection) -> None:
    """A server that stands still keeps no time-out; without this, whoever asks it stands still, too.

    A command, such as a migration, may take its time.
    """
    patience = None
    if has_request_context():
        patience = TO_CONNECT if connection.status == libpq.STATUS_SETUP else TO_ANSWER
    while (state := connection.poll()) != libpq.POLL_OK:
        if not _ready(connection, state, patience):
            raise psycopg2.OperationalError("PostgreSQL stands still.")


def _ready(connection, state: int, patience: float | None) -> bool:
    """Whether a connection can be read, or written, within so many seconds."""
    reads = [connection] if state == libpq.POLL_READ else []
    if not hasattr(select, "poll"):  # Windows, where sockets may have any number
        writes = [] if reads else [connection]
        return any(select.select(reads, writes, [], patience))
    poll = select.poll()
    poll.register(connection, select.POLLIN if reads else select.POLLOUT)
    return bool(poll.poll(None if patience is None else 1000 * patience))


libpq.set_wait_callback(wait_for_postgres)
