"""Every reader sees every write at once, whatever was kept in memory before it."""

import pytest

from app.extensions import cache
from tests.busy_shop import READS, a_busy_shop, done, look

TICKET = "/service-tickets/{ticket_id}"
PARTS = TICKET + "/parts"
HISTORY = TICKET + "/history"
VISITS = "/vehicles/{vehicle_id}/history"
MOVEMENTS_OF_SPARE = "/inventory/{spare}/movements"
MOVEMENTS, USAGE = "/inventory/{part_id}/movements", "/inventory/{part_id}/usage"
TOP, OWN = "/mechanics/top", "/customers/my-tickets"

# What happens, and where it must show.
WRITES = {
    "a customer comes": [("POST", "/customers", {"name": "Dora"}), "/customers"],
    "a customer is renamed": [
        ("PATCH", "/customers/{customer_id}", {"name": "Alicia"}),
        *("/auth/me", "/customers", "/customers/{customer_id}", TICKET, HISTORY, VISITS, OWN),
    ],
    "a customer is erased": [
        ("DELETE", "/customers/{customer_id}", None),  # her tickets are over before
        *("/customers", "/customers/{customer_id}", TICKET, HISTORY, VISITS, "/auth/me"),
    ],
    "a vehicle comes": [
        ("POST", "/customers/{other_customer}/vehicles", {"make": "Volvo"}),
        *("/vehicles", "/customers/{other_customer}/vehicles"),
    ],
    "a vehicle is described anew": [
        ("PATCH", "/vehicles/{vehicle_id}", {"make": "Acura"}),
        *(
            "/vehicles",
            "/vehicles/{vehicle_id}",
            "/customers/{customer_id}/vehicles",
            TICKET,
            VISITS,
            OWN,
        ),
    ],
    "a vehicle changes hands": [
        ("PATCH", "/vehicles/{vehicle_id}", {"customer_id": "{other_customer}"}),
        *(
            "/vehicles",
            "/customers/{customer_id}/vehicles",
            "/customers/{other_customer}/vehicles",
            VISITS,
        ),
    ],
    "an odometer is read": [
        ("PATCH", "/vehicles/{vehicle_id}", {"odometer": 99}),
        *("/vehicles/{vehicle_id}", VISITS),
    ],
    "a mechanic comes": [
        ("POST", "/mechanics", {"name": "Dan", "email": "dan@example.com"}),
        *("/mechanics", TOP),
    ],
    "a mechanic is renamed": [
        ("PATCH", "/mechanics/{mechanic_id}", {"name": "Robert"}),
        *(
            "/mechanics",
            "/mechanics/{mechanic_id}",
            "/auth/me",
            TOP,
            TICKET,
            PARTS,
            "/assignments",
            VISITS,
        ),
    ],
    "a mechanic with history is let go": [
        ("DELETE", "/mechanics/{mechanic_id}", None),
        *("/mechanics", "/mechanics/{mechanic_id}", TOP, "/auth/me"),
    ],
    "a mechanic without is let go": [
        ("DELETE", "/mechanics/{mona}", None),
        *("/mechanics", TOP, MOVEMENTS),
    ],
    "a ticket is opened": [
        ("POST", "/service-tickets", {"vehicle_id": "{vehicle_id}", "description": "Smoke"}),
        *("/service-tickets", OWN, VISITS),
    ],
    "a ticket is changed": [
        ("PATCH", TICKET, {"priority": 1}),
        *("/service-tickets", TICKET, OWN, VISITS),
    ],
    "a ticket moves": [
        ("POST", TICKET + "/transitions", {"to": "in_progress"}),
        *(TICKET, HISTORY, USAGE, OWN),
    ],
    "a ticket is deleted": [
        ("DELETE", "/service-tickets/{mistake}", None),
        *("/service-tickets", OWN, VISITS, "/assignments", TOP),
    ],
    "a mechanic is put on a ticket": [
        ("PUT", TICKET + "/assign-mechanic/{mona}", None),
        *(TICKET, "/assignments", TOP, OWN, VISITS),
    ],
    "a mechanic is taken off a ticket": [
        ("PUT", TICKET + "/remove-mechanic/{mechanic_id}", None),
        *(TICKET, "/assignments", TOP, OWN, VISITS),
    ],
    "an assignment is made": [
        ("POST", "/assignments", {"ticket_id": "{ticket_id}", "mechanic_id": "{mona}"}),
        *(TICKET, "/assignments", TOP),
    ],
    "an assignment is ended": [
        ("DELETE", "/assignments?ticket_id={ticket_id}&mechanic_id={mechanic_id}", None),
        *(TICKET, "/assignments", TOP),
    ],
    "a part is used": [
        ("POST", PARTS + "/{part_id}", {"quantity_used": 48}),
        *(TICKET, PARTS, "/inventory", "/inventory/{part_id}", MOVEMENTS, USAGE, OWN, VISITS),
    ],
    "a part comes back": [
        ("DELETE", PARTS + "/{part_id}", None),
        *(TICKET, PARTS, "/inventory", MOVEMENTS, USAGE, OWN, VISITS),
    ],
    "a part is added": [
        ("POST", "/inventory", {"name": "Clutch", "price_cents": 900}),
        "/inventory",
    ],
    "a part is renamed": [
        ("PATCH", "/inventory/{part_id}", {"name": "Disc"}),
        *("/inventory", "/inventory/{part_id}", TICKET, PARTS, OWN, VISITS),
    ],
    "a part is retired": [
        ("DELETE", "/inventory/{part_id}", None),
        *("/inventory", "/inventory/{part_id}"),
    ],
    "taxes are set": [
        ("PATCH", "/shop", {"taxes": [{"name": "Tax", "part_percentage": 10}]}),
        *("/shop", "/service-tickets", TICKET, TICKET + "/totals", OWN, VISITS),
    ],
    "a customer is exempt": [
        (
            *("PUT", "/customers/{customer_id}/billing-terms"),
            {"tax_exempt": True, "tax_exempt_number": "E-1"},
        ),
        *("/customers/{customer_id}/billing-terms", f"{TICKET}?include=jobs,totals,terms"),
    ],
    "a job is added": [
        ("POST", TICKET + "/jobs", {"name": "Oil"}),
        *(TICKET + "/jobs", f"{TICKET}?include=jobs,totals,terms"),
    ],
    "labor is added": [
        ("POST", "/jobs/{job_id}/lines", {"kind": "labor", "billed_minutes": 9, "rate_cents": 999}),
        *(TICKET, TICKET + "/jobs", TICKET + "/lines", TICKET + "/totals", "/jobs/{job_id}", OWN),
        *("/service-tickets", VISITS, TICKET + "/pricing"),
    ],
    "a line is priced anew": [
        ("PATCH", "/lines/{line_id}", {"unit_price_cents": 7}),
        *(TICKET, PARTS, TICKET + "/totals", "/lines/{line_id}", "/jobs/{job_id}"),
    ],
    "a planned part is used": [
        ("POST", "/lines/{planned}/use", None),
        *(TICKET, PARTS, TICKET + "/lines", MOVEMENTS_OF_SPARE, "/inventory"),
    ],
    "a ticket is invoiced": [
        ("POST", "/service-tickets/{ready}/invoice", {}),
        *("/service-tickets", "/invoices", VISITS),
    ],
    "a shelf is counted": [
        ("PATCH", "/inventory/{part_id}/adjust-quantity", {"adjustment": -1, "reason": "counted"}),
        *("/inventory", "/inventory/{part_id}", MOVEMENTS),
    ],
}


