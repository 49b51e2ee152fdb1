"""One instance of each Flask extension, bound to the app by create_app()."""

from threading import Lock
from weakref import WeakKeyDictionary

from flask import current_app, g, has_request_context, request
from flask_caching import Cache
from flask_limiter import Limiter
from flask_marshmallow import Marshmallow
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Engine, MetaData, Pool, event
from sqlalchemy.orm import DeclarativeBase

from app.addresses import household
from app.database import postgresql as postgres
from app.database.sqlite import TO_WRITE

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
SIGNATURE, TOUCHED, TURN = "signature", "touched_tables", "turn"
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
    return f"account:{actor.account_id}" if actor else f"address:{household(request.remote_addr)}"


def country() -> str:
    """Return the country of the shop, by which phone numbers without a country code are read."""
    return str(current_app.config["COUNTRY"])


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


@event.listens_for(Engine, "begin")
def begin(connection) -> None:
    """Who writes takes SQLite's one write lock first: a lock taken later can't be waited for.

    On PostgreSQL, where each statement sees what is there by then, a reader begins nothing at all.
    """
    in_request = has_request_context()
    writes = in_request and request.method not in SAFE_METHODS
    writes = connection.get_execution_options().get("writes", writes)
    driver = connection.connection.dbapi_connection
    if not isinstance(driver, postgres.Connection):
        if writes:
            _take_a_turn(connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes or not in_request:
        driver.begin()


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
