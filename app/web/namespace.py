"""The shop's id, a prefix for keys in stores that several shops may share, such as Redis."""

import time

from flask import current_app
from sqlalchemy import String, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app.database.session import db

AWAY_SECONDS = 1


class ShopId(db.Model):
    """A random id of this shop's database, in the only row of its table.

    It is part of every key in Redis, so that several shops can share one Redis. A migration creates the id.
    Restoring a backup replaces it, so that nothing cached before the restore is found again.
    """

    __tablename__ = "shop_id"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)


def namespace() -> str | None:
    """Return the shop's id, or None if it could not be read from the database yet.

    Once read, the id is kept and not read again. After a database error, the next attempt is at least
    AWAY_SECONDS later.
    """
    known = current_app.extensions.setdefault("namespace", {"id": None, "away_until": 0.0})
    if known["id"] is None and time.monotonic() >= known["away_until"]:
        try:
            with db.engine.connect().execution_options(writes=False) as connection:
                known["id"] = connection.scalar(select(ShopId.id))
        except SQLAlchemyError:
            known["away_until"] = time.monotonic() + AWAY_SECONDS
    return known["id"]
