"""Changing the settings of the shop."""

from app.actors import Actor
from app.blueprints.shop.queries import the_shop
from app.database.session import db
from app.lookup import Versions, find
from app.models.shop import SHOP


def change_shop(actor: Actor, *, if_match: Versions = None, **settings) -> None:
    """Set the given columns of the shop; raise PreconditionFailed if `if_match` lacks its version."""
    shop = find(the_shop, actor, SHOP, lock=True, if_match=if_match)
    for name, value in settings.items():
        setattr(shop, name, value)
    db.session.commit()
