"""The odometer log of a vehicle: readings made at visits (tickets), and readings between visits.

When the reading of a ticket is corrected or removed, or the ticket is deleted, the log changes, too. The
vehicle's `odometer` is always the latest reading in the log.
"""

from sqlalchemy import Select, exists, select, tuple_

from app.actors import Actor
from app.clock import utc_now
from app.database.prepared import MAX_ID
from app.database.session import db
from app.lookup import find
from app.models import OdometerReading, ServiceTicket, Vehicle

IN_TIME = tuple_(OdometerReading.at, OdometerReading.id)


def read_odometer(
    actor: Actor, vehicle: Vehicle, reading: int, override_reason: str | None = None
) -> None:
    """Add an odometer reading that was not made at a visit; the vehicle must be locked.

    Raise OdometerLower if it is lower than the last one, unless `override_reason` says why it is right.
    """
    line = OdometerReading(vehicle_id=vehicle.id, at=utc_now())
    _write(actor, line, reading, override_reason)
    _show_latest(vehicle)


def log_leaving(
    actor: Actor, vehicle_id: int, reading: int, override_reason: str | None = None
) -> None:
    """Add the odometer reading with which a vehicle leaves the shop; the vehicle is locked here.

    Raise OdometerLower as `read_odometer` does.
    """
    vehicle = find(_any_vehicle, actor, vehicle_id, lock=True)
    read_odometer(actor, vehicle, reading, override_reason)


def log_visit(
    actor: Actor, ticket: ServiceTicket, reading: int | None, override_reason: str | None = None
) -> None:
    """Set the odometer reading of a visit (a ticket) in the log, or delete it if `reading` is None.

    If the ticket has got another vehicle, the reading moves to the log of that vehicle. Raise
    OdometerLower if the reading does not fit the log, unless `override_reason` says why it is right.
    """
    line = db.session.scalar(select(OdometerReading).where(OdometerReading.ticket_id == ticket.id))
    vehicle_ids = {ticket.vehicle_id, line.vehicle_id if line else None}
    vehicles = [
        find(_any_vehicle, actor, each, lock=True) for each in sorted(filter(None, vehicle_ids))
    ]
    if reading is not None:
        line = line or OdometerReading(ticket_id=ticket.id, at=_when(ticket))
        line.vehicle_id = ticket.vehicle_id
        _write(actor, line, reading, override_reason)
    elif line is not None:
        db.session.delete(line)
        db.session.flush()
    for vehicle in vehicles:
        _show_latest(vehicle)


def _any_vehicle(_actor: Actor) -> Select:
    """Select all vehicles, whoever owns them.

    The vehicle of a ticket may belong to another customer by now, whose vehicles the actor may not see.
    """
    return select(Vehicle)


def _when(ticket):
    """Return the time at which the odometer reading of a ticket is entered in the log.

    This is the present time or, if a later ticket of the vehicle has a reading already, `opened_at`.
    """
    later = exists().where(
        OdometerReading.vehicle_id == ticket.vehicle_id,
        OdometerReading.ticket_id == ServiceTicket.id,
        tuple_(ServiceTicket.opened_at, ServiceTicket.id) > (ticket.opened_at, ticket.id),
    )
    return ticket.opened_at if db.session.scalar(select(later)) else utc_now()


def _write(actor, line, reading, override_reason):
    """Set the reading of `line`, an entry of the odometer log, and save the entry.

    Raise OdometerLower if the reading is lower than the one before or higher than the one after, unless
    `override_reason` says why it is right.
    """
    of_vehicle = select(OdometerReading.reading).where(
        OdometerReading.vehicle_id == line.vehicle_id
    )
    here = (line.at, line.id or MAX_ID)
    with db.session.no_autoflush:
        before = db.session.scalar(_newest_first(of_vehicle.where(here > IN_TIME)))
        after = db.session.scalar(
            of_vehicle.where(here < IN_TIME)
            .order_by(OdometerReading.at, OdometerReading.id)
            .limit(1)
        )
    line.reading, line.account_id = reading, actor.account_id
    line.lie_between(before, after, override_reason)
    db.session.add(line)
    db.session.flush()


def _show_latest(vehicle):
    of_vehicle = select(OdometerReading.reading).where(OdometerReading.vehicle_id == vehicle.id)
    vehicle.odometer = db.session.scalar(_newest_first(of_vehicle))


def _newest_first(readings: Select) -> Select:
    return readings.order_by(OdometerReading.at.desc(), OdometerReading.id.desc()).limit(1)
