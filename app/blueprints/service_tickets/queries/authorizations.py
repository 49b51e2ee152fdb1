"""Queries for authorizations: what customers decided, when and how."""

from collections import defaultdict

from sqlalchemy import Select, select

from app.actors import Actor
from app.blueprints.service_tickets.queries.visible import must_be_visible
from app.database.prepared import IDS, PREPARED, Among
from app.database.statements import Row, fetch
from app.lists.pages import get_or_404, paginated
from app.models import Authorization, Decision, Mechanic
from app.permissions import authorizations_visible_to

TABLES = ("authorizations", "decisions", "service_tickets", "mechanics")
SHOWN = (
    *(Authorization.id, Authorization.ticket_id, Authorization.at, Authorization.method),
    *(Authorization.authorized_by_name, Authorization.contact, Authorization.note),
    *(Authorization.authorized_total_cents, Authorization.estimate_sha256),
    *(Mechanic.id.label("taken_by_id"), Mechanic.name.label("taken_by_name")),
)
DECISIONS = (
    select(
        *(Decision.authorization_id, Decision.job_id, Decision.name, Decision.decision),
        *(Decision.price_cents, Decision.up_to_cents),
    )
    .where(Among(Decision.authorization_id, IDS))
    .order_by(Decision.id)
    .execution_options(**PREPARED)
)


def _with_staff(query: Select) -> Select:
    taken = query.outerjoin(Mechanic, Mechanic.account_id == Authorization.account_id)
    return taken.with_only_columns(*SHOWN)


ALL_OF_TICKET = (
    _with_staff(select(Authorization))
    .where(Among(Authorization.ticket_id, IDS))
    .order_by(Authorization.id)
    .execution_options(**PREPARED)
)


def _finish(found: list[Row], _actor: Actor | None) -> list[Row]:
    """Return authorizations in their JSON form, with `taken_by` and `decisions`.

    `found` are rows with the columns SHOWN, which are changed in place.
    """
    decisions = defaultdict(list)
    for row in fetch(DECISIONS, ids=[each["id"] for each in found]) if found else ():
        decisions[row.pop("authorization_id")].append(row)
    for each in found:
        taken_by = {name: each.pop(f"taken_by_{name}") for name in ("id", "name")}
        each["taken_by"] = taken_by if taken_by["id"] else None
        each["decisions"] = decisions[each["id"]]
    return found


@paginated({"id": Authorization.id}, finish=_finish)
def _of_ticket(_actor: Actor, *, ticket_id: int) -> Select:
    return _with_staff(select(Authorization).where(Authorization.ticket_id == ticket_id))


def authorizations(actor: Actor, ticket_id: int, **page) -> dict:
    """Return a page of the authorizations of a ticket, `{items, pagination}`, without their estimates.

    `page` has the arguments of a page, such as `sort` and `per_page` (see PaginatedQuery). Raise
    NotFound if the actor may not see the ticket.
    """
    must_be_visible(actor, ticket_id)
    return _of_ticket(actor, ticket_id=ticket_id, **page)


def all_of_ticket(ticket_id: int) -> list[Row]:
    """Return all authorizations of a ticket, oldest first, without their estimates."""
    return _finish(fetch(ALL_OF_TICKET, ids=[ticket_id]), None)


def of_link(link_id: int) -> Row | None:
    """Return the authorization that was given by an approval link, or None if there is none yet.

    Its estimate is left out.
    """
    of_it = select(Authorization).where(Authorization.approval_link_id == link_id)
    found = _finish(fetch(_with_staff(of_it)), None)
    return found[0] if found else None


def given(authorization_id: int) -> Row:
    """Return an authorization, without its estimate and without a check of who may see it.

    The authorization must exist.
    """
    of_it = select(Authorization).where(Authorization.id == authorization_id)
    return _finish(fetch(_with_staff(of_it)), None)[0]


def authorization(actor: Actor, authorization_id: int) -> Row:
    """Return an authorization with the estimate that the customer saw, or raise NotFound."""
    return _finish(get_or_404(_visible, actor, authorization_id), actor)[0]


def _visible(actor):
    return _with_staff(authorizations_visible_to(actor)).add_columns(Authorization.estimate)
