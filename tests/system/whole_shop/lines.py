"""The expected effects on lines: charges and discounts are added, changed and deleted."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from tests.service_tickets.oracle import rounded
from tests.system.whole_shop.book import Book, exact, must_come_in, must_take_lines
from tests.system.whole_shop.order_rows import Job, Line
from tests.system.whole_shop.rows import Part, Ticket
from tests.system.whole_shop.step import INVALID, STAFF, Name, act, conflict

COMMON = {"called", "position", "taxable", "discount_bps", "discount_cents"}
WARRANTY = {"warranty_months", "warranty_distance"}
GOODS = {"quantity", "unit_price_cents"}
BY_COST = {"unit_cost_cents", "markup_bps", "supplier"}
OF_PART = {"condition", "core_charge_cents", "cores_returned", "price_source", "part_number"}
MEMBERS = {
    "labor": WARRANTY | {"billed_minutes", "rate_cents", "flat_price_cents", "mechanic_id"},
    "part": WARRANTY | GOODS | BY_COST | OF_PART,
    "sublet": GOODS | BY_COST,
    "fee": GOODS,
    "discount": {"applies_to"},
}
OF_BOUGHT = {"unit_cost_cents", "part_number"}
PRICES = ("unit_price_cents", "markup_bps", "price_source")
LAST = 10_000
LOADED_AS = {
    "name": ("called", str.strip),
    "quantity": ("quantity", exact),
    "cores_returned": ("cores_returned", exact),
    "discount_percentage": ("discount_bps", lambda each: each if each is None else bps(each)),
    "markup_percentage": ("markup_bps", lambda each: bps(each)),
}


@act("POST", "/jobs/{job}/lines", STAFF, 201)
def add_line(book: Book, step):
    must_say_enough([step.said])
    ticket, job = book.job(step, step.at["job"])
    must_take_lines(ticket)
    put_into(book, ticket, job, [a_line(book, ticket, job, loaded(step.said))])
    book.made = ticket.lines[-1].name
    book.touch(ticket)


@act("POST", "/service-tickets/{ticket}/lines", STAFF, 201)
def add_discount(book: Book, step):
    ticket = book.with_lines(step, step.at["ticket"])
    facts = loaded(step.said) | {"kind": "discount"}
    put_into(book, ticket, None, [a_line(book, ticket, None, facts)])
    book.made = ticket.lines[-1].name
    book.touch(ticket)


@act("PATCH", "/lines/{line}", STAFF)
def change_line(book: Book, step):
    ticket, line = book.line(step, step.at["line"])
    must_take_lines(ticket)
    facts = loaded(step.said)
    strange = facts.keys() - COMMON - MEMBERS[line.kind]
    if strange or (line.part_id and facts.keys() & OF_BOUGHT):
        raise INVALID
    if line.used_at and facts.get("quantity", line.quantity) != line.quantity:
        raise conflict("line_used")
    if facts.get("mechanic_id") is not None:
        book.mechanic(facts["mechanic_id"])
    if line.part_id:
        sent = [facts[name] for name in ("quantity", "cores_returned") if name in facts]
        must_come_in(book.parts[line.part_id], *sent)
    changed = fitting(replace(line, **facts | new_price(book, line, facts)))
    book.touch(ticket, surely=changed != line)
    vars(line).update(vars(changed))


@act("DELETE", "/lines/{line}", STAFF, 204)
def delete_line(book: Book, step):
    ticket, line = book.line(step, step.at["line"])
    must_take_lines(ticket)
    if line.used_at:
        raise conflict("line_used")
    take_off(book, ticket, [line])


def put_into(book: Book, ticket: Ticket, job: Job | None, lines: list[Line]) -> None:
    """Add new lines to a job, or to the whole ticket without one."""
    for line in lines:
        line.name, line.job_id = book.next("line"), job and job.name
        book.homes[line.name] = ticket.name
        ticket.lines.append(line)


def take_off(book: Book, ticket: Ticket, lines: list[Line]) -> None:
    gone = {line.name for line in lines}
    ticket.lines = [line for line in ticket.lines if line.name not in gone]
    for name in gone:
        del book.homes[name]
    book.touch(ticket)


def must_say_enough(lines: list[dict]) -> None:
    """Refuse bodies of new lines without a price, or with more old cores than parts."""
    for said in lines:
        has_price = said.keys() & {
            "part_id",
            "unit_price_cents",
            "markup_percentage",
            "price_source",
        }
        if said["kind"] in ("part", "sublet") and not has_price:
            raise INVALID
        if said.get("cores_returned", 0) > said.get("quantity", 1):
            raise INVALID


def next_position(rows) -> int:
    return min(LAST, 1 + max((row.position for row in rows), default=0))


def loaded(said: dict) -> dict:
    """Return the members of a line in a body with the names and units of the rows."""
    facts = {}
    for member, value in said.items():
        name, made = LOADED_AS.get(member, (member, lambda each: each))
        facts[name] = made(value)
    return facts


def bps(percentage) -> int:
    return int(exact(percentage) * 100)


def a_line(book: Book, ticket: Ticket, job: Job | None, facts: dict, others=()) -> Line:
    """Return a new line for a job, without its name.

    `facts` are as from `loaded`, and `others` are new lines that come before it.
    """
    if facts.get("mechanic_id") is not None:
        book.mechanic(facts["mechanic_id"])
    kind, part = facts["kind"], None
    usual = {"position": next_position([*ticket.lines, *others])}
    if kind == "labor":
        usual |= {"called": job.called, "rate_cents": book.shop.settings.labor_rate_cents}
    elif kind == "discount":
        usual |= {"applies_to": "all"}
    else:
        usual |= {"quantity": Decimal(1)}
    if facts.get("part_id") is not None:
        part = book.part(facts["part_id"])
        must_come_in(part, facts.get("quantity", Decimal(1)))
    if kind == "part":
        usual |= {"condition": "new", "core_charge_cents": 0, "cores_returned": Decimal(0)}
    if part:
        usual |= of_part(part)
    facts = usual | facts
    if kind not in ("labor", "discount"):
        facts |= unit_price(book, facts, part and part.price)
    line = fitting(Line(**facts))
    if part:
        must_come_in(part, line.cores_returned)
    return line


def of_part(part: Part) -> dict:
    """Return what a new line has from its part; a number that the shop made up has a name here."""
    made_up = Name(part.name.replace("part", "number"))
    return {
        "called": part.called,
        "part_number": part.number or made_up,
        "unit_cost_cents": part.cost,
    }


def fitting(line: Line) -> Line:
    """Return a line if its members fit together."""
    if (line.cores_returned or 0) > (line.quantity or 0):
        raise INVALID
    if line.kind == "discount" and line.discount_bps is None and line.discount_cents is None:
        raise INVALID
    return line


def new_price(book: Book, line: Line, facts: dict) -> dict:
    """Return the members of a line that follow from those that are changed: price and discount."""
    found = {}
    prices = {name: facts[name] for name in PRICES if name in facts}
    if "unit_cost_cents" in facts and not prices:
        name = {"markup": "markup_bps", "matrix": "price_source"}.get(line.price_source)
        name = name or "unit_price_cents"
        prices = {name: getattr(line, name)}
    if prices:
        cost = facts.get("unit_cost_cents", line.unit_cost_cents)
        found = unit_price(book, prices | {"kind": line.kind, "unit_cost_cents": cost})
    for one, other in (("discount_bps", "discount_cents"), ("discount_cents", "discount_bps")):
        if facts.get(one) is not None:
            found[other] = facts.get(other)
    return found


def unit_price(book: Book, facts: dict, catalog: int | None = None) -> dict:
    """Return the price of one unit and how it was made; `catalog` is the part's own price.

    The first that is said counts: a price by hand, a markup, the matrix, or else the part's own price.
    """
    by_hand, markup, source = (facts.get(name) for name in PRICES)
    if facts["kind"] == "fee":
        return {"unit_price_cents": by_hand}
    cost = facts.get("unit_cost_cents")
    if (by_hand or 0) < 0 or (
        by_hand is None and markup is None and not source and catalog is None
    ):
        raise INVALID
    if cost is None and (markup is not None or source):
        raise INVALID
    cost = cost or 0
    if by_hand is not None:
        price, source = by_hand, "manual"
    elif markup is not None:
        price, source = rounded(Fraction(cost * (10_000 + markup), 10_000)), "markup"
    elif source:
        price = by_matrix(book, cost)
    else:
        price, source = catalog, "catalog"
    if markup is None and cost:
        markup = rounded(Fraction((price - cost) * 10_000, cost))
    return {"unit_price_cents": price, "markup_bps": markup, "price_source": source}


def by_matrix(book: Book, cost: int) -> int:
    """Return the price of a cost by the shop's matrix: each markup applies to its band of the cost."""
    bands = book.shop.settings.markup_matrix
    if not bands:
        raise INVALID
    price, below = Fraction(0), 0
    for band in bands:
        edge = cost if band.get("up_to_cents") is None else min(cost, band["up_to_cents"])
        if edge > below:
            price += (edge - below) * (1 + Fraction(bps(band["markup_percentage"]), 10_000))
            below = edge
    return rounded(price)
