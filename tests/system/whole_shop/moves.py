"""The expected moves of tickets from one status to another, and their effects."""

from datetime import date

from tests.system.whole_shop.balances import paid
from tests.system.whole_shop.book import CLOSED, OVER, Book
from tests.system.whole_shop.charges import charges_of
from tests.system.whole_shop.closing import must_be_settled
from tests.system.whole_shop.decisions import revoke_link_of
from tests.system.whole_shop.money_rows import Invoice, today
from tests.system.whole_shop.order import Order, demand_consent
from tests.system.whole_shop.step import FORBIDDEN, INVALID, SIGNED_IN, Refused, act, conflict
from tests.system.whole_shop.terms import terms_of

MOVES = {
    "open": {"in_progress", "cancelled"},
    "in_progress": {"on_hold", "ready", "cancelled"},
    "on_hold": {"in_progress", "cancelled"},
    "ready": {"in_progress", "invoiced", "closed"},
    "invoiced": {"closed"},
    "closed": set(),
    "cancelled": set(),
}
BACK = {"in_progress": {"open"}, "cancelled": {"open"}}
HOLD_REASONS = ("parts", "customer", "sublet", "bay")


@act("POST", "/service-tickets/{ticket}/transitions", SIGNED_IN, 201)
def move(book: Book, step):
    said = step.said
    if "on_account" in said and way_to("open", said["to"]) != ("closed",):
        raise INVALID
    ticket = book.ticket(step, step.at["ticket"])
    if said.get("on_account") and book.actor(step).role != "manager":
        raise FORBIDDEN
    way = way_to(ticket.status, said["to"])
    may_go(book, step, ticket.status, way, said, ticket)
    go(book, ticket, way, said)


def way_to(start, word):
    """Return the statuses that a word leads to, in any case and spelling.

    From an open ticket, `completed` leads through two of them.
    """
    word = word.strip().lower().replace(" ", "_").replace("-", "_")
    if word == "completed":
        return ("in_progress", "ready") if start == "open" else ("ready",)
    return ("open" if word == "pending" else word,)


def may_go(book, step, start, way, said=None, ticket=None):
    """Refuse a way unless each move is legal and the actor may make it; moves back need a reason."""
    for n, end in enumerate(() if way == (start,) and ticket is None else way):
        if not book.is_staff(step) and (start, end) != ("open", "cancelled"):
            raise FORBIDDEN
        reopens = (start, end) == ("cancelled", "open")
        if reopens and book.actor(step).role != "manager":
            raise FORBIDDEN
        if end not in MOVES[start] | BACK.get(start, set()):
            raise conflict("illegal_transition")
        last = n == len(way) - 1
        if end in BACK.get(start, ()) and not (last and said and said.get("reason")):
            raise INVALID
        if end == "invoiced":
            must_be_invoiceable(book, ticket)
        if end == "closed":
            must_be_settled(book, ticket, on_account=said.get("on_account", False))
        if reopens and not book.people[ticket.owner].active:
            raise CLOSED
        start = end


def must_be_invoiceable(book, ticket):
    """Refuse an invoice while parts are planned, below zero, or without consent in a strict shop."""
    planned = [
        line.name
        for line in ticket.lines
        if line.part_id and not line.used_at and not ticket.jobs[line.job_id].is_turned_down
    ]
    if planned:
        raise Refused(409, "unused_parts", {"line_ids": sorted(planned, key=in_number)})
    if (total := Order(book, ticket).price.total) < 0:
        raise Refused(409, "negative_total", {"total_cents": total})
    demand_consent(book, ticket)


def in_number(name):
    return int(name.split()[-1])


def invoice(book, ticket, due):
    """Issue the invoice of a ticket, which is priced with the taxes and supplies of today from then on.

    `due` is the day on which it is due, or None for today.
    """
    order = Order(book, ticket)
    ticket.frozen = order.terms
    made = Invoice(
        name=book.next("invoice"),
        ticket=ticket.name,
        customer=ticket.owner,
        totals=order.totals(),
        paid_before=paid(book, ticket),
        on=today(),
        due=date.fromisoformat(due) if due else today(),
        by=book.who,
        charges=charges_of(order),
    )
    for each in made.charges:
        each.name = book.next("charge")
    book.invoices[made.name] = made


def go(book, ticket, way, said):
    for n, to in enumerate(way):
        if to == ticket.status:
            continue
        if to == "invoiced":
            invoice(book, ticket, said.get("due_on"))
        if to == "closed":
            ticket.frozen = terms_of(book, ticket)  # those of the invoice, if there is one
            ticket.on_account = said.get("on_account", False)
            ticket.closed = today()
        last = n == len(way) - 1
        reason = (said.get("hold_reason") or said.get("reason")) if last else None
        ticket.history.append(to)
        ticket.hold_reason = reason if to == "on_hold" and reason in HOLD_REASONS else None
        car = book.vehicles.get(ticket.vehicle or "")
        ticket.kept_vin = car.vin if car and to in OVER else None
        if to == "cancelled":
            revoke_link_of(book, ticket)
        book.touch(ticket)
