"""What a search finds: the beginnings of words, kept in step with the rows that say them."""

import pytest

from app.extensions import db
from app.models.search import sought, words
from tests import factories
from tests.books import said, searched


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("Alice Driver", "alice"),
        ("Alice Driver", "DRI"),
        ("Alice  Driver", " alice driv"),
        ("alice@example.com", "Alice@Example.com"),
        ("alice@example.com", "example"),
        ("+1 (555) 010-2030", "555) 010"),
        ("+1 (555) 010-2030", "15550102030"),
        ("+1 (555) 010-2030", "(555) 010"),
        ("ABC 123", "abc123"),
        ("AB-C 123", "abc-123"),
        ("1HGCM82633A004352", "1hgcm"),
        ("1HGCM82633A004352", "004352"),
        ("BRK-1234", "1234"),
        ("Größe", "GRÖ"),
        ("Grinding noise when braking, worse when cold and after long trips", "cold and"),
    ],
)
def test_is_found(text, q):
    assert any(word.startswith(each) for each in sought(q) for word in words(text))


@pytest.mark.parametrize("q", ["", "  ", "%", "-", "!?"])
def test_signs_alone_find_nothing(q):
    assert sought(q) == set()


@pytest.mark.parametrize("q", ["lice", "drivers", "alicedriver"])
def test_is_not_found(q):
    assert not any(word.startswith(each) for each in sought(q) for word in words("Alice Driver"))


def changed(as_):
    """Words of every kind of row, then other words, then none."""
    marge = as_(factories.a_manager(name="Marge Rivers"))
    car = factories.a_vehicle(license_plate="ABC 123")
    part, ticket, owner_id = (
        factories.a_part(name="Ceramic pad"),
        factories.a_ticket(car),
        car.customer_id,
    )
    car_id, part_id, ticket_id = car.id, part.id, ticket.id
    yield
    marge.patch(f"/vehicles/{car_id}", json={"license_plate": "XYZ 9"})
    marge.patch(f"/inventory/{part_id}", json={"name": "Rotor", "manufacturer": "Acme"})
    marge.patch(f"/service-tickets/{ticket_id}", json={"problem_description": "Squeal"})
    yield
    assert marge.delete(f"/service-tickets/{ticket_id}").status_code == 204
    assert marge.delete(f"/vehicles/{car_id}").status_code == 204
    assert marge.delete(f"/customers/{owner_id}").status_code == 204
    yield


def test_the_words_are_those_of_the_rows(as_):
    for _ in changed(as_):
        db.session.rollback()
        assert searched() == said() != set()


def test_nothing_finds_a_customer_who_is_erased(as_):
    alice = factories.a_customer(name="Alice Driver", phone="555-0100")
    marge = as_(factories.a_manager())

    assert marge.delete(f"/customers/{alice.id}").status_code == 204

    words_of_hers = {"alice driver", "driver", "555-0100", "5550100", alice.email}
    assert not words_of_hers & {word for _, _, word in searched()}
