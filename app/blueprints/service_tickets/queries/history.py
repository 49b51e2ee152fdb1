"""The query for the status changes of a ticket."""

from sqlalchemy import Select, func, select

from app.actors import Actor
from app.blueprints.service_tickets.queries.visible import must_be_visible
from app.database.statements import Row
from app.lists.pages import paginated
from app.models import Customer, Mechanic, StatusChange


def history(actor: Actor, ticket_id: int, **page) -> dict:
    """Return a page of the status changes of a ticket: from and to which status, who, when and why.

    `page` has the arguments of a page, such as `sort` and `per_page` (see PaginatedQuery). Raise
    NotFound if the actor may not see the ticket.
    """
    must_be_visible(actor, ticket_id)
    return _moves(actor, ticket_id=ticket_id, **page)


def _finish(found: list[Row], _actor: Actor | None) -> list[Row]:
    """Return status changes in their JSON form: `on_account` is left out unless it is true."""
    for row in found:
        if not row["on_account"]:
            del row["on_account"]
    return found


@paginated({"id": StatusChange.id}, finish=_finish)
def _moves(_actor: Actor, *, ticket_id: int) -> Select:
    return (
        select(
            StatusChange.id,
            StatusChange.from_status,
            StatusChange.to_status,
            StatusChange.reason,
            StatusChange.on_account,
            StatusChange.at,
            func.coalesce(Mechanic.name, Customer.name).label("changed_by"),
        )
        .outerjoin(Mechanic, Mechanic.account_id == StatusChange.account_id)
        .outerjoin(Customer, Customer.account_id == StatusChange.account_id)
        .where(StatusChange.ticket_id == ticket_id)
    )
