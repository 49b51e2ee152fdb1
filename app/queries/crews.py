"""Who is on which ticket."""

from collections import defaultdict

from sqlalchemy import bindparam, select

from app.models import Assignment, Mechanic
from app.queries.pages import Row, rows

CREWS = (
    select(
        Assignment.ticket_id,
        Mechanic.id,
        Mechanic.name,
        Assignment.role,
        Assignment.minutes_worked,
    )
    .join(Mechanic, Mechanic.id == Assignment.mechanic_id)
    .where(Assignment.ticket_id.in_(bindparam("ids", expanding=True)))
    .order_by(Assignment.id)
)


def on_crews(ticket_ids: list[int]) -> dict[int, list[Row]]:
    """The mechanics of each of these tickets."""
    crews = defaultdict(list)
    for row in rows(CREWS, ids=ticket_ids):
        crews[row.pop("ticket_id")].append(row)
    return crews
