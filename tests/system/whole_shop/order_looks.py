"""The expected answers of reads of repair orders, and what the lists of them have."""

from app.folding import sort_key
from tests.system.whole_shop.balances import money
from tests.system.whole_shop.book import Book, must_be
from tests.system.whole_shop.decisions import state_of
from tests.system.whole_shop.order import Order, number
from tests.system.whole_shop.revivals import waits
from tests.system.whole_shop.rows import Vehicle
from tests.system.whole_shop.step import ANYONE, SIGNED_IN, STAFF, act

OF_TICKET = "/service-tickets/{ticket}"


@act("GET", OF_TICKET + "/jobs", SIGNED_IN)
def see_jobs(book: Book, step):
    ticket = book.ticket(step, step.at["ticket"])
    book.shown = [job.name for job in Order(book, ticket).jobs]


@act("GET", "/jobs/{job}", SIGNED_IN)
def see_job(book: Book, step):
    book.job(step, step.at["job"])


@act("GET", OF_TICKET + "/lines", SIGNED_IN)
def see_lines_of_jobs(book: Book, step):
    order = Order(book, book.ticket(step, step.at["ticket"]))
    book.shown = [line.name for job in (*order.jobs, None) for line in order.lines_of(job)]


@act("GET", "/lines/{line}", SIGNED_IN)
def see_line(book: Book, step):
    book.line(step, step.at["line"])


@act("GET", OF_TICKET + "/totals", SIGNED_IN)
def see_totals(book: Book, step):
    ticket = book.ticket(step, step.at["ticket"])
    order = Order(book, ticket)
    book.members = order.totals() | money(book, ticket, order)


@act("GET", OF_TICKET + "/pricing", STAFF)
def see_pricing(book: Book, step):
    """Read all roundings of a price; here they are a means, and only the total is an end."""
    order = Order(book, book.ticket(step, step.at["ticket"]))
    book.members = {"total_cents": order.price.total}


@act("GET", OF_TICKET + "/authorizations", SIGNED_IN)
def see_authorizations(book: Book, step):
    ticket = book.ticket(step, step.at["ticket"])
    book.shown = [each.name for each in ticket.authorizations]


@act("GET", "/authorizations/{authorization}", SIGNED_IN)
def see_authorization(book: Book, step):
    """Read a record of decisions, with the estimate as it was seen then."""
    name = step.at["authorization"]
    ticket = book.ticket(step, must_be(book.homes.get(name)))
    [given] = [each for each in ticket.authorizations if each.name == name]
    book.members = {"estimate": given.estimate, "method": given.method}


@act("GET", OF_TICKET + "/approval-links", STAFF)
def see_links(book: Book, step):
    ticket = book.ticket(step, step.at["ticket"])
    links = [each for each in book.links.values() if each.ticket == ticket.name][::-1]
    book.shown = [each.name for each in links]
    book.members = {"items": [{"state": state_of(book, each)} for each in links]}


@act("GET", "/vehicles/{vehicle}/recommendations", SIGNED_IN)
def see_recommendations(book: Book, step):
    vehicle = book.vehicle(step, step.at["vehicle"])
    book.shown = [job.name for _, job in recommended(book, vehicle)]


@act("GET", "/canned-jobs", STAFF)
def see_canned_jobs(book: Book, step):
    offered = [each for each in book.canned_jobs.values() if not each.retired]
    offered.sort(key=lambda each: (sort_key(each.called), number(each)))
    book.shown = [each.name for each in offered]


@act("GET", "/canned-jobs/{canned_job}", STAFF)
def see_canned_job(book: Book, step):
    canned = must_be(book.canned_jobs.get(step.at["canned_job"]))
    must_be(not canned.retired)
    book.members = {"name": canned.called, "note": canned.note, "lines": canned.lines}


@act("GET", "/shop", ANYONE)
def see_shop(book: Book, _step):
    """Read the settings of the shop: anyone may, and sees some of them."""
    book.members = dict(vars(book.shop.settings))


def recommended(book: Book, vehicle: Vehicle) -> list:
    """Return the work that waits on a vehicle: `(ticket, job)`, first the undecided, then the newest."""
    found = [
        (ticket, job)
        for ticket in book.tickets.values()
        if ticket.vehicle == vehicle.name
        for job in ticket.jobs.values()
        if waits(book, ticket, job)
    ]
    late = book.clock + 1

    def newest(each):
        return each[1].decided.at if each[1].decided else late, number(each[1])

    return sorted(found, key=newest, reverse=True)
