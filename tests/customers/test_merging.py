"""One customer twice: a manager makes one of the two, and nothing is left behind."""

import sqlalchemy as sa

from app.blueprints.customers.services.merging import references
from app.database.session import db
from app.models import Customer, Invoice, OdometerReading, ServiceTicket, TicketStatus, Vehicle
from app.models.customers import ADDRESS
from tests.customers.merging import merge, told
from tests.factories import a_customer, a_ticket, a_vehicle, a_walk_in

MAIN_ST = dict(zip(ADDRESS, ("1 Main St", "Springfield", "OR", "97477"), strict=True))


def test_everything_of_the_other_is_the_survivors(marge):
    alice, twice = a_walk_in(name="Alice Ace"), a_walk_in(name="A. Ace")
    car = a_vehicle(twice)
    ticket = a_ticket(car)
    before = marge.get(f"/service-tickets/{ticket.id}").json["version"]

    answer = merge(marge, alice, twice)

    assert (answer.status_code, answer.json["id"]) == (201, alice.id)
    assert answer.headers["Location"] == f"/customers/{alice.id}"
    assert [each["id"] for each in marge.get(f"/customers/{alice.id}/vehicles").json["items"]] == [
        car.id
    ]
    moved = marge.get(f"/service-tickets/{ticket.id}").json
    assert moved["customer"] == {"id": alice.id, "name": "Alice Ace"}
    assert moved["version"] > before


def test_lists_that_were_kept_tell_the_new_owner(marge):
    alice, twice = a_walk_in(name="Alice Ace"), a_walk_in(name="A. Ace")
    a_ticket(a_vehicle(twice))
    assert [each["customer"]["name"] for each in marge.get("/service-tickets").json["items"]] == [
        "A. Ace"
    ]

    merge(marge, alice, twice)

    [ticket] = marge.get("/service-tickets").json["items"]
    assert ticket["customer"] == {"id": alice.id, "name": "Alice Ace"}
    assert marge.get(f"/service-tickets?customer_id={twice.id}").json["items"] == []


def test_what_the_survivor_lacks_is_taken_from_the_other_and_an_address_whole(marge):
    alice = a_walk_in(name="Alice", city="Boulder")
    twice = a_walk_in(name="A.", phone="555-0100", email="alice@example.com", **MAIN_ST)

    told = merge(marge, alice, twice).json

    assert (told["name"], told["phone"], told["email"]) == (
        "Alice",
        "555-0100",
        "alice@example.com",
    )
    assert [told[name] for name in ADDRESS] == [None, "Boulder", None, None]
    told = merge(marge, a_walk_in(), alice).json
    assert [told[name] for name in ADDRESS] == [None, "Boulder", None, None]


def test_what_the_survivor_knows_stays(marge):
    alice = a_walk_in(phone="555-0100", email="alice@example.com", **MAIN_ST)
    twice = a_walk_in(phone="555-0199", email="ace@example.com", city="Boulder")

    told = merge(marge, alice, twice).json

    assert (told["phone"], told["email"]) == ("555-0100", "alice@example.com")
    assert {name: told[name] for name in ADDRESS} == MAIN_ST


def test_what_can_not_be_merged(marge):
    alice, erased, merged = a_walk_in(), a_walk_in(), a_walk_in()
    marge.delete(f"/customers/{erased.id}")
    merge(marge, alice, merged)

    assert told(merge(marge, alice, alice)) == (409, "cannot_merge")
    assert told(merge(marge, alice, erased)) == (409, "cannot_merge")
    assert told(merge(marge, alice, merged)) == (409, "cannot_merge")
    for gone in (erased, merged):
        assert told(merge(marge, gone, alice)) == (404, "not_found")
    nobody = marge.post(f"/customers/{alice.id}/merge", json={"from_id": alice.id + 1000})
    assert told(nobody) == (404, "not_found")


def test_a_merge_decided_on_an_older_version_is_not_done(marge):
    alice, twice = a_walk_in(), a_walk_in()
    held = marge.get(f"/customers/{alice.id}").headers["ETag"]
    marge.patch(f"/customers/{alice.id}", json={"city": "Boulder"})

    path, said = f"/customers/{alice.id}/merge", {"from_id": twice.id}
    overtaken = marge.post(path, json=said, headers={"If-Match": held})

    assert told(overtaken) == (412, "precondition_failed")
    assert marge.get(f"/customers/{twice.id}").status_code == 200


def test_a_merge_sent_twice_under_one_key_is_one(marge):
    alice, twice = a_walk_in(), a_walk_in()
    path, said = f"/customers/{alice.id}/merge", {"from_id": twice.id}

    answers = [
        marge.post(path, json=said, headers={"Idempotency-Key": "merge-1"}) for _ in range(2)
    ]

    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].data == answers[1].data


