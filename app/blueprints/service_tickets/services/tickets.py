"""Opening, changing, moving and deleting service tickets."""

from sqlalchemy import exists, or_, select

from app.actors import Actor
from app.blueprints.service_tickets.services.links import revoke_link_of
from app.blueprints.service_tickets.services.making import forget_revivals
from app.blueprints.service_tickets.services.moving import move, record
from app.blueprints.service_tickets.services.visitors import customer_named, vehicle_named
from app.blueprints.vehicles.services.odometer import log_visit
from app.database.session import db
from app.errors import Forbidden, Invalid, TicketInUse
from app.lookup import Versions, find
from app.models import (
    Authorization,
    HoldReason,
    Invoice,
    Job,
    Payment,
    ServiceTicket,
    StatusChange,
    TicketLine,
    TicketStatus,
)
from app.permissions import customers_visible_to, tickets_visible_to


def open_ticket(
    actor: Actor,
    *,
    customer_id: int | None = None,
    vehicle_id: int | None = None,
    vin: str | None = None,
    about_vehicle: dict | None = None,
    odometer_in: int | None = None,
    override_reason: str | None = None,
    status: str = TicketStatus.OPEN,
    **facts,
) -> int:
    """Open a ticket for a customer, usually with a vehicle, and return the ticket's id.

    Without `customer_id`, the customer is the actor or, for staff, the owner of the vehicle. The vehicle
    is that of `vehicle_id` or `vin`. A VIN that no vehicle has yet adds a vehicle to the customer, with
    the columns `about_vehicle` (make, model, year). `override_reason` says why the odometer reading
    `odometer_in` is right, though it does not fit the log. With another `status` than open, the new
    ticket is then moved to that status. Further keyword arguments are columns of the ticket.
    """
    if not actor.is_staff and facts.get("promised_at") is not None:
        raise Forbidden("Only the shop promises when a vehicle is ready; ask for a service_date.")
    customer = customer_named(actor, customer_id, vehicle_id, vin)
    vehicle = vehicle_named(actor, customer, vehicle_id, vin, **(about_vehicle or {}))
    if vehicle is None and odometer_in is not None:
        raise Invalid.at("/odometer_in", "Say of which vehicle, by vehicle_id or vin.")

    ticket = ServiceTicket(
        customer_id=customer.id,
        vehicle_id=vehicle and vehicle.id,
        status=TicketStatus.OPEN,
        odometer_in=odometer_in,
        **facts,
    )
    db.session.add(ticket)
    db.session.flush()
    record(actor, StatusChange(ticket_id=ticket.id, to_status=ticket.status))
    if odometer_in is not None:
        log_visit(actor, ticket, odometer_in, override_reason)
    if ticket.way_to(status) != (ticket.status,):
        move(actor, ticket, status)

    db.session.commit()
    return ticket.id


def change_ticket(
    actor: Actor,
    ticket_id: int,
    *,
    if_match: Versions = None,
    status: str | None = None,
    reason: str | None = None,
    hold_reason: HoldReason | None = None,
    override_reason: str | None = None,
    **facts,
) -> int:
    """Change the columns of a ticket that are given as keyword arguments, and return the ticket's id.

    `customer_id`, and `vehicle_id` or `vin`, give the ticket another customer or vehicle. If `status`
    differs from the ticket's status, move the ticket to it, with `reason` as a note in the history.
    `hold_reason` says why the ticket is on hold. `override_reason` says why an odometer reading is
    right, although it does not fit the other readings of the vehicle. Raise PreconditionFailed unless
    the ticket's version is in `if_match` (None: any version).
    """
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    if facts:
        ticket.must_not_be_over()

    read_before = ticket.vehicle_id, ticket.odometer_in
    of_whom = {
        name: facts.pop(name) for name in ("customer_id", "vehicle_id", "vin") if name in facts
    }
    if of_whom:
        _change_visitor(actor, ticket, **of_whom)
    for name, value in facts.items():
        setattr(ticket, name, value)
    if ticket.vehicle_id is None and ticket.odometer_in is not None:
        raise Invalid.at(
            "/odometer_in", "A reading is of a vehicle; without one, make it null, too."
        )
    if (ticket.vehicle_id, ticket.odometer_in) != read_before:
        log_visit(actor, ticket, ticket.odometer_in, override_reason)
    if status is not None and ticket.way_to(status) != (ticket.status,):
        move(actor, ticket, status, reason, hold_reason)
    elif hold_reason is not None:  # on hold already, now for this reason
        ticket.hold_reason = hold_reason

    db.session.commit()
    return ticket.id


