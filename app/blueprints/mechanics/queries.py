"""Queries for the staff; they return what the API's responses contain and the reader's role may see."""

from functools import cache

from sqlalchemy import Integer, Select, bindparam, select

from app.actors import Actor
from app.blueprints.mechanics.schemas import MechanicOut
from app.database.statements import Row, fetch
from app.lists.columns import columns_for
from app.lists.pages import equals, filtered, get_or_404, paginated
from app.lists.searching import Searched, Source
from app.models import Kind, Mechanic, Workload
from app.permissions import mechanics_visible_to

SEARCHED = Searched(
    Mechanic.id,
    (
        Source((Kind.MECHANIC,), Mechanic.id),
        Source((Kind.MECHANIC_PRIVATE,), Mechanic.id, for_staff=True),
    ),
)


def _with_salary(found: list[Row], _actor: Actor | None = None) -> list[Row]:
    """Replace `salary_cents` in each row by `salary`, in units of the currency, and return the rows.

    `found` has the rows.
    """
    for row in found:
        if "salary_cents" in row:
            cents = row.pop("salary_cents")
            row["salary"] = None if cents is None else cents / 100
    return found


@paginated({"id": Mechanic.id, "name": Mechanic.name_sort}, finish=_with_salary, searched=SEARCHED)
def mechanics(actor: Actor, *, is_active: bool | None = None) -> Select:
    return filtered(_seen_by(actor), equals(Mechanic.is_active, is_active))


def mechanic(actor: Actor, mechanic_id: int) -> Row:
    return _with_salary(get_or_404(_seen_by, actor, mechanic_id))[0]


def top(*, limit: int, **wanted) -> dict:
    """Return `{items}`: mechanics ranked by their number of tickets, including those without any.

    `limit` is the highest number of mechanics. The keyword arguments are `by`, which is `assigned` (all
    tickets) or `completed`; `order`, `asc` or `desc`; and `active_only`, to leave out inactive
    mechanics.
    """
    return {"items": fetch(_ranking(**wanted), limit=limit)}


@cache
def _ranking(*, by: str, order: str, active_only: bool) -> Select:
    ranked = Workload.completed_count if by == "completed" else Workload.ticket_count
    query = (
        select(
            Mechanic.id,
            Mechanic.name,
            Mechanic.is_active,
            Workload.ticket_count,
            Workload.completed_count,
        )
        .join(Workload, Workload.mechanic_id == Mechanic.id)
        .order_by(ranked.asc() if order == "asc" else ranked.desc(), Mechanic.id)
        .limit(bindparam("limit", type_=Integer))
    )
    return filtered(query, Mechanic.is_active if active_only else None)


def _seen_by(actor: Actor):
    columns = columns_for(
        MechanicOut,
        actor,
        ticket_count=Workload.ticket_count,
        salary=Mechanic.salary_cents,
        has_account=Mechanic.account_id.is_not(None),
    )
    everyone = mechanics_visible_to(actor).join(Workload, Workload.mechanic_id == Mechanic.id)
    return everyone.with_only_columns(*columns)
