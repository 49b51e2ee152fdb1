"""The expected answers of reads: lists have exactly the rows that the reader may see."""

import re

from app.folding import folded, sort_key
from tests.system.whole_shop.book import Book
from tests.system.whole_shop.step import ANYONE, SIGNED_IN, STAFF, Refused, act

PAGE = 100


@act("GET", "/customers", STAFF)
def see_customers(book: Book, step):
    q, found, first = step.query.get("q"), [], []
    for each in book.customers.values():
        texts, whole = [each.called], [each.email, each.facts.get("phone")]
        for car in book.vehicles.values():
            whole += [car.vin, car.facts.get("license_plate")] if car.owner == each.name else []
        if each.active and holds([*texts, *whole], q):
            found.append(each)
            if q and bare(q) in [bare(text) for text in whole if text]:
                first.append(each.name)
    show(book, step, found)
    book.shown.sort(key=lambda name: name not in first)


@act("GET", "/customers/{customer}", SIGNED_IN)
def see_customer(book: Book, step):
    """Read a customer; one who was merged redirects to the other, if the reader may see that one."""
    found = book.customers.get(step.at["customer"])
    if found and found.merged_into:
        book.customer(step, found.merged_into)
        raise Refused(308, "merged")
    book.customer(step, step.at["customer"])


@act("GET", "/customers/{customer}/vehicles", SIGNED_IN)
def see_vehicles_of(book: Book, step):
    owner = book.customer(step, step.at["customer"])
    show(book, step, [each for each in book.vehicles.values() if each.owner == owner.name])


@act("GET", "/vehicles", SIGNED_IN)
def see_vehicles(book: Book, step):
    show(book, step, own(book, step, book.vehicles))


@act("GET", "/vehicles/{vehicle}", SIGNED_IN)
def see_vehicle(book: Book, step):
    book.vehicle(step, step.at["vehicle"])


@act("GET", "/vehicles/{vehicle}/history", SIGNED_IN)
def see_visits(book: Book, step):
    vehicle = book.vehicle(step, step.at["vehicle"])
    visits = [each for each in book.tickets.values() if each.vehicle == vehicle.name]
    show(book, step, visits[::-1])


@act("GET", "/service-tickets", SIGNED_IN)
def see_tickets(book: Book, step):
    show(book, step, tickets(book, step)[::-1])


@act("GET", "/customers/my-tickets", ("customer",))
def see_my_tickets(book: Book, step):
    show(book, step, tickets(book, step)[::-1])


@act("GET", "/service-tickets/{ticket}", SIGNED_IN)
def see_ticket(book: Book, step):
    book.ticket(step, step.at["ticket"])


@act("GET", "/service-tickets/{ticket}/parts", SIGNED_IN)
def see_lines(book: Book, step):
    book.ticket(step, step.at["ticket"])


@act("GET", "/service-tickets/{ticket}/history", SIGNED_IN)
def see_moves(book: Book, step):
    book.ticket(step, step.at["ticket"])


@act("GET", "/inventory", ANYONE)
def see_parts(book: Book, step):
    low = {"true": True, "false": False}.get(step.query.get("low_stock"))
    if low is not None and not book.is_staff(step):
        raise Refused(403, "forbidden")
    found = [
        each
        for each in book.parts.values()
        if not each.retired and (low is None or low == (each.stock <= each.reorder_level))
    ]
    show(book, step, found)


@act("GET", "/inventory/{part}", ANYONE)
def see_part(book: Book, step):
    book.part(step.at["part"])


@act("GET", "/inventory/{part}/movements", STAFF)
def see_ledger(book: Book, step):
    book.part_on_file(step.at["part"])


@act("GET", "/inventory/{part}/usage", STAFF)
def see_usage(book: Book, step):
    book.part_on_file(step.at["part"])


@act("GET", "/mechanics", SIGNED_IN)
def see_staff(book: Book, step):
    show(book, step, list(book.mechanics.values()))


@act("GET", "/mechanics/{mechanic}", SIGNED_IN)
def see_mechanic(book: Book, step):
    book.mechanic(step.at["mechanic"])


@act("GET", "/mechanics/top", SIGNED_IN)
def see_ranking(book: Book, step):
    done = ("ready", "invoiced", "closed")
    counts = {
        each.name: sum(
            each.name in ticket.crew
            for ticket in book.tickets.values()
            if step.query.get("by") == "assigned" or ticket.status in done
        )
        for each in book.mechanics.values()
    }
    book.shown = sorted(counts, key=lambda name: (-counts[name], int(name.split()[-1])))[:PAGE]


@act("GET", "/assignments", STAFF)
def see_assignments(_book: Book, _step):
    """Read the assignments: any member of staff may."""


@act("GET", "/auth/me", SIGNED_IN)
def see_oneself(_book: Book, _step):
    """Read one's own account: anyone who is signed in may."""


def tickets(book, step):
    wanted = step.query.get("status")
    return [
        each for each in own(book, step, book.tickets) if wanted is None or each.status == wanted
    ]


def own(book, step, rows):
    return [each for each in rows.values() if book.is_staff(step) or each.owner == step.who]


def holds(texts, q):
    """Return whether the search `q` finds a row with these texts.

    Each word of `q` must be the beginning of a word of some text. Punctuation may separate or join
    words; alone it finds nothing.
    """
    if not q:
        return True
    chunks = [bare(chunk) for chunk in q.split() if bare(chunk)]
    ways = (chunks, re.findall(r"[a-z0-9]+", folded(q)), [bare(q)])
    return bool(chunks) and any(
        all(any(begins(text, word) for text in texts if text) for word in way) for way in ways
    )


def begins(text, word):
    """Return whether this text, from the start of any of its words on, begins with `word`.

    Punctuation in the text is left out.
    """
    for plain in (folded(text), folded(text.replace("'", " ").replace("’", " "))):
        parts = re.findall(r"[a-z]+|[0-9]+", plain)
        if any("".join(parts[n:]).startswith(word) for n in range(len(parts))):
            return True
    return False


def bare(text):
    return "".join(re.findall(r"[a-z0-9]+", folded(text)))


def show(book, step, found):
    """Set the names that the first page must list, in order; `found` is in the default order."""
    sort = step.query.get("sort")
    if sort:
        by = {"name": lambda each: sort_key(each.called), "priority": lambda each: each.priority}
        key = by.get(sort.lstrip("-"), number)
        found = sorted(found, key=lambda each: (key(each), number(each)), reverse=sort[0] == "-")
    book.shown = [each.name for each in found[:PAGE]]


def number(row):
    return int(row.name.split()[-1])
