"""What is let in is a JSON object that means the same to everybody; anything else is refused."""

import pytest

from tests.factories import a_manager, a_mechanic, a_part, a_ticket

pytestmark = pytest.mark.one_database  # what the web layer does is the same on both


def nested(lists, inside=b""):
    return b'{"name": ' + b"[" * lists + inside + b"]" * lists + b"}"


NOT_JSON = {
    "a form": b"name=Brake",
    "cut short": b'{"name": "Brake',
    "two documents": b'{"name": "Brake"} {}',
    "single quotes": b"{'name': 'Brake'}",
    "not UTF-8": '{"name": "Bouché"}'.encode("latin-1"),
    "UTF-16": '{"name": "Brake"}'.encode("utf-16"),
    "a lone surrogate": rb'{"name": "\ud800"}',
    "a lone surrogate as a member": rb'{"name": "Brake", "\udc00": 1}',
    "nested 100,000 deep": nested(100_000),
    "100,000 openings": b"[" * 100_000,
    "nested 21 deep": nested(20),
    "a member twice": b'{"name": "Brake", "name": "Clutch"}',
    "a member twice further in": b'{"name": "Brake", "more": [{"a": 1, "a": 1}]}',
    "NaN": b'{"name": "Brake", "price_cents": NaN}',
    "Infinity": b'{"name": "Brake", "price_cents": Infinity}',
    "minus Infinity": b'{"name": "Brake", "price_cents": -Infinity}',
    "1e999999": b'{"name": "Brake", "price_cents": 1e999999}',
    "more digits than Python reads": b'{"price_cents": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("raw", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_what_is_not_json_is_a_400(post, raw):
    answer = post(raw)

    assert (answer.status_code, answer.json["code"]) == (400, "not_json")


@pytest.mark.parametrize("inside", [b"", b"1"], ids=["nothing", "a number"])
def test_twenty_levels_are_read_and_then_judged_by_their_meaning(post, inside):
    assert post(nested(19, inside)).status_code == 422


@pytest.mark.parametrize("raw", [b"[]", b'"Brake"', b"1", b"null", b"true", b'[{"name": "Brake"}]'])
def test_json_that_is_no_object_does_not_fit(post, raw):
    answer = post(raw)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [""]


@pytest.mark.parametrize("raw", [b"", b"{}"])
def test_an_empty_body_lacks_what_is_required(post, raw):
    answer = post(raw)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/name", "/price_cents"]


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_body_of_another_type_is_a_415(post, kind):
    answer = post(b'{"name": "Brake", "price_cents": 900}', kind)

    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/merge-patch+json"]
)
def test_every_way_to_say_json_is_understood(post, kind):
    assert post(b'{"name": "Brake", "price_cents": 900}', kind).status_code == 201


def test_an_act_that_needs_no_body_needs_no_content_type_either(bob):
    ticket, mechanic = a_ticket(), a_mechanic()

    assert bob.put(f"/service-tickets/{ticket.id}/assign-mechanic/{mechanic.id}").status_code == 200


def test_a_body_at_the_limit_is_read_and_one_byte_more_is_a_413(app, post):
    most = app.config["MAX_CONTENT_LENGTH"]
    brake = b'{"name": "Brake", "price_cents": 900}'

    assert post(brake.ljust(most)).status_code == 201
    answer = post(brake.ljust(most + 1))
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_a_stranger_cannot_send_more_either(app, client):
    huge = b" " * (app.config["MAX_CONTENT_LENGTH"] + 1)

    answer = client.post("/customers", data=huge, content_type="application/json")

    assert answer.status_code == 413


def test_an_unknown_member_is_pointed_at_and_never_dropped(bob):
    answer = bob.post(
        "/inventory", json={"name": "Brake", "price_cents": 900, "colour": "red", "a/b~c": 1}
    )

    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json["errors"]} == {"/colour", "/a~1b~0c"}


def test_a_fault_inside_a_list_is_pointed_at_where_it_is(bob):
    ticket, part = a_ticket(), a_part(1)
    parts = [{"part_id": part.id}, {"part_id": "second"}]

    answer = bob.post(f"/service-tickets/{ticket.id}/parts", json={"parts": parts})

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/parts/1/part_id"]


@pytest.mark.parametrize("item", [1, "abc", True, ["ab", "cd"], None])
def test_what_is_no_object_in_a_list_is_refused(as_, item):
    at = f"/service-tickets/{a_ticket().id}/parts"
    answer = as_(a_manager()).post(at, json={"parts": [item]})
    assert (answer.status_code, answer.json["errors"][0]["pointer"][:8]) == (422, "/parts/0")
