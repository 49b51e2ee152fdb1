"""What a text is found by: the beginnings of words, kept in step with the rows that say them."""

import pytest

from app.database.session import db
from app.words import (
    LONGEST,
    MOST_WORDS,
    bare,
    phones_in,
    search_for,
    words,
    words_of_phones,
    words_of_vin,
)
from tests import factories
from tests.books import out_of_order, said, searched


def is_found(found, q):
    search = search_for(q, "US")
    return any(
        all(any(kept.startswith(word) for kept in found) for word in alternative)
        for alternative in (*search.strict, *search.loose)
    )


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("Alice Driver", "alice"),
        ("Alice Driver", "DRI"),
        ("Alice  Driver", " alice driv"),
        ("Alice Driver", "driver alice"),
        ("Alice Driver", "Driver, Alice"),
        ("Mary Anne Quimby", "mary quimby"),
        ("alice@example.com", "Alice@Example.com"),
        ("alice@example.com", "example"),
        ("ABC 123", "abc123"),
        ("ABC123", "abc 123"),
        ("AB-C 123", "abc-123"),
        ("AB·123—C", "ab123c"),
        ("BRK-1234", "1234"),
        ("BRK_1101_F", "brk1101f"),
        ("BRK_1101_F", "brk-1101"),
        ("15W-40", "15w40"),
        ("15W40", "15w-40"),
        ("O'Hara", "ohara"),
        ("O’Hara", "o'hara"),
        ("O'Hara", "hara"),
        ("Anne-Marie", "annemarie"),
        ("Annemarie", "anne-marie"),
        ("Anne Marie", "annemarie"),
        ("Größe", "GRÖ"),
        ("Strauß", "STRAUSS"),
        ("Étanchéité", "etancheite"),
        ("E\u0301tanche\u0301ite\u0301", "étanchéité"),
        ("ＭＡＨＬＥ　ＯＣ９０", "mahle oc90"),
        ("王小明", "小明"),
        ("王小明", "小明 王"),
        ("Grinding noise when braking, worse when cold and after long trips", "trips cold"),
        ("Fits 0 986 494 123 and all the others of the same family, front only", "0986494123"),
        ("Changed to 15W 40 at 120.000 km; leaks again at the rear since then", "15w40"),
        ("Changed to 15W-40 at 120.000 km; leaks again at the rear since then", "120000"),
    ],
)
def test_is_found(text, q):
    assert is_found(words(text), q)


@pytest.mark.parametrize("q", ["1hgcm", "004352", "4352", "82633A004352", "1HGCM-82633-A-004352"])
def test_a_vin_is_found_by_its_beginning_and_its_end(q):
    assert is_found(words_of_vin("1HGCM82633A004352"), q)


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("+1 (415) 555-0132", "4155550132"),
        ("+1 (415) 555-0132", "555) 01"),
        ("+1 (415) 555-0132", "(415) 555"),
        ("+1 (415) 555-0132", "0132"),
        ("+1 (415) 555-0132", "555-0132"),
        ("+1 (415) 555-0132", "55550132"),
        ("415.555.0132", "+1 415 555 0132"),
        ("4155550132", "(415) 555-0132"),
        ("１（４１５）５５５－０１３２", "4155550132"),
        ("020 7946 0018", "+44 20 7946 0018"),
        ("+44 20 7946 0018", "020 7946 0018"),
        ("0044 20 7946 0018", "02079460018"),
        ("415-555-0132 (wife, after 5)", "wife"),
        ("415-555-0132 (wife, after 5)", "4155550132"),
        ("415-555-0132 / 212-555-0199", "4155550132"),
        ("415-555-0132 / 212-555-0199", "2125550199"),
        ("415-555-0132, 212-555-0199", "0199"),
        ("555-0100", "5550100"),
    ],
)
def test_a_phone_is_found_in_every_form(text, q):
    assert is_found(words_of_phones(text, "US"), q)


def test_the_country_of_the_shop_says_how_a_national_number_is_read():
    assert "442079460018" in phones_in("020 7946 0018", "GB")
    assert "442079460018" not in phones_in("020 7946 0018", "US")


@pytest.mark.parametrize("q", ["", "  ", "%", "-", "!?", "\u200b", "'"])
def test_signs_alone_ask_for_nothing(q):
    assert search_for(q, "US") == ((), (), ())


@pytest.mark.parametrize("q", ["lice", "drivers", "alice x", "driver alice bob"])
def test_is_not_found(q):
    assert not is_found(words("Alice Driver"), q)


@pytest.mark.parametrize("text", ["ß" * 100, "王" * 100, "a b c d " * 40, "1-" * 99, "a@b." * 50])
def test_words_are_bounded(text):
    search = search_for(text, "US")

    assert all(len(word) <= LONGEST for word in words(text) | words_of_phones(text, "US"))
    assert all(len(each) <= MOST_WORDS for each in (*search.strict, *search.loose))
    assert all(len(word) <= LONGEST for each in search.loose for word in each)
    assert len(search.strict) <= 4
    assert len(search.loose) <= 3
    assert len(search.whole) <= 4


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
        assert out_of_order() == []


def test_nothing_finds_a_customer_who_is_erased(as_):
    alice = factories.a_customer(name="Alice Driver", phone="555-0100")
    marge = as_(factories.a_manager())

    assert marge.delete(f"/customers/{alice.id}").status_code == 204

    words_of_hers = {"alicedriver", "driver", "5550100", "0100", bare(alice.email)}
    assert not words_of_hers & {word for _, _, word in searched()}
