"""Changing the settings of the shop."""

from app.actors import Actor
from app.blueprints.shop.queries import the_shop
from app.database.session import db
from app.errors import NumberingBegun
from app.lookup import Versions, find
from app.models import Counter, CounterName
from app.models.shop import SHOP


def change_shop(actor: Actor, *, if_match: Versions = None, **settings) -> None:
    """Change the settings of the shop that are given as keyword arguments.

    `if_match` has the versions that the client accepts, or is None if any will do. Raise
    PreconditionFailed if the settings have another version, and NumberingBegun for another
    `first_invoice_number` once an invoice is issued.
    """
    shop = find(the_shop, actor, SHOP, lock=True, if_match=if_match)
    if settings.get("first_invoice_number", shop.first_invoice_number) != shop.first_invoice_number:
        _must_not_be_numbered()
    for name, value in settings.items():
        setattr(shop, name, value)
    db.session.commit()


def _must_not_be_numbered() -> None:
    """Raise NumberingBegun if an invoice has a number already; else no invoice gets one until the commit."""
    if db.session.get_one(Counter, CounterName.INVOICE, with_for_update=True).value:
        raise NumberingBegun()
