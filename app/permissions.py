"""Queries of the rows that an actor may see or change; any other row is answered with 404.

Routes check roles. These queries choose the rows, for lists and for single rows. A query is built once
for each role: `ACTOR_PLACEHOLDER` has an Actor of each role, with placeholders instead of its ids.
`actor_params` returns the ids of the real actor, to run the query with.
"""

from typing import Any

from sqlalchemy import Select, bindparam, select

from app.actors import Actor, Role
from app.clock import utc_now
from app.database.placeholders import Placeholder
from app.models import (
    ApprovalLink,
    Authorization,
    CannedJob,
    CreditNote,
    Customer,
    Invoice,
    Job,
    Mechanic,
    Part,
    Payment,
    ServiceTicket,
    Session,
    TicketLine,
    Vehicle,
)

WHO = ("account_id", "session_id", "customer_id", "mechanic_id")
ANYBODY: Any = [Placeholder(f"reader_{each}") for each in WHO]
ACTOR_PLACEHOLDER = {role: Actor(role, *ANYBODY) for role in Role}


def actor_params(actor: Actor | None) -> dict[str, Any]:
    """Return the values of an actor's ids for a query that was built with placeholders for them.

    The result is `{placeholder: id}`; it is empty for an anonymous request, whose actor is None.
    """
    return {} if actor is None else {f"reader_{each}": getattr(actor, each) for each in WHO}


def customers_visible_to(actor: Actor) -> Select[Customer]:
    """Select all customers for staff, their own row for customers; never erased or merged customers."""
    query = select(Customer).where(Customer.erased_at.is_(None), Customer.merged_into_id.is_(None))
    return query if actor.is_staff else query.where(Customer.id == actor.customer_id)


def vehicles_visible_to(actor: Actor) -> Select[Vehicle]:
    query = select(Vehicle)
    return query if actor.is_staff else query.where(Vehicle.customer_id == actor.customer_id)


def tickets_visible_to(actor: Actor) -> Select[ServiceTicket]:
    query = select(ServiceTicket)
    return query if actor.is_staff else query.where(ServiceTicket.customer_id == actor.customer_id)


def jobs_visible_to(actor: Actor) -> Select[Job]:
    """Select the jobs of the tickets that the actor may see."""
    return select(Job).where(Job.ticket_id.in_(_ticket_ids(actor)))


def lines_visible_to(actor: Actor) -> Select[TicketLine]:
    """Select the lines of the tickets that the actor may see."""
    return select(TicketLine).where(TicketLine.ticket_id.in_(_ticket_ids(actor)))


def _ticket_ids(actor):
    return tickets_visible_to(actor).with_only_columns(ServiceTicket.id)


def approval_links_visible_to(actor: Actor) -> Select[ApprovalLink]:
    """Select the approval links of the tickets that the actor may see."""
    return select(ApprovalLink).where(ApprovalLink.ticket_id.in_(_ticket_ids(actor)))


def authorizations_visible_to(actor: Actor) -> Select[Authorization]:
    """Select the authorizations of the tickets that the actor may see."""
    return select(Authorization).where(Authorization.ticket_id.in_(_ticket_ids(actor)))


def invoices_visible_to(actor: Actor) -> Select[Invoice]:
    """Select all invoices for staff, and their own for customers."""
    query = select(Invoice)
    return query if actor.is_staff else query.where(Invoice.customer_id == actor.customer_id)


def credit_notes_visible_to(actor: Actor) -> Select[CreditNote]:
    """Select all credit notes for staff, and their own for customers."""
    query = select(CreditNote)
    return query if actor.is_staff else query.where(CreditNote.customer_id == actor.customer_id)


def payments_visible_to(actor: Actor) -> Select[Payment]:
    """Select all payments and refunds for staff, and their own for customers."""
    query = select(Payment)
    return query if actor.is_staff else query.where(Payment.customer_id == actor.customer_id)


def canned_jobs_on_offer(_actor: Actor) -> Select[CannedJob]:
    """Select the canned jobs that are not retired."""
    return select(CannedJob).where(CannedJob.retired_at.is_(None))


def mechanics_visible_to(_actor: Actor) -> Select[Mechanic]:
    """Select all mechanics, for every actor; the response schema says which members an actor may see."""
    return select(Mechanic)


def sessions_of(actor: Actor) -> Select[Session]:
    """Select the actor's own live sessions; even a manager sees no sessions of other people."""
    return select(Session).where(
        Session.account_id == actor.account_id,
        Session.ended_at.is_(None),
        Session.expires_at > bindparam("now", callable_=utc_now),  # evaluated at each execution
    )


def mechanics_at_work(_actor: Actor) -> Select[Mechanic]:
    """Select the active mechanics, who can be assigned to a ticket."""
    return select(Mechanic).where(Mechanic.is_active)


def parts_in_catalogue(_actor: Actor | None) -> Select[Part]:
    """Select the parts that are not retired: the catalogue, which every caller may see."""
    return select(Part).where(Part.retired_at.is_(None))


def parts_on_file(_actor: Actor) -> Select[Part]:
    """Select all parts, including retired ones, which staff can put back into the catalogue."""
    return select(Part)
