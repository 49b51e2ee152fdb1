"""However many rows an answer shows, it asks the database as often, and on SQLite by index."""

import pytest
from sqlalchemy import event

from app.blueprints.service_tickets.queries import ticket_cache
from app.database.session import db
from app.extensions import cache
from app.models import Customer, Mechanic, Shop
from app.models.shop import SHOP
from tests.busy_shop import READS, a_busy_shop
from tests.factories import (
    a_line,
    a_manager,
    a_part,
    a_ticket,
    a_vehicle,
    an_assignment,
    saved,
)
from tests.web.overheard import overheard

# Tickets: what they depend on, then they, their crews and used parts, and the lines with all that the
# price depends on.
MOST = {
    "/auth/me": 2,
    "/service-tickets": 5,
    "/service-tickets/{ticket_id}": 4,
    "/customers/my-tickets": 5,
    # With the totals: which tickets are invoiced, paid and paid back.
    "/service-tickets/{ticket_id}?include=jobs,totals,terms": 10,
    "/service-tickets?include=jobs,totals,terms": 12,
    # Whether the ticket is visible, its jobs, for the price the ticket and its lines, and what was decided.
    "/service-tickets/{ticket_id}/jobs": 6,
    "/jobs/{job_id}": 6,
    "/service-tickets/{ticket_id}/totals": 8,
    # The rows, and for their balances: tickets, invoices, refunds, and prices of tickets without invoice.
    "/invoices": 4,
    "/invoices/{invoice_id}": 6,
    "/invoices/{invoice_id}/lines": 7,
    "/invoices/{invoice_id}/credit-notes": 8,
    "/credit-notes": 2,
    "/payments": 5,
    "/payments/{payment_id}": 6,
    "/service-tickets/{invoiced}/payments": 6,
    # The customer, the time zone, what was before, invoices, credit notes, money, and what is not paid.
    "/customers/{customer_id}/statement": 8,
    # The time zone, all sums, and the names of mechanics.
    "/reports/shop": 4,
    "/reports/shop/{figure}": 5,
    "/reports/shop/decisions?of=price": 5,
    # The ticket, its lines and jobs, what was decided, the shop, and the authorizations.
    "/service-tickets/{ticket_id}/estimate": 9,
    "/vehicles/{vehicle_id}/history": 7,
    # The vehicle, its jobs that wait, and for their prices the tickets and their lines.
    "/vehicles/{vehicle_id}/recommendations": 4,
    "/service-tickets/{ticket_id}?include=recommendations": 10,
}
A_PAGE, AN_ITEM = 1, 3
# Where the words are, whose they are; of several rows, which were named in full, and what they are.
SEARCHED = 4
WHOLE, COUNTED = "per_page=100", "page=2&per_page=1"
HAVE_ONE_ROW = {"shop", "renamings"}
# An index of few of the table's rows is read as a whole, and the value of the stock is that of all parts.
READ_AS_A_WHOLE = ("ix_invoices_open_", "SCAN parts")


@pytest.fixture
def busy(app):
    """Return a busy shop with a tax, so that the price of every ticket has to be computed."""
    busy = a_busy_shop(app)
    rates = {f"{kind}_millionths": 50_000 for kind in ("labor", "part", "sublet", "fee")}
    db.session.get_one(Shop, SHOP).taxes = [{"name": "Tax"} | rates]
    db.session.commit()
    asked(busy)  # the settings of the shop are read once
    return busy


def asked(busy, page=WHOLE):
    """How many statements each of the shop's reads takes, with nothing known from before."""
    found = {}
    for path, readers in READS.items():
        reader, url = getattr(busy, readers[0]), path.format(**busy.ids)
        if "pagination" in reader.get(url).json:
            url += ("&" if "?" in url else "?") + page
        cache.clear()
        ticket_cache._caches.clear()
        with overheard() as said:
            answer = reader.get(url)
        assert answer.status_code == 200
        found[path] = len(said)
    return found


def many_more(ids):
    for n in range(12):
        car = a_vehicle(make="Honda", customer_id=ids["customer_id"])
        ticket = a_ticket(car)
        an_assignment(ticket, saved(Mechanic(name=f"Bob {n}", email=f"bob{n}@example.com")))
        saved(Customer(name=f"Another {n}"))
        for part_id in (ids["part_id"], a_part(name=f"Brake {n}").id):
            saved(a_line(ticket.id, part_id))
            saved(a_line(ids["ticket_id"], part_id))


