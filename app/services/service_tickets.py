"""The life of a service ticket: opening, changing, moving, deleting it."""

from sqlalchemy import exists, select

from app.actors import Actor
from app.errors import Forbidden, NotFound, TicketInUse
from app.extensions import db
from app.models import HoldReason, ServiceTicket, StatusChange, TicketPart, TicketStatus, Vehicle
from app.permissions import customers_visible_to, tickets_visible_to, vehicles_visible_to
from app.services.steps import Versions, find, log_odometer


def open_ticket(
    actor: Actor,
    *,
    vehicle_id: int | None = None,
    vin: str | None = None,
    customer_id: int | None = None,
    override_reason: str | None = None,
    **facts,
) -> int:
    """Open a ticket on a vehicle, named by its id or its VIN, for the customer who owns it."""
    if customer_id is not None:
        find(customers_visible_to, actor, customer_id)
    vehicle = _vehicle(actor, vehicle_id, vin, customer_id)

    ticket = ServiceTicket(customer_id=vehicle.customer_id, vehicle_id=vehicle.id, **facts)
    db.session.add(ticket)
    db.session.flush()
    _record(actor, StatusChange(ticket_id=ticket.id, to_status=ticket.status))
    _read_odometer(actor, ticket, vehicle, override_reason)

    db.session.commit()
    return ticket.id


def change_ticket(
    actor: Actor,
    ticket_id: int,
    *,
    if_match: Versions = None,
    status: TicketStatus | None = None,
    reason: str | None = None,
    hold_reason: HoldReason | None = None,
    override_reason: str | None = None,
    **facts,
) -> int:
    """Change what is known of a ticket; another `status` is a move like any other."""
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    if facts:
        ticket.must_not_be_over()

    read_before = ticket.odometer_in
    for name, value in facts.items():
        setattr(ticket, name, value)
    if ticket.odometer_in != read_before:
        vehicle = find(_any_vehicle, actor, ticket.vehicle_id, lock=True)
        _read_odometer(actor, ticket, vehicle, override_reason)
    if status is not None and status != ticket.status:
        _record(actor, ticket.move_to(status, reason, hold_reason))

    db.session.commit()
    return ticket.id


def move_ticket(
    actor: Actor,
    ticket_id: int,
    *,
    if_match: Versions = None,
    to: TicketStatus,
    reason: str | None = None,
    hold_reason: HoldReason | None = None,
) -> int:
    """Take one step; staff any legal one, the owner may only cancel what has not been begun."""
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    unbegun = ticket.status is TicketStatus.OPEN and to is TicketStatus.CANCELLED
    if not actor.is_staff and not unbegun:
        raise Forbidden("You may cancel your ticket while it is open; ask the shop for the rest.")

    _record(actor, ticket.move_to(to, reason, hold_reason))

    db.session.commit()
    return ticket.id


def delete_ticket(actor: Actor, ticket_id: int, *, if_match: Versions = None) -> None:
    """Delete a ticket opened by mistake: open, and without used parts. Any other is cancelled."""
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    used = db.session.scalar(select(exists().where(TicketPart.ticket_id == ticket.id)))
    if ticket.status is not TicketStatus.OPEN or used:
        raise TicketInUse()
    db.session.delete(ticket)
    db.session.commit()


def _vehicle(actor, vehicle_id, vin, customer_id):
    """The vehicle meant, locked because its odometer may move; it must be its customer's own."""
    if vehicle_id is not None:
        vehicle = find(vehicles_visible_to, actor, vehicle_id, lock=True)
        if customer_id not in (None, vehicle.customer_id):
            raise NotFound(f"There is no vehicle {vehicle_id}.")
        return vehicle
    query = vehicles_visible_to(actor)
    if customer_id is not None:
        query = query.where(Vehicle.customer_id == customer_id)
    vehicle = db.session.scalar(
        query.where(Vehicle.vin == (vin or "").upper()).with_for_update(of=Vehicle, key_share=True)
    )
    if vehicle is None:
        raise NotFound(f"There is no vehicle {vin}; put it on file first.")
    return vehicle


def _record(actor, step):
    step.account_id = actor.account_id
    db.session.add(step)


def _read_odometer(actor, ticket, vehicle, override_reason):
    if ticket.odometer_in is not None and ticket.odometer_in != vehicle.odometer:
        log_odometer(actor, vehicle, ticket.odometer_in, override_reason, ticket_id=ticket.id)


def _any_vehicle(_actor):
    """That of a ticket, whose ever it is by now."""
    return select(Vehicle)
