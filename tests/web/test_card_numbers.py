"""No card number is stored, in whatever text somebody types it; other numbers are."""

import random

import pytest
from marshmallow import ValidationError, fields

from app.web.card_numbers import has_card_number, may_have_card_number
from app.web.declared import declared
from app.web.texts import ANY_DIGITS, NO_CARDS, Email, Text
from tests.factories import a_manager, a_part

CARDS = [
    *("4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "4111.1111.1111.1111"),
    *("378282246310005", "3782 822463 10005", "3056 930902 5904", "6304 0000 0000 0000 000"),
    *("Visa 4111 1111 1111 1111 12/28", "12 4111111111111111", "1111 4111 1111 1111 1111"),
    *("4111_1111_1111_1111", "4111    1111    1111    1111", "41111111 11111111"),
    *("5555\u20135555\u20135555\u20134444", "4111 1111 1111 1111, 12/27, 123"),
]
OTHERS = [
    *("4111 1111 1111 1112", "12345678901234567890123", "Tel. 555-0123, 2026-11-30 14:05"),
    *("EAN 4006381333931", "IMEI 490154203237518", "1401234567890123", "GTIN 14006381333938"),
    *("1HGCM82633A004352", "12/05/2026 14:30 - 88214 mi", "+1 555 000 1234 / +1 555 000 5678"),
]


@pytest.mark.parametrize("text", CARDS)
def test_a_card_number_is_found(text):
    assert has_card_number(text)
    assert may_have_card_number(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_numbers_are_none(text):
    assert not has_card_number(text)


def test_dates_times_and_phones_in_a_note_are_hardly_ever_taken_for_one():
    rng = random.Random(4)
    taken = 0
    for _ in range(2_000):
        day = f"{rng.randint(1, 12)}/{rng.randint(1, 28)}/2026 {rng.randint(0, 23)}:{rng.randint(10, 59)}"
        phone = f"({rng.randint(200, 999)}) 555-{rng.randint(1000, 9999)}"
        taken += has_card_number(f"Called {phone}, {day}, {rng.randint(1, 200_000)} mi, {day}")
    assert taken == 0


def texts_of(app):
    """Yield the text fields of all request bodies."""
    for view in app.view_functions.values():
        schema, location = declared(view).accepts
        if schema is None or location == "query":
            continue
        for each in (kind() for kind in getattr(schema, "one_of", (type(schema),))):
            yield from of_schema(each)


def refusals_of(field, name):
    """Return what a field says against a text with a card number."""
    try:
        field.deserialize("4111 1111 1111 1111", name)
    except ValidationError as refusal:
        return refusal.messages
    return []


def of_schema(schema):
    for name, field in schema.load_fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from of_schema(inner.schema)
        elif isinstance(inner, Text) and not isinstance(inner, Email):
            yield name, inner


def test_no_text_of_any_body_takes_one_but_those_for_other_numbers(app):
    seen = set()
    for name, field in texts_of(app):
        seen.add(name)
        assert (NO_CARDS in refusals_of(field, name)) == (name not in ANY_DIGITS), name
    assert "estimate_sha256" in seen
    assert len(seen) > 30


@pytest.mark.parametrize("member", ["part_number", "name", "description", "supplier"])
def test_a_part_has_none_and_may_have_other_numbers(as_, member):
    staff, part = as_(a_manager()), a_part()
    path = f"/inventory/{part.id}"
    refused = staff.patch(path, json={member: "4111 1111 1111 1111"})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, f"/{member}")
    for other in ("4006381333931", "490154203237518", "4111 1111 1111 1112"):
        assert staff.patch(path, json={member: other}).status_code == 200
