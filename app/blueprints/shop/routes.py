"""The settings of the shop over HTTP."""

from flask import current_app, g

from app.actors import Role
from app.blueprints.shop import bp, queries, services
from app.blueprints.shop.schemas import ShopOut, ShopUpdate
from app.web.auth import public, requires
from app.web.caching import cached
from app.web.limits import reads, writes
from app.web.shapes import accepts, checks_if_match, returns


def settings_seen_by(actor):
    return queries.shop(actor) | {"currency": current_app.config["CURRENCY"]}


@bp.get("")
@reads
@public
@cached("shop")
@returns(ShopOut())
def show():
    """Show the shop: its name, its address, how to reach it.

    Staff also see rates, taxes and supplies; managers also the matrix of markups.
    """
    return settings_seen_by(g.actor)


@bp.route("", methods=["PUT", "PATCH"])
@writes
@requires(Role.MANAGER)
@checks_if_match
@accepts(ShopUpdate(), sent_back=(ShopOut, settings_seen_by))
@returns(ShopOut())
def change(**settings):
    """Change the settings of the shop; what you leave out stays, a list is replaced as a whole.

    Another rate, tax or markup holds for work that is priced from now on; the supplies and taxes of a ticket
    without an invoice are always those of today.
    """
    services.change_shop(g.actor, **settings)
    return settings_seen_by(g.actor)
