"""The database of the shop: its declarative base, its session and its engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase

from app.database import postgresql, prepared, sqlite, transactions
from app.database.pending import Pending


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
    """A session whose commit can be deferred.

    `pending` holds what the collectors (app/database/pending.py) note about the current transaction;
    `audit_actor` is the author of later audit entries.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pending = Pending()
        self.audit_actor: dict = {}
        self._commit_is_deferred = False

    def commit(self) -> None:
        """Commit the transaction; inside `commit_deferred`, only flush the session."""
        if self._commit_is_deferred:
            self.flush()
        else:
            super().commit()

    @contextmanager
    def commit_deferred(self) -> Iterator[None]:
        """Make `commit` only flush in this `with` block; the caller commits later, with more changes."""
        before, self._commit_is_deferred = self._commit_is_deferred, True
        try:
            yield
        finally:
            self._commit_is_deferred = before


class Database(SQLAlchemy):
    """Flask-SQLAlchemy's class; `listen_to` adds the shop's event listeners to each engine it makes."""

    def _make_engine(self, *args, **kwargs) -> Engine:
        engine = super()._make_engine(*args, **kwargs)
        listen_to(engine)
        return engine


def listen_to(engine: Engine) -> None:
    """Add the shop's listeners to an engine: for transactions, connections and prepared statements."""
    event.listen(engine, "begin", transactions.begin)
    if engine.dialect.name == "sqlite":
        sqlite.listen_to(engine)
    else:
        postgresql.listen_to(engine)
        prepared.listen_to(engine)


db = Database(model_class=Model, session_options={"class_": ShopSession, "expire_on_commit": False})


def shop_session() -> ShopSession:
    """Return the session of this request or command."""
    return cast(ShopSession, db.session())


def read_at_one_moment() -> None:
    """Begin a transaction that only reads, and sees the database as of one moment until it ends.

    Use it for an answer whose parts must agree and need several statements, such as a statement of account.
    """
    shop_session().connection(execution_options={"snapshot": True})


def set_audit_actor(**who) -> None:
    """Set the author of later audit entries in this session.

    `who` has `request_id`, `operation` and, of a signed-in caller, `account_id` and `role`.
    """
    shop_session().audit_actor = who
