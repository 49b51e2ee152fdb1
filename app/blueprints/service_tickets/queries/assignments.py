"""Queries for assignments, in the form of the API's answers."""

from sqlalchemy import Select, select

from app.actors import Actor
from app.database.statements import Row
from app.lists.pages import equals, filtered, paginated
from app.models import Assignment, Mechanic


@paginated({"id": Assignment.id})
def assignments(
    _actor: Actor | None = None,
    *,
    ticket_id: int | None = None,
    mechanic_id: int | None = None,
    assignment_id: int | None = None,
) -> Select:
    """Return a page of assignments, with the mechanic's name, the role and the minutes worked.

    Each id that is given is a filter.
    """
    return filtered(
        select(
            Assignment.id,
            Assignment.ticket_id,
            Assignment.mechanic_id,
            Mechanic.name.label("mechanic_name"),
            Assignment.role,
            Assignment.minutes_worked,
            Assignment.assigned_at,
        ).outerjoin(Mechanic, Mechanic.id == Assignment.mechanic_id),
        equals(Assignment.id, assignment_id),
        equals(Assignment.ticket_id, ticket_id),
        equals(Assignment.mechanic_id, mechanic_id),
    )


def assignment(assignment_id: int) -> Row:
    return assignments(assignment_id=assignment_id, sort="id", per_page=1)["items"][0]