def move_ticket(
    actor: Actor,
    ticket_id: int,
    *,
    if_match: Versions = None,
    to: str,
    reason: str | None = None,
    hold_reason: HoldReason | None = None,
    on_account: bool = False,
) -> int:
    """Move a ticket to the status `to`, and return the ticket's id.

    `reason` is a note for the history, and `hold_reason` says why the ticket is put on hold. Staff may
    make any legal move, but only a manager may reopen a cancelled ticket. Customers may only cancel an
    open ticket. Raise Forbidden otherwise, and IllegalTransition for an illegal move. Raise
    PreconditionFailed unless the ticket's version is in `if_match` (None: any version).
    """
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    move(actor, ticket, to, reason, hold_reason, on_account=on_account)
    db.session.commit()
    return ticket.id


def delete_ticket(actor: Actor, ticket_id: int, *, if_match: Versions = None) -> None:
    """Delete an open ticket without used parts, authorizations, payments and invoices.

    Raise TicketInUse for any other ticket, and PreconditionFailed unless the ticket's version is in
    `if_match` (None: any version).
    """
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    used = exists().where(TicketLine.ticket_id == ticket.id, TicketLine.used_at.is_not(None))
    in_use = db.session.scalar(select(or_(used, _is_settled(ticket))))
    if ticket.status is not TicketStatus.OPEN or in_use:
        raise TicketInUse()
    forget_revivals(select(Job.id).where(Job.ticket_id == ticket.id))
    if ticket.odometer_in is not None:
        log_visit(actor, ticket, None)
    db.session.delete(ticket)
    db.session.commit()


def _is_settled(ticket):
    """Return the SQL condition that a customer has decided on a ticket, paid for it or been invoiced."""
    return or_(
        exists().where(Authorization.ticket_id == ticket.id),
        exists().where(Payment.ticket_id == ticket.id),
        exists().where(Invoice.ticket_id == ticket.id),
    )


def _change_visitor(actor, ticket, *, customer_id=None, vehicle_id=..., vin=None):
    """Change the customer or the vehicle of a ticket; the vehicle must belong to the customer.

    The vehicle is that of `vehicle_id` or `vin`. If `vehicle_id` is None, the ticket gets no vehicle; if
    it is `...`, it was not sent. Raise TicketInUse if a customer has already decided on the ticket's
    jobs, because nobody else has agreed to them.
    """
    customer_id = customer_id or ticket.customer_id
    if vehicle_id is ... and vin is None:
        vehicle_id = ticket.vehicle_id
    if vin is None and (customer_id, vehicle_id) == (ticket.customer_id, ticket.vehicle_id):
        return
    ticket.must_be_workable()
    if db.session.scalar(select(_is_settled(ticket))):
        raise TicketInUse(
            "A customer has decided on it or paid: cancel it, and open another ticket."
        )
    customer = find(customers_visible_to, actor, customer_id, lock=True)
    vehicle = vehicle_named(actor, customer, None if vehicle_id is ... else vehicle_id, vin)
    after = customer.id, vehicle and vehicle.id
    if after != (ticket.customer_id, ticket.vehicle_id):
        revoke_link_of(ticket)
        _let_go_of_revived(ticket)
        ticket.customer_id, ticket.vehicle_id = after


def _let_go_of_revived(ticket):
    """Let the jobs that a ticket has revived wait again: they are work on another vehicle."""
    revived = select(Job).where(Job.ticket_id == ticket.id, Job.revived_from_id.is_not(None))
    for job in db.session.scalars(revived):
        job.revived_from_id = None
