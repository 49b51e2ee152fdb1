"""Routes for the settings of the shop."""

from flask import current_app, g

from app.actors import Role
from app.blueprints.shop import bp, queries, services
from app.blueprints.shop.schemas import ShopOut, ShopUpdate
from app.errors import NumberingBegun
from app.web.auth import public, requires
from app.web.caching import cached
from app.web.limits import reads, writes
from app.web.shapes import accepts, checks_if_match, refuses, returns


def settings_seen_by(actor):
    return queries.shop(actor) | {"currency": current_app.config["CURRENCY"]}


@bp.get("")
@reads
@public
@cached("shop")
@returns(ShopOut())
def show():
    """Show the settings of the shop.

    Everybody sees its name, address and contact data, its registration and tax number, the currency and
    the unit of distance. Staff also see the labor rate, taxes, shop supplies, policies and the version;
    managers also see the markup matrix and the labor cost rate.
    """
    return settings_seen_by(g.actor)


@bp.route("", methods=["PUT", "PATCH"])
@writes
@requires(Role.MANAGER)
@checks_if_match
@accepts(ShopUpdate(), sent_back=(ShopOut, settings_seen_by))
@returns(ShopOut())
@refuses(NumberingBegun)
def change(**settings):
    """Change the settings of the shop; members that you leave out stay unchanged.

    A list is replaced as a whole. A new labor rate or markup matrix applies to lines that are priced from
    now on; lines that exist keep their rate and price. New taxes and shop supplies apply at once to all
    tickets that are not invoiced, closed or cancelled.
    """
    services.change_shop(g.actor, **settings)
    return settings_seen_by(g.actor)
