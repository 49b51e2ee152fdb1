"""Assigning mechanics to a ticket, and using parts on it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import func, select

from app.actors import Actor
from app.blueprints.inventory.stock import record_movement, take_from_shelf
from app.blueprints.service_tickets.services.consent import must_be_authorized
from app.blueprints.service_tickets.services.lines import (
    add_line_of_part,
    job_that_takes,
    take_all_back,
)
from app.blueprints.service_tickets.services.locked import workable_ticket
from app.database.session import db
from app.errors import AlreadyAssigned, Forbidden, Invalid, NotFound, TicketFull
from app.lookup import Versions, find
from app.models import Assignment, Mechanic, MovementReason, Part, TicketLine
from app.models.service_tickets import MOST_MECHANICS
from app.models.shop import Policy
from app.models.ticket_lines import MAX_QUANTITY
from app.permissions import (
    mechanics_at_work,
    mechanics_visible_to,
    tickets_visible_to,
)
from app.quantities import Number


class UsedPart(NamedTuple):
    """A part that a request has used: its line, the part, and the mechanic who has installed it."""

    line: TicketLine
    part: Part
    installer: Mechanic | None


NO_TERMS = {"part_id", "quantity_used", "pointer"}


def assign_mechanic(
    actor: Actor, ticket_id: int, mechanic_id: int, *, if_match: Versions = None, **terms
) -> int:
    """Assign a mechanic to a ticket, or change the assignment; return the ticket's id.

    The keyword arguments `role` and `minutes_worked` are set, if given. Raise TicketClosed if the
    ticket's status does not allow this, and PreconditionFailed unless the ticket's version is in
    `if_match` (None: any version).
    """
    ticket = workable_ticket(actor, ticket_id, if_match)
    _assign(actor, ticket, mechanic_id, terms)
    db.session.commit()
    return ticket.id


def add_assignment(
    actor: Actor, *, ticket_id: int, mechanic_id: int, if_match: Versions = None, **terms
) -> int:
    """Assign a mechanic to a ticket and return the assignment's id, or raise AlreadyAssigned.

    The keyword arguments `role` and `minutes_worked` are set, if given. Raise TicketClosed if the
    ticket's status does not allow this, and PreconditionFailed unless the ticket's version is in
    `if_match` (None: any version).
    """
    ticket = workable_ticket(actor, ticket_id, if_match)
    if _assignment(ticket, mechanic_id) is not None:
        raise AlreadyAssigned()
    assignment = _assign(actor, ticket, mechanic_id, terms)
    db.session.commit()
    return assignment.id


def remove_mechanic(
    actor: Actor, ticket_id: int, mechanic_id: int, *, if_match: Versions = None
) -> int:
    """Remove a mechanic from a ticket and return the ticket's id.

    Raise NotFound if the mechanic is not assigned to the ticket. Raise TicketClosed if the ticket's
    status does not allow this, and PreconditionFailed unless the ticket's version is in `if_match`
    (None: any version).
    """
    ticket = workable_ticket(actor, ticket_id, if_match)
    assignment = _assignment(ticket, mechanic_id)
    if assignment is None:
        raise NotFound(f"Mechanic {mechanic_id} is not on ticket {ticket_id}.")
    db.session.delete(assignment)
    db.session.commit()
    return ticket.id


def edit_work(
    actor: Actor,
    ticket_id: int,
    *,
    if_match: Versions = None,
    add_ids: Iterable[int] = (),
    remove_ids: Iterable[int] = (),
    add_parts: Iterable[dict] = (),
    add_part_ids: Iterable[int] = (),
    remove_part_ids: Iterable[int] = (),
    problem_description: str | None = None,
    **terms,
) -> int:
    """Add mechanics and parts to a ticket and remove others, all or nothing; return the ticket's id.

    `add_ids` and `remove_ids` are ids of mechanics; the keyword arguments `role` and `minutes_worked`
    apply to the added ones. `add_parts` are parts to use, each as loaded by NamedPartUse, and
    `add_part_ids` are ids of parts to use a quantity of 1 of. `remove_part_ids` are ids of parts of
    which all lines are removed.

    A mechanic who is listed twice is added once. Parts are added and removed in order of id, so that two
    requests can't deadlock. Raise TicketClosed if the ticket's status does not allow this, and
    PreconditionFailed unless the ticket's version is in `if_match` (None: any version).
    """
    if not actor.is_staff:
        raise Forbidden("Only the shop puts mechanics and parts on a ticket.")
    ticket = workable_ticket(actor, ticket_id, if_match)
    if problem_description is not None:
        find(tickets_visible_to, actor, ticket_id).problem_description = problem_description
    for mechanic_id in sorted(set(remove_ids)):
        find(mechanics_visible_to, actor, mechanic_id)
        assignment = _assignment(ticket, mechanic_id)
        if assignment is not None:
            db.session.delete(assignment)
    db.session.flush()
    for mechanic_id in sorted(set(add_ids)):
        _assign(actor, ticket, mechanic_id, terms)
    once = ({"part_id": part_id, "quantity_used": 1} for part_id in add_part_ids)
    coming, going = _merged([*add_parts, *once]), set(remove_part_ids)
    used: set[int | None] = set()
    policy = None
    for part_id in sorted({*going, *(each for (each, _), _ in coming)}):
        if part_id in going:
            take_all_back(actor, ticket, part_id)
        for (used_id, of_line), quantities in coming:
            if used_id == part_id:
                made, policy = _use(actor, ticket, part_id, quantities, dict(of_line))
                used.add(made.line.job_id)
    if used:
        must_be_authorized(ticket.id, used, policy)
    db.session.commit()
    return ticket.id


def use_part(
    actor: Actor,
    ticket_id: int,
    part_id: int,
    *,
    if_match: Versions = None,
    quantity_used: Number = 1,
    **terms,
) -> UsedPart:
    """Use a part on a ticket: add a line, take the part out of stock, and return both.

    Further keyword arguments are price, warranty, mechanic and job, as loaded by PartUse. Raise
    OutOfStock if the stock is too low, JobDeclined if the customer has declined or deferred the job, and
    NotAuthorized if the job is not authorized and the shop's policy is `strict`. Raise TicketClosed if
    the ticket's status does not allow this, and PreconditionFailed unless the ticket's version is in
    `if_match` (None: any version).
    """
    ticket = workable_ticket(actor, ticket_id, if_match)
    used, policy = _use(actor, ticket, part_id, [(quantity_used, "/quantity_used")], terms)
    must_be_authorized(ticket.id, [used.line.job_id], policy)
    db.session.commit()
    return used


def use_parts(
    actor: Actor, ticket_id: int, uses: list[dict], *, if_match: Versions = None
) -> list[UsedPart]:
    """Use several parts on a ticket, all or none, and return them with their new lines.

    `uses` is `[{part_id, quantity_used, ...}]`, with price, warranty, mechanic and job of each part.
    Parts are used in order of id, so that two requests for the same parts can't deadlock. Raise
    OutOfStock if the stock of a part is too low, and the other errors of `use_part`. Raise
    PreconditionFailed unless the ticket's version is in `if_match` (None: any version).
    """
    ticket = workable_ticket(actor, ticket_id, if_match)
    used, policy = [], None
    for (part_id, terms), quantities in _merged(uses):
        one, policy = _use(actor, ticket, part_id, quantities, dict(terms))
        used.append(one)
    must_be_authorized(ticket.id, {each.line.job_id for each in used}, policy)
    db.session.commit()
    return used


def _assignment(ticket, mechanic_id):
    return db.session.scalar(
        select(Assignment).where(
            Assignment.ticket_id == ticket.id, Assignment.mechanic_id == mechanic_id
        )
    )


def _assign(actor, ticket, mechanic_id, terms):
    mechanic = find(mechanics_at_work, actor, mechanic_id)
    assignment = _assignment(ticket, mechanic.id)
    if assignment is None:
        on_it = select(func.count()).where(Assignment.ticket_id == ticket.id)
        if (db.session.scalar(on_it) or 0) >= MOST_MECHANICS:
            raise TicketFull()
        assignment = Assignment(ticket_id=ticket.id, mechanic_id=mechanic.id)
        db.session.add(assignment)
    for name, value in terms.items():
        setattr(assignment, name, value)
    db.session.flush()
    return assignment


def _use(actor, ticket, part_id, quantities, terms) -> tuple[UsedPart, Policy]:
    """Take a part out of stock, and add a line for it to a ticket; return both, and the shop's policy.

    The policy is that on authorizations, read together with the line. `quantities` are pairs `(quantity,
    pointer)`, with the JSON pointer to each quantity in the request; the line gets their sum. `terms`
    are price, warranty, mechanic and job.
    """
    installer: Mechanic | None = None
    if terms.get("installed_by_mechanic_id") is not None:
        mechanic_id = terms["installed_by_mechanic_id"]
        installer = find(mechanics_visible_to, actor, mechanic_id, detached=True)
    if terms.get("job_id") is not None:
        terms["job_id"] = job_that_takes(actor, ticket, terms["job_id"])
    moved = take_from_shelf(actor, part_id, quantities)
    line = ticket.use(moved.part, -moved.quantity, **terms)
    policy = add_line_of_part(actor, ticket, line)
    about = {"ticket_id": ticket.id, "line_id": line.id}
    record_movement(actor, moved, MovementReason.USED, **about)
    return UsedPart(line, moved.part, installer), policy


def _merged(uses):
    """Return `uses` grouped by part and terms, in order of part id: `[((part_id, terms), quantities)]`.

    `uses` are those of `use_parts`, and `quantities` are pairs as in `_use`. The terms are price,
    warranty and mechanic. Raise Invalid if the sum of a group exceeds 10,000.
    """
    lines = defaultdict(list)
    for part in uses:
        terms = tuple((name, part[name]) for name in sorted(part.keys() - NO_TERMS))
        pointer = part.get("pointer", "") + "/quantity_used"
        lines[part["part_id"], terms].append((part["quantity_used"], pointer))
    in_all = (sum(quantity for quantity, _ in each) for each in lines.values())
    if max(in_all, default=0) > MAX_QUANTITY:
        raise Invalid.at("/parts", f"At most {MAX_QUANTITY} of one part at once.")
    return sorted(lines.items(), key=lambda line: line[0][0])
