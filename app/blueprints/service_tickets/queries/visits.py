"""The history of a vehicle: its tickets, including those of former owners, and its odometer readings."""

from sqlalchemy import Select, bindparam, select

from app.actors import Actor
from app.blueprints.service_tickets.queries.tickets import KEY, SORTS, from_cache
from app.blueprints.vehicles.queries import vehicle
from app.database.statements import fetch
from app.lists.pages import paginated
from app.models import OdometerReading, ServiceTicket

READINGS = (
    select(
        OdometerReading.reading,
        OdometerReading.override_reason,
        OdometerReading.ticket_id,
        OdometerReading.at,
    )
    .where(OdometerReading.vehicle_id == bindparam("vehicle_id"))
    .order_by(OdometerReading.at.desc(), OdometerReading.id.desc())
    .limit(100)
)


@paginated(SORTS, finish=from_cache)
def visits(_actor: Actor, *, vehicle_id: int) -> Select:
    """Select a vehicle's tickets, without checking whether the actor may see the vehicle.

    Callers get a page of them (see `paginated`).
    """
    return select(*KEY).where(ServiceTicket.vehicle_id == vehicle_id)


def vehicle_history(actor: Actor, vehicle_id: int, **page) -> dict:
    """Return a page of a vehicle's tickets, with its last 100 odometer readings as `odometer`.

    Tickets of former owners are included. Raise NotFound if the actor may not see the vehicle.
    """
    vehicle(actor, vehicle_id)
    found = visits(actor, vehicle_id=vehicle_id, **page)
    return found | {"odometer": fetch(READINGS, vehicle_id=vehicle_id)}
