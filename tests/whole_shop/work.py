"""What should happen on tickets: who works on them, and what goes into them."""

from tests.whole_shop.book import Book, Line, must_be
from tests.whole_shop.shelf import move as move_stock
from tests.whole_shop.step import INVALID, MISSING, STAFF, act, conflict

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
    lines = [line for line in ticket.lines if line.part == step.at["part"]]
    returned = sum(line.quantity for line in must_be(lines))
    move_stock(book, book.parts[step.at["part"]], returned, "returned")
    ticket.lines = [line for line in ticket.lines if line.part != step.at["part"]]
    book.touch(ticket)


def use_all(book, step, wanted):
    """By ascending part, the first that can't be had refuses them all; the same on the same terms is one."""
    ticket = book.workable(step, step.at["ticket"])
    uses = {}
    for use in wanted:
        terms = tuple(
            sorted((k, v) for k, v in use.items() if k not in ("part_id", "quantity_used"))
        )
        key = use["part_id"], terms
        uses[key] = uses.get(key, 0) + use.get("quantity_used", 1)
    left = {}
    ordered = sorted(uses.items(), key=lambda item: number_of(item[0][0]))
    for (name, terms), quantity in ordered:
        part = book.part(name)
        if "installed_by_mechanic_id" in dict(terms):
            book.mechanic(dict(terms)["installed_by_mechanic_id"])
        left[name] = left.get(name, part.stock) - quantity
        if left[name] < 0:
            raise conflict("out_of_stock")
    for (name, terms), quantity in ordered:
        part, said = book.part(name), dict(terms)
        move_stock(book, part, -quantity, "used")
        price = marked_up(part, said.get("markup_percentage"))
        installer = said.get("installed_by_mechanic_id")
        ticket.lines.append(Line(part.name, quantity, part.cost, price, installer))
    book.touch(ticket)


def marked_up(part, percentage):
    """Cost and so many whole hundredths of a percent of it, half a cent up."""
    if percentage is None:
        return part.price
    return (part.cost * (10_000 + round(percentage * 100)) + 5_000) // 10_000


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
    """As old as its name says; what was never there comes last, as its id does."""
    return int(name.split()[-1]) or 10**9
