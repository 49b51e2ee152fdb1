"""The expected effects on tickets of assignments and of parts that are used."""

from decimal import ROUND_HALF_UP, Decimal

from tests.system.whole_shop.book import Book, exact, must_be, must_come_in
from tests.system.whole_shop.rows import Line
from tests.system.whole_shop.shelf import move as move_stock
from tests.system.whole_shop.step import INVALID, MISSING, STAFF, act, conflict

USE = "/service-tickets/{ticket}/parts"


@act("PUT", "/service-tickets/{ticket}/assign-mechanic/{mechanic}", STAFF)
def assign(book: Book, step):
    ticket = book.workable(step, step.at["ticket"])
    put_on(book, ticket, book.mechanic(step.at["mechanic"], active=True).name, step.said or {})


@act("POST", "/assignments", STAFF, 201)
def add_assignment(book: Book, step):
    ticket = book.workable(step, step.said["ticket_id"])
    if step.said["mechanic_id"] in ticket.crew:
        raise conflict("already_assigned")
    mechanic = book.mechanic(step.said["mechanic_id"], active=True)
    put_on(book, ticket, mechanic.name, step.said)


@act("PUT", "/service-tickets/{ticket}/remove-mechanic/{mechanic}", STAFF)
def remove_mechanic(book: Book, step):
    ticket = book.workable(step, step.at["ticket"])
    take_off(book, ticket, step.at["mechanic"])


@act("DELETE", "/assignments", STAFF, 204)
def drop_assignment(book: Book, step):
    ticket = book.workable(step, step.query["ticket_id"])
    take_off(book, ticket, step.query["mechanic_id"])


@act("PUT", "/service-tickets/{ticket}/edit", STAFF)
def edit_crew(book: Book, step):
    come, go_ = step.said.get("add_ids", []), step.said.get("remove_ids", [])
    if set(come) & set(go_):
        raise INVALID
    ticket = book.workable(step, step.at["ticket"])
    for name in go_:
        book.mechanic(name)
    for name in come:
        book.mechanic(name, active=True)
    for name in go_:
        if ticket.crew.pop(name, None) is not None:
            book.touch(ticket)
    for name in sorted(come, key=number_of):
        put_on(book, ticket, name, step.said)
    book.touch(ticket, surely=False)


@act("POST", USE + "/{part}", STAFF, 201)
def use_part(book: Book, step):
    use_all(book, step, [step.said | {"part_id": step.at["part"]}])


@act("POST", USE, STAFF, 201)
def use_parts(book: Book, step):
    said = step.said
    each = [{"part_id": name} for name in said.get("part_ids", ())]
    use_all(book, step, said.get("parts") or each or [said])


@act("DELETE", USE + "/{part}", STAFF, 204)
def return_part(book: Book, step):
    ticket = book.ticket(step, step.at["ticket"])
    if ticket.status != "cancelled":
        ticket = book.workable(step, ticket.name)
    part, lines = book.parts.get(step.at["part"]), lines_of(ticket, step.at["part"])
    used = sum(line.quantity for line in must_be(lines))
    wanted = exact(step.query.get("quantity", used))
    must_come_in(part, wanted)
    if wanted > used:
        raise conflict("too_many_returned")
    take_back(book, ticket, part, wanted)


@act("PUT", USE + "/{part}", STAFF)
def set_quantity(book: Book, step):
    """Set the quantity of a part on a ticket.

    What is added gets the terms that are sent, and joins the newest line if the terms are the same.
    """
    ticket = book.workable(step, step.at["ticket"])
    part, said = book.part_on_file(step.at["part"]), step.said
    must_come_in(part, exact(said["quantity_used"]))
    lines = lines_of(ticket, part.name)
    more = exact(said["quantity_used"]) - sum(line.quantity for line in lines)
    if more < 0 and said.keys() - {"quantity_used"}:
        raise INVALID
    if more < 0:
        take_back(book, ticket, part, -more)
    elif more > 0:
        book.part(part.name)
        if "installed_by_mechanic_id" in said:
            book.mechanic(said["installed_by_mechanic_id"])
        if lines:
            newest = {"warranty_months": lines[-1].warranty}
            newest["installed_by_mechanic_id"] = lines[-1].installer
            said = newest | said
        line = line_of(part, more, said)
        if more > part.stock:
            raise conflict("out_of_stock")
        move_stock(book, part, -more, "used")
        if lines and lines[-1].terms == line.terms and lines[-1].quantity + more <= 10_000:
            lines[-1].quantity += more
        else:
            ticket.lines.append(line)
        book.touch(ticket)


def lines_of(ticket, name):
    return [line for line in ticket.lines if line.part == name]


def take_back(book, ticket, part, quantity):
    """Return parts to stock, from the newest line on; remove lines that are empty."""
    move_stock(book, part, quantity, "returned")
    for line in lines_of(ticket, part.name)[::-1]:
        some = min(quantity, line.quantity)
        line.quantity, quantity = line.quantity - some, quantity - some
    ticket.lines = [line for line in ticket.lines if line.quantity]
    book.touch(ticket)


def use_all(book, step, wanted):
    """Use all these parts, or none: they are checked by ascending part, and the first refusal counts.

    The same part with the same terms makes one line.
    """
    ticket = book.workable(step, step.at["ticket"])
    uses = {}
    for use in wanted:
        terms = tuple(
            sorted((k, v) for k, v in use.items() if k not in ("part_id", "quantity_used"))
        )
        key = use["part_id"], terms
        uses.setdefault(key, []).append(exact(use.get("quantity_used", 1)))
    left = {}
    ordered = sorted(uses.items(), key=lambda item: number_of(item[0][0]))
    for (name, terms), quantities in ordered:
        part = book.part(name)
        must_come_in(part, *quantities)
        if "installed_by_mechanic_id" in dict(terms):
            book.mechanic(dict(terms)["installed_by_mechanic_id"])
        left[name] = left.get(name, part.stock) - sum(quantities)
        if left[name] < 0:
            raise conflict("out_of_stock")
    for (name, terms), quantities in ordered:
        part = book.part(name)
        move_stock(book, part, -sum(quantities), "used")
        ticket.lines.append(line_of(part, sum(quantities), dict(terms)))
    book.touch(ticket)


def line_of(part, quantity, said):
    """Return a line, priced by hand, or at cost plus a markup, or else at the part's own price."""
    cost, price = part.cost, said.get("unit_price_cents", part.price)
    if "markup_percentage" in said:
        markup = round(said["markup_percentage"] * 100)
        price = (cost * (10_000 + markup) + 5_000) // 10_000
    else:
        markup = half_up((price - cost) * 10_000, cost) if cost else None
    installer, warranty = said.get("installed_by_mechanic_id"), said.get("warranty_months")
    return Line(part.name, quantity, cost, price, installer, warranty, markup)


def half_up(numerator, denominator):
    exactly = Decimal(numerator) / Decimal(denominator)
    return int(exactly.quantize(Decimal(1), ROUND_HALF_UP))


def put_on(book, ticket, name, said):
    terms = ticket.crew.get(name, {"role": None, "minutes_worked": 0})
    new = terms | {key: said[key] for key in terms if key in said}
    book.touch(ticket, surely=ticket.crew.get(name) != new)
    ticket.crew[name] = new


def take_off(book, ticket, name):
    if ticket.crew.pop(name, None) is None:
        raise MISSING
    book.touch(ticket)


def number_of(name):
    """Return the number in a name; 0 (no such row) counts as the highest, because its id does."""
    return int(name.split()[-1]) or 10**9