def test_each_row_that_moved_is_on_record(marge):
    alice, twice = a_walk_in(), a_walk_in(name="A. Ace")
    car = a_vehicle(twice)
    ticket = a_ticket(car)

    merge(marge, alice, twice)

    for entity, row in (("vehicle", car), ("service_ticket", ticket)):
        [entry, *_] = marge.get(f"/audit?entity={entity}&entity_id={row.id}").json["items"]
        assert (entry["action"], entry["name"]) == ("changed", "Marge")
        assert entry["before"] == {"customer_id": twice.id}
        assert entry["after"] == {"customer_id": alice.id}
    [emptied, *_] = marge.get(f"/audit?entity=customer&entity_id={twice.id}").json["items"]
    assert emptied["before"]["name"] == "A. Ace"
    assert emptied["after"]["merged_into_id"] == alice.id


def test_to_erase_the_survivor_forgets_what_was_merged_into_it(marge):
    alice, twice = a_customer(name="Alice Ace"), a_customer(name="Al Ace", email="ace@example.com")
    path = f"/customers/{twice.id}"
    marge.patch(path, json={"phone": "555-0100", "address": "1 Main St"})
    marge.post(f"{path}/vehicles", json={"license_plate": "ABC 123"})
    merge(marge, alice, twice, keep_account="this")

    assert marge.delete(f"/customers/{alice.id}").status_code == 204

    kept = str([db.session.execute(table.select()).all() for table in db.metadata.sorted_tables])
    db.session.rollback()
    personal = ("Ace", "ace@", "555-0100", "1 Main St", "ABC 123")
    assert [said for said in personal if said in kept] == []
    assert marge.get(path).status_code == 404


def test_every_reference_to_a_customer_moves():
    """A new table that names customers is in it by itself; one without a model would be forgotten."""
    named = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if column.references(Customer.__table__.c.id)
    }
    moving = {f"{model.__tablename__}.{attribute}" for model, attribute in references()}
    assert moving == named
    assert moving >= {
        "vehicles.customer_id",
        "service_tickets.customer_id",
        "customers.merged_into_id",
    }
    tables = [model for model, _ in references()]
    assert tables.index(ServiceTicket) < tables.index(Vehicle) < tables.index(Customer)
    assert tables.index(Vehicle) < tables.index(Invoice)


def test_after_many_merges_nothing_names_a_merged_customer(marge, at_length):
    customers = [a_walk_in() for _ in range(at_length(8, slow=60))]
    for customer in customers:
        ticket = a_ticket(a_vehicle(customer), status=TicketStatus.READY)
        path, labor = f"/service-tickets/{ticket.id}", {"kind": "labor", "flat_price_cents": 100}
        body = {"name": "Oil", "lines": [labor | {"billed_minutes": 6}]}
        assert marge.post(f"{path}/jobs", json=body).status_code == 201
        invoice = marge.post(f"{path}/invoice", json={}).json["id"]
        cash, key = {"amount_cents": 5, "method": "cash"}, {"Idempotency-Key": f"k{ticket.id}"}
        assert marge.post(f"{path}/payments", json=cash, headers=key).status_code == 201
        path, body = f"/invoices/{invoice}/credit-notes", {"reason": "Wrong", "all": True}
        key = {"Idempotency-Key": f"c{ticket.id}"}
        assert marge.post(path, json=body, headers=key).status_code == 201
    while len(customers) > 1:
        other = customers.pop(len(customers) // 2)
        assert merge(marge, customers[0], other).status_code == 201
        customers.append(customers.pop(0))
    for model, attribute in references():
        owners = set(db.session.scalars(sa.select(getattr(model, attribute)))) - {None}
        assert owners == {customers[0].id}, model
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OdometerReading)) == 0
    db.session.rollback()


def test_an_address_that_nobody_has_verified_is_not_verified_by_a_merge(marge):
    walk_in = a_walk_in(email="at-the-desk@example.com", email_verified=True)
    alice = a_customer(email_verified=False)
    merge(marge, walk_in, alice)
    seen = marge.get(f"/customers/{walk_in.id}").json
    assert (seen["email"], seen["email_verified"]) == (alice.email, False)


def test_an_exemption_from_taxes_is_taken_over(marge):
    church, other = a_walk_in(), a_walk_in(tax_exempt=True, tax_exempt_number="E-1")
    merge(marge, church, other)
    terms = marge.get(f"/customers/{church.id}/billing-terms").json
    assert (terms["tax_exempt"], terms["tax_exempt_number"]) == (True, "E-1")
