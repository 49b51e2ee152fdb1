"""Queries for the settings of the shop."""

import re
from typing import Any

from sqlalchemy import Select, select

from app.actors import Actor
from app.blueprints.shop.schemas import ShopOut
from app.database.statements import Row, fetch
from app.lists.columns import columns_for
from app.lists.pages import get_or_404
from app.models import Shop
from app.models.shop import SHOP

RATES = select(Shop.version, Shop.taxes, Shop.shop_supplies, Shop.labor_cost_rate_cents)
PARTS_OF_A_PERCENT = {"bps": 100, "millionths": 10_000}


def shop(actor: Actor | None) -> Row:
    """Return the settings of the shop that the actor may see, as the API's response contains them.

    The currency is missing, because it is not in the database.
    """
    [row] = get_or_404(_seen_by, actor, SHOP)
    return {name: as_sent(value) for name, value in row.items() if name != "id"}


def rates() -> Row:
    """Return the settings that prices depend on.

    They are `{version, taxes, shop_supplies, labor_cost_rate_cents}`. Percentages are as in the
    database: whole numbers, of basis points or of millionths.
    """
    return fetch(RATES)[0]


def the_shop(_actor: Actor | None) -> Select[Shop]:
    return select(Shop)


def as_sent(value: Any) -> Any:
    """Return a setting with all rates in it as percentages, as the API's response contains them.

    For example, `markup_bps: 4000` becomes `markup_percentage: 40.0`.
    """
    if isinstance(value, list):
        return [as_sent(each) for each in value]
    if not isinstance(value, dict):
        return value
    return dict(_member(name, each) for name, each in value.items())


def _member(name, value):
    for ending, parts in PARTS_OF_A_PERCENT.items():
        if re.search(f"(^|_){ending}$", name):
            return re.sub(f"{ending}$", "percentage", name), value / parts
    return name, value


def _seen_by(actor: Actor | None) -> Select:
    return the_shop(actor).with_only_columns(Shop.id, *columns_for(ShopOut, actor, currency=None))
