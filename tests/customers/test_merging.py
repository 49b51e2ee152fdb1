"""One customer twice: a manager makes one of the two, and nothing is left behind."""

import pytest
import sqlalchemy as sa

from app.blueprints.customers.services.merging import references
from app.database.session import db
from app.models import Account, Customer, OdometerReading, ServiceTicket, Vehicle
from app.models.customers import ADDRESS
from tests.factories import (
    PASSWORD,
    a_customer,
    a_manager,
    a_mechanic,
    a_ticket,
    a_vehicle,
    a_walk_in,
)

MAIN_ST = dict(zip(ADDRESS, ("1 Main St", "Springfield", "OR", "97477"), strict=True))


@pytest.fixture
def marge(as_):
    return as_(a_manager(PASSWORD, name="Marge"))


def merge(by, customer, other, **said):
    return by.post(f"/customers/{customer.id}/merge", json={"from_id": other.id} | said)


def told(answer):
    return answer.status_code, answer.json.get("code")


def sign_in(client, email, password=PASSWORD):
    return client.post("/auth/login", json={"email": email, "password": password})


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


def test_the_other_leads_to_the_survivor_and_is_written_no_more(marge, as_):
    alice, twice = a_walk_in(), a_walk_in(name="Second", phone="555-0100")
    merge(marge, alice, twice)

    moved = marge.get(f"/customers/{twice.id}")

    assert told(moved) == (308, "merged")
    assert moved.headers["Location"] == f"/customers/{alice.id}"
    assert moved.json["customer_id"] == alice.id
    assert as_(a_mechanic()).get(f"/customers/{twice.id}").status_code == 308
    path = f"/customers/{twice.id}"
    assert told(marge.patch(path, json={"name": "Back"})) == (404, "not_found")
    assert told(marge.delete(path)) == (404, "not_found")
    assert told(marge.post(f"{path}/vehicles", json={"make": "Honda"})) == (404, "not_found")
    assert told(marge.get(f"{path}/vehicles")) == (404, "not_found")
    assert [each["id"] for each in marge.get("/customers").json["items"]] == [alice.id]
    assert marge.get("/customers?q=Second").json["items"] == []


def test_under_a_prefix_it_leads_there(marge):
    alice, twice = a_walk_in(), a_walk_in()
    merge(marge, alice, twice)

    moved = marge.get(f"/customers/{twice.id}", environ_overrides={"SCRIPT_NAME": "/shop"})

    assert moved.headers["Location"] == f"/shop/customers/{alice.id}"


def test_a_chain_of_merges_leads_to_its_end_at_once(marge):
    first, second, third = a_walk_in(), a_walk_in(), a_walk_in()

    merge(marge, second, first)
    merge(marge, third, second)

    for each in (first, second):
        assert marge.get(f"/customers/{each.id}").headers["Location"] == f"/customers/{third.id}"


def test_strangers_are_not_told_who_was_merged(marge, as_):
    alice, twice = a_customer(), a_walk_in()
    merge(marge, alice, twice)

    assert as_(a_customer()).get(f"/customers/{twice.id}").status_code == 404
    assert as_(alice).get(f"/customers/{twice.id}").status_code == 308


def test_the_only_sign_in_of_the_two_goes_on(marge, client, as_):
    walk_in, alice = (
        a_walk_in(email="old@example.com"),
        a_customer(PASSWORD, email="alice@example.com"),
    )
    by_alice = as_(alice)
    car = a_vehicle(walk_in)
    assert by_alice.get("/vehicles").json["items"] == []

    told = merge(marge, walk_in, alice).json

    assert (told["email"], told["has_account"]) == ("alice@example.com", True)
    assert by_alice.get("/auth/me").json["customer_id"] == walk_in.id
    assert [each["id"] for each in by_alice.get("/vehicles").json["items"]] == [car.id]
    assert sign_in(client, "alice@example.com").json["account"]["customer_id"] == walk_in.id


def test_her_list_is_hers_although_no_vehicle_was_written(marge, as_):
    """What is kept in memory is kept for the customer who asked, not for the account alone."""
    walk_in, alice = a_walk_in(), a_customer()
    car, by_alice = a_vehicle(walk_in), as_(alice)
    assert by_alice.get("/vehicles").json["items"] == []

    merge(marge, walk_in, alice)

    assert [each["id"] for each in by_alice.get("/vehicles").json["items"]] == [car.id]


def test_of_two_who_sign_in_the_manager_says_which(marge, client, as_):
    alice = a_customer(PASSWORD, email="alice@example.com")
    twice = a_customer(PASSWORD, email="ace@example.com")
    by_alice, by_twice = as_(alice), as_(twice)

    assert told(merge(marge, alice, twice)) == (409, "both_have_accounts")
    assert by_twice.get("/auth/me").status_code == 200
    answer = merge(marge, alice, twice, keep_account="other")

    assert (answer.status_code, answer.json["email"]) == (201, "ace@example.com")
    assert by_alice.get("/auth/me").status_code == 401
    assert by_twice.get("/auth/me").json["customer_id"] == alice.id
    assert sign_in(client, "alice@example.com").status_code == 401
    assert sign_in(client, "ace@example.com").status_code == 200


def test_the_sign_in_that_ends_leaves_its_address_free(marge, client):
    alice, twice = a_customer(email="alice@example.com"), a_customer(email="ace@example.com")

    assert merge(marge, alice, twice, keep_account="this").json["email"] == "alice@example.com"

    said = {"name": "Ace", "email": "ace@example.com", "password": PASSWORD}
    assert client.post("/customers", json=said).status_code == 201
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 3


@pytest.mark.parametrize("keep", ["this", "other"])
def test_an_account_that_is_not_there_can_not_be_kept(marge, keep):
    answer = merge(marge, a_walk_in(), a_walk_in(), keep_account=keep)

    assert told(answer) == (422, "invalid")
    assert answer.json["errors"][0]["pointer"] == "/keep_account"


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


def test_after_many_merges_nothing_names_a_merged_customer(marge, at_length):
    customers = [a_walk_in() for _ in range(at_length(8, slow=60))]
    for customer in customers:
        a_ticket(a_vehicle(customer))
    while len(customers) > 1:
        other = customers.pop(len(customers) // 2)
        assert merge(marge, customers[0], other).status_code == 201
        customers.append(customers.pop(0))
    for model, attribute in references():
        owners = set(db.session.scalars(sa.select(getattr(model, attribute)))) - {None}
        assert owners == {customers[0].id}, model
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OdometerReading)) == 0
    db.session.rollback()
