"""The expected effects on tickets of assignments and of parts that are used."""

from tests.system.whole_shop.book import Book, exact, must_be, must_come_in
from tests.system.whole_shop.jobs import first_job
from tests.system.whole_shop.lines import a_line, loaded, next_position
from tests.system.whole_shop.order import Order, demand_consent
from tests.system.whole_shop.shelf import move as move_stock
from tests.system.whole_shop.step import INVALID, MISSING, STAFF, Refused, act, conflict

USE = "/service-tickets/{ticket}/parts"
LATER = ("warranty_months", "warranty_distance", "installed_by_mechanic_id")
TERMS = (*LATER, "unit_price_cents", "markup_percentage")


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
        use_more(book, ticket, part, more, lines, said)


def use_more(book, ticket, part, more, lines, said):
    """Use more of a part that is on these lines already; strict consent is asked before the stock."""
    book.part(part.name)
    if "installed_by_mechanic_id" in said:
        book.mechanic(said["installed_by_mechanic_id"])
    if lines:
        said = {name: getattr(lines[-1], name) for name in LATER} | said
    line = line_of(book, ticket, part, more, said)
    if lines and lines[-1].terms == line.terms and lines[-1].quantity + more <= 10_000:
        lines[-1].quantity += more
        try:
            demand_consent(book, ticket, {lines[-1].job_id})
            must_be_in_stock(part, more)
        except Refused:
            lines[-1].quantity -= more
            raise
        book.touch(ticket)
    else:
        put_lines(book, ticket, [line], lambda: must_be_in_stock(part, more))
    move_stock(book, part, -more, "used")


def must_be_in_stock(part, quantity):
    if quantity > part.stock:
        raise conflict("out_of_stock")


def lines_of(ticket, name):
    return [line for line in ticket.used if line.part_id == name]


def take_back(book, ticket, part, quantity):
    """Return parts to stock, from the newest line on; remove lines that are empty."""
    move_stock(book, part, quantity, "returned")
    for line in lines_of(ticket, part.name)[::-1]:
        some = min(quantity, line.quantity)
        line.take_off(some)
        quantity -= some
    for line in [line for line in lines_of(ticket, part.name) if not line.quantity]:
        ticket.lines.remove(line)
        del book.homes[line.name]
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
    left, lines = {}, []
    for (name, terms), quantities in sorted(uses.items(), key=lambda item: number_of(item[0][0])):
        said = dict(terms)
        if "installed_by_mechanic_id" in said:
            book.mechanic(said["installed_by_mechanic_id"])
        if "job_id" in said:
            must_take_parts(must_be(ticket.jobs.get(said["job_id"])))
        part = book.part(name)
        must_come_in(part, *quantities)
        line = line_of(book, ticket, part, sum(quantities), said)
        line.job_id = said.get("job_id", line.job_id)
        left[name] = left.get(name, part.stock) - line.quantity
        if left[name] < 0:
            raise conflict("out_of_stock")
        lines.append(line)
    put_lines(book, ticket, lines)
    for line in lines:
        move_stock(book, book.parts[line.part_id], -line.quantity, "used")


def must_take_parts(job):
    if job.is_turned_down:
        raise conflict("job_declined")


def put_lines(book, ticket, lines, then=lambda: None):
    """Put used parts into their jobs or, without one, into the first that is not turned down.

    If all are, there is a new job. Under the strict policy the customer must have authorized the jobs
    as they are with these parts; `then` may refuse after that. A refusal leaves all as it was.
    """
    before = list(ticket.lines), dict(ticket.jobs)
    try:
        for line in lines:
            line.job_id = line.job_id or taker(book, ticket).name
            line.name, line.position = book.next("line"), next_position(ticket.lines)
            ticket.lines.append(line)
        demand_consent(book, ticket, {line.job_id for line in lines})
        then()
    except Refused as no:
        for name in ticket.jobs.keys() - before[1].keys():
            del book.homes[name]
        for job in no.members.get("jobs", ()):
            if job["job_id"] not in before[1]:
                del job["job_id"]  # of a job that was there for a moment only
        ticket.lines, ticket.jobs = before
        raise
    for line in lines:
        book.homes[line.name] = ticket.name
    book.touch(ticket)


def taker(book, ticket):
    jobs = (job for job in Order(book, ticket).jobs if not job.is_turned_down)
    return next(jobs, None) or first_job(book, ticket)


def line_of(book, ticket, part, quantity, said):
    """Return the line of a used part, priced by hand, by a markup, or else at the part's own price."""
    terms = {name: value for name, value in said.items() if name in TERMS}
    of_use = {"kind": "part", "part_id": part.name, "quantity": quantity, "used_at": True}
    return a_line(book, ticket, None, loaded(terms) | of_use)


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
