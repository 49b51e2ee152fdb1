"""Changing the settings of the shop."""

from app.actors import Actor
from app.blueprints.shop.queries import the_shop
from app.database.session import db
from app.lookup import Versions, find
from app.models.shop import SHOP


def change_shop(actor: Actor, *, if_match: Versions = None, **settings) -> None:
    """Change the settings of the shop that are given as keyword arguments.

    `if_match` has the versions that the client accepts, or is None if any will do. Raise
    PreconditionFailed if the settings have another version.
    """
    shop = find(the_shop, actor, SHOP, lock=True, if_match=if_match)
    for name, value in settings.items():
        setattr(shop, name, value)
    db.session.commit()
