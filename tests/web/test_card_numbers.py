"""No card number is stored, in whatever text somebody types it; other numbers are."""

import random

import pytest
from marshmallow import ValidationError, fields

from app.web.card_numbers import has_card_number, may_have_card_number
from app.web.declared import declared
from app.web.texts import FOR_NUMBERS, NO_CARDS, Email, Text
from tests.factories import a_manager, a_part, a_ticket

CARDS = [
    *("4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "4111.1111.1111.1111"),
    *("378282246310005", "3782 822463 10005", "3056 930902 5904", "6304 0000 0000 0000 000"),
    *("Visa 4111 1111 1111 1111 12/28", "12 4111111111111111", "1111 4111 1111 1111 1111"),
    *("4111_1111_1111_1111", "4111    1111    1111    1111", "41111111 11111111"),
    *("5555\u20135555\u20135555\u20134444", "4111 1111 1111 1111, 12/27, 123"),
]
OTHERS = [
    *("4111 1111 1111 1112", "12345678901234567890123", "Tel. 555-0123, 2026-11-30 14:05"),
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
        assert (NO_CARDS in refusals_of(field, name)) == (name not in FOR_NUMBERS), name
    assert FOR_NUMBERS - {"q", "key", "email"} < seen
    assert len(seen) > 30


def test_a_note_with_one_is_refused_and_a_part_number_is_not(as_):
    staff = as_(a_manager())
    path = f"/service-tickets/{a_ticket().id}"
    answer = staff.patch(path, json={"problem_description": "Card 4111 1111 1111 1111"})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/problem_description"
    part = a_part()
    assert (
        staff.patch(f"/inventory/{part.id}", json={"part_number": "4111111111111111"}).status_code
        == 200
    )
