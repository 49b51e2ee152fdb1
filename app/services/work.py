"""The work on a ticket: which mechanics are on it, and which parts go into it."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select

from app.actors import Actor
from app.errors import AlreadyAssigned, Forbidden, Invalid, NotFound
from app.extensions import db
from app.models import (
    Assignment,
    MovementReason,
    Part,
    ServiceTicket,
    TicketPart,
    TicketStatus,
)
from app.models.service_tickets import MAX_QUANTITY_USED
from app.permissions import (
    mechanics_at_work,
    mechanics_visible_to,
    parts_in_catalogue,
    tickets_visible_to,
)
from app.services.steps import Versions, find, move_stock, move_version, write_down


def assign_mechanic(
    actor: Actor, ticket_id: int, mechanic_id: int, *, if_match: Versions = None, **terms
) -> int:
    """Put a mechanic on a ticket; who is on it already only gets new terms."""
    ticket = _workable(actor, ticket_id, if_match)
    _assign(actor, ticket, mechanic_id, terms)
    db.session.commit()
    return ticket.id


def add_assignment(
    actor: Actor, *, ticket_id: int, mechanic_id: int, if_match: Versions = None, **terms
) -> int:
    """Put a mechanic on a ticket, or AlreadyAssigned."""
    ticket = _workable(actor, ticket_id, if_match)
    if _assignment(ticket, mechanic_id) is not None:
        raise AlreadyAssigned()
    assignment = _assign(actor, ticket, mechanic_id, terms)
    db.session.commit()
    return assignment.id


def remove_mechanic(
    actor: Actor, ticket_id: int, mechanic_id: int, *, if_match: Versions = None
) -> int:
    """Take a mechanic off a ticket."""
    ticket = _workable(actor, ticket_id, if_match)
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
    """Put mechanics and parts on a ticket and take others off, all or nothing.

    Mechanics twice are the same as once. Parts go by ascending id, those that come and those that go.
    """
    if not actor.is_staff:
        raise Forbidden("Only the shop puts mechanics and parts on a ticket.")
    ticket = _workable(actor, ticket_id, if_match)
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
    for part_id in sorted({*going, *(part["part_id"] for part in coming)}):
        if part_id in going:
            _take_off(actor, ticket, part_id)
        for part in coming:
            if part["part_id"] == part_id:
                _use(actor, ticket, part_id, part["quantity_used"], part["terms"])
    db.session.commit()
    return ticket.id


def use_part(
    actor: Actor,
    ticket_id: int,
    part_id: int,
    *,
    if_match: Versions = None,
    quantity_used: int = 1,
    **terms,
) -> int:
    """A line on the bill and a movement off the shelf, or neither."""
    ticket = _workable(actor, ticket_id, if_match)
    line = _use(actor, ticket, part_id, quantity_used, terms)
    db.session.commit()
    return line.id


def use_parts(
    actor: Actor, ticket_id: int, wanted: list[dict], *, if_match: Versions = None
) -> list[int]:
    """Several parts at once, all or nothing: `[{part_id, quantity_used, ...}]`.

    By ascending part, so that two tickets that want the same parts in another order can't deadlock.
    """
    ticket = _workable(actor, ticket_id, if_match)
    lines = [
        _use(actor, ticket, part["part_id"], part["quantity_used"], part["terms"])
        for part in _merged(wanted)
    ]
    db.session.commit()
    return [line.id for line in lines]


def return_part(actor: Actor, ticket_id: int, part_id: int, *, if_match: Versions = None) -> None:
    """Take a part off a ticket, all its lines; the stock comes back, from a cancelled one too."""
    ticket = _locked(actor, ticket_id, if_match)
    if ticket.status is not TicketStatus.CANCELLED:
        ticket.must_be_workable()
    _take_off(actor, ticket, part_id)
    db.session.commit()


def _take_off(actor, ticket, part_id):
    """All lines of a part; the stock comes back."""
    lines = db.session.scalars(
        select(TicketPart).where(TicketPart.ticket_id == ticket.id, TicketPart.part_id == part_id)
    ).all()
    if not lines:
        raise NotFound(f"Part {part_id} is not on ticket {ticket.id}.")
    returned = sum(line.quantity_used for line in lines)
    for line in lines:
        db.session.delete(line)
    db.session.flush()
    move_stock(actor, part_id, returned, MovementReason.RETURNED, ticket_id=ticket.id)


def _workable(actor, ticket_id, if_match=None) -> ServiceTicket:
    """The ticket, locked before anything of it is, open to work, and with a new version."""
    ticket = _locked(actor, ticket_id, if_match)
    ticket.must_be_workable()
    return ticket


def _locked(actor, ticket_id, if_match) -> ServiceTicket:
    """A copy: what goes on and off a ticket moves its version, and changes nothing else of its row."""
    how = {"lock": True, "if_match": if_match, "follow": False}
    ticket = find(tickets_visible_to, actor, ticket_id, **how)
    move_version(ticket)
    return ticket


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
        assignment = Assignment(ticket_id=ticket.id, mechanic_id=mechanic.id)
        db.session.add(assignment)
    for name, value in terms.items():
        setattr(assignment, name, value)
    db.session.flush()
    return assignment


def _use(actor, ticket, part_id, quantity_used, terms):
    part: Part = find(parts_in_catalogue, actor, part_id, follow=False)
    if terms.get("installed_by_mechanic_id") is not None:
        find(mechanics_visible_to, actor, terms["installed_by_mechanic_id"], follow=False)
    line = ticket.use(part, quantity_used, **terms)
    write_down(line)
    about = {"ticket_id": ticket.id, "line_id": line.id}
    move_stock(actor, part.id, -quantity_used, MovementReason.USED, **about)
    return line


def _merged(wanted):
    """The same part on the same terms is one line."""
    quantities: Counter = Counter()
    for part in wanted:
        terms = {name: part[name] for name in sorted(part.keys() - {"part_id", "quantity_used"})}
        quantities[part["part_id"], tuple(terms.items())] += part["quantity_used"]
    if max(quantities.values(), default=0) > MAX_QUANTITY_USED:
        raise Invalid.at("/parts", f"At most {MAX_QUANTITY_USED} of one part at once.")
    return [
        {"part_id": part_id, "quantity_used": quantity, "terms": dict(terms)}
        for (part_id, terms), quantity in sorted(quantities.items(), key=lambda item: item[0][0])
    ]
