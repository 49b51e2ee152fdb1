"""The query for the mechanics of tickets."""

from collections import defaultdict

from sqlalchemy import select

from app.database.prepared import IDS, PREPARED, Among
from app.database.statements import Row, fetch_tuples
from app.models import Assignment, Mechanic

CREWS = (
    select(
        Assignment.ticket_id,
        Mechanic.id,
        Mechanic.name,
        Assignment.role,
        Assignment.minutes_worked,
    )
    .join(Mechanic, Mechanic.id == Assignment.mechanic_id)
    .where(Among(Assignment.ticket_id, IDS))
    .order_by(Assignment.id)
    .execution_options(**PREPARED)
)


def on_crews(ticket_ids: list[int]) -> dict[int, list[Row]]:
    """Return the mechanics of each ticket: `{ticket_id: [{id, name, role, minutes_worked}]}`."""
    crews = defaultdict(list)
    for ticket_id, mechanic_id, name, role, minutes in fetch_tuples(CREWS, ids=ticket_ids):
        who = {"id": mechanic_id, "name": name, "role": role, "minutes_worked": minutes}
        crews[ticket_id].append(who)
    return crews