# How the tickets of the customer who is erased are over before.
OVER = (
    *(("ticket_id", "cancelled"), ("mistake", "cancelled")),
    *(("ready", "closed"), ("invoiced", "closed")),
)


def with_ids(said, ids):
    """The body with the ids of this shop where it names them."""
    return said and {
        name: ids[value[1:-1]] if str(value).startswith("{") else value
        for name, value in said.items()
    }


@pytest.fixture
def paths(at_length):
    """`paths(what)`: where it must show and, of all other reads, a fifth in turn, or all in the long form."""

    def of(what):
        turn, due = list(WRITES).index(what), WRITES[what][1:]
        others = [path for path in READS if path not in due]
        return [*due, *at_length(others[turn % 5 :: 5], slow=others)]

    return of


@pytest.mark.parametrize("what", WRITES)
def test_what_is_told_after_a_write_is_what_an_empty_memory_would_tell(app, what, paths):
    assert changed_by(a_busy_shop(app), what, paths(what)) >= set(WRITES[what][1:])


@pytest.mark.parametrize("what", ["a part is used", "a ticket is opened"])
def test_so_it_is_after_a_write_with_a_key(app, what, paths):
    changed = changed_by(a_busy_shop(app), what, paths(what), {"Idempotency-Key": "once"})

    assert changed >= set(WRITES[what][1:])


def changed_by(shop, what, paths, headers=None):
    """The paths that tell at least one reader something else than before."""
    method, path, said = WRITES[what][0]
    for ticket, status in OVER if what == "a customer is erased" else ():
        over = {"status": status}
        done(shop.marge.patch(f"/service-tickets/{shop.ids[ticket]}", json=over))
    before = look(shop, paths)

    json = with_ids(said, shop.ids)
    done(shop.marge.open(path.format(**shop.ids), method=method, json=json, headers=headers))

    after = look(shop, paths)
    cache.clear()
    assert after == look(shop, paths)
    return {path for path, reader in after if after[path, reader] != before[path, reader]}
