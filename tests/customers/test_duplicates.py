"""Who may be one customer, taken in twice: the same name, phone number or e-mail address."""

import pytest

from app.blueprints.customers.queries.duplicates import AT_MOST
from tests.factories import a_customer, a_manager, a_mechanic, a_walk_in
from tests.web.overheard import overheard


@pytest.fixture
def bob(as_):
    return as_(a_mechanic(name="Bob"))


def duplicates(by, customer):
    answer = by.get(f"/customers/{customer.id}/duplicates")
    assert answer.status_code == 200
    return [(each["id"], each["agrees_in"]) for each in answer.json["items"]]


ALICE = {"name": "Alice O'Brien", "phone": "+1 (415) 555-0132", "email": "alice@example.com"}


@pytest.mark.parametrize(
    ("facts", "agrees_in"),
    [
        ({"name": "ALICE OBRIEN"}, ["name"]),
        ({"name": "Alice O\u2019Brien"}, ["name"]),
        ({"phone": "4155550132"}, ["phone"]),
        ({"phone": "415.555.0132 (work 212-555-0100)"}, ["phone"]),
        ({"email": "alice@example.com"}, ["email"]),
        ({"name": "alice o'brien", "phone": "415 555 0132"}, ["name", "phone"]),
    ],
)
def test_what_is_written_another_way_agrees(bob, facts, agrees_in):
    alice, twice = a_walk_in(**ALICE), a_walk_in(**facts)
    assert duplicates(bob, alice) == [(twice.id, agrees_in)]
    assert duplicates(bob, twice) == [(alice.id, agrees_in)]


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "Alice O'Brien Jr"},
        {"phone": "415 555 0133"},
        {"phone": "0132"},
        {"email": "alice@example.com.au"},
        {"email": "a.lice@example.com"},
        {"email": None, "phone": None},
    ],
)
def test_other_facts_do_not_agree(bob, facts):
    alice = a_walk_in(**ALICE)
    a_walk_in(**facts)
    assert duplicates(bob, alice) == []


def test_nothing_known_is_nothing_in_common(bob):
    first, second = a_walk_in(), a_walk_in()
    assert (duplicates(bob, first), duplicates(bob, second)) == ([], [])


def test_most_alike_first_and_not_the_erased_or_merged(bob, as_):
    alice = a_walk_in(**ALICE)
    by_name, by_all = a_walk_in(name=ALICE["name"]), a_customer(**ALICE)
    erased, merged = a_walk_in(**ALICE), a_walk_in(**ALICE)
    marge = as_(a_manager())
    assert marge.delete(f"/customers/{erased.id}").status_code == 204
    other = a_walk_in()
    wanted = {"from_id": merged.id}
    assert marge.post(f"/customers/{other.id}/merge", json=wanted).status_code == 201

    found = duplicates(bob, alice)

    assert found[0] == (by_all.id, ["name", "phone", "email"])
    assert (by_name.id, ["name"]) in found
    # The survivor took the phone and the e-mail address of the record that was merged.
    assert {row_id for row_id, _ in found} == {by_all.id, by_name.id, other.id}


def test_at_most_20_in_as_many_statements(bob):
    alice, statements = a_walk_in(**ALICE), []
    for many in (1, AT_MOST + 5):
        for _ in range(many):
            a_walk_in(name=ALICE["name"], phone=ALICE["phone"])
        with overheard() as executed:
            found = duplicates(bob, alice)
        statements.append(len(executed))
    assert len(found) == AT_MOST
    assert statements[0] == statements[1]


def test_the_most_alike_is_not_cut_off_by_many_with_the_same_phone(bob):
    alice = a_walk_in(**ALICE)
    for _ in range(AT_MOST + 5):
        a_walk_in(phone=ALICE["phone"])
    twice = a_walk_in(name=ALICE["name"], phone=ALICE["phone"])

    found = duplicates(bob, alice)

    assert (len(found), found[0]) == (AT_MOST, (twice.id, ["name", "phone"]))


def test_customers_may_not_ask_and_nobody_is_not_found(bob, as_):
    alice = a_customer()
    assert as_(alice).get(f"/customers/{alice.id}/duplicates").status_code == 403
    assert bob.get("/customers/999999/duplicates").status_code == 404
