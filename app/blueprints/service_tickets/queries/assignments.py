"""Queries for assignments of mechanics to tickets; they return what the API's responses contain."""

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
    """Select assignments, each with the mechanic's name, the role and the minutes worked.

    Each id that is given must match. Callers get a page of them (see `paginated`).
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