def test_no_answer_asks_more_often_when_there_is_more_to_show(busy):
    few = asked(busy, COUNTED)
    many_more(busy.ids)

    many = asked(busy, COUNTED)
    # A search asks for rare and for frequent words in different ways, and decisions are only asked for
    # where a job has one.
    vary = {path: 2 for path in READS if "q=" in path} | {
        path: 1 for path in READS if "include=" in path
    }
    assert {path: many[path] for path in READS.keys() - vary} == {
        path: few[path] for path in READS.keys() - vary
    }
    assert all(abs(many[path] - few[path]) <= most for path, most in vary.items())


def test_a_page_that_is_full_asks_how_many_there_are_too(busy):
    many_more(busy.ids)
    whole, full = asked(busy), asked(busy, "per_page=1")

    lists = {path for path in READS if full[path] != whole[path]}
    assert "/service-tickets" in lists
    exact = [path for path in lists if "q=" not in path and "include=" not in path]
    assert {path: full[path] for path in exact} == {path: whole[path] + 1 for path in exact}


def test_no_answer_asks_often(busy):
    for path, statements in asked(busy).items():
        name, _, query = path.partition("?")
        statements -= SEARCHED if "q=" in query else 0
        most = MOST.get(name, AN_ITEM if "{" in name else A_PAGE)
        assert statements <= MOST.get(path, most), path


def test_no_read_has_two_connections_at_once(busy):
    """Otherwise requests could wait for each other's, until the pool gives up."""
    taken, most = [], dict.fromkeys(READS, 0)

    def take(connection, *_):
        taken.append(connection)
        most[path] = max(most[path], len(taken))

    def give_back(connection, *_):
        taken.remove(connection)

    event.listen(db.engine, "checkout", take)
    event.listen(db.engine, "checkin", give_back)
    for path, readers in READS.items():
        for reader in readers:
            cache.clear()
            getattr(busy, reader).get(path.format(**busy.ids))
        assert not taken
    event.remove(db.engine, "checkout", take)
    event.remove(db.engine, "checkin", give_back)
    assert most == dict.fromkeys(READS, 1)


def test_a_ticket_that_only_has_parts_asks_for_no_prices(app, as_):
    marge, ticket, part = as_(a_manager()), a_ticket(), a_part(9)
    path = f"/service-tickets/{ticket.id}"
    marge.get(path)  # the settings of the shop are read once
    statements = []
    for method, url in (
        ("POST", f"{path}/parts/{part.id}"),
        ("GET", path),
        ("GET", "/service-tickets"),
    ):
        with overheard() as said:
            assert marge.open(url, method=method).status_code < 300
        statements.append(len(said))
    assert statements == [5, 3, 4]


def test_tickets_that_have_been_looked_at_are_not_loaded_again(busy):
    path = "/service-tickets?status=open"
    busy.marge.get(path)
    cache.clear()

    with overheard() as said:
        again = busy.marge.get(path)

    assert again.json["items"]
    assert len(said) == 1


def test_sqlite_reads_a_table_from_its_end_only_for_the_page_of_a_list(busy):
    """SQLite plans without statistics, so that a small shop has the plans of a large one."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("tests/system/plans asks PostgreSQL for its plans")
    asks = {}
    for path, readers in READS.items():
        cache.clear()
        ticket_cache._caches.clear()
        with overheard(with_parameters=True) as said:
            getattr(busy, readers[0]).get(path.format(**busy.ids))
        asks |= {text: values for text, values in said if "LIMIT" not in text}

    steps = [
        (step, text)
        for text, values in asks.items()
        for *_, step in db.session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {text}", values
        )
    ]
    scanned = db.metadata.tables.keys() - HAVE_ONE_ROW
    assert any("json_each" in text and step.startswith("SEARCH") for step, text in steps)
    assert [
        (step, text)
        for step, text in steps
        if step.startswith("SCAN")
        and step.split()[1] in scanned
        and not any(each in step for each in READ_AS_A_WHOLE)
    ] == []
