"""The working day: every operation, played to the shop, and written down for Postman."""

import json
import re

import pytest

from app.cli.walkthrough import play, postman
from app.cli.walkthrough.scenes import DAY
from app.errors import every_refusal
from app.web.openapi import operation_id
from tests.documented_client import swagger
from tests.factories import PASSWORD, a_manager, a_vin

OF_PROGRAMS = re.compile(r"`|\b(GET|POST|PUT|PATCH|DELETE) /|\b[a-z]+_[a-z_]+\b|\bJSON\b")
CALLS = [call for scene in DAY for call in scene.calls]
OPERATIONS = {
    operation["operationId"]
    for operations in swagger()["paths"].values()
    for operation in operations.values()
}


@pytest.fixture
def requests(day):
    folders = postman.collection(day)["item"]
    return [request for folder in folders for request in folder["item"]]


def script(request):
    return "\n".join(
        line
        for event in request["event"]
        for line in event["script"]["exec"]
        if event["listen"] == "test"
    )


@pytest.mark.nightly  # the collection, which is compared byte by byte, is made of such a day
def test_the_day_goes_the_same_way_again(app):
    marge = a_manager(password=PASSWORD)
    for run in ("", "-2"):
        of_this_run = {"run": run, "car_vin": a_vin(), "older_vin": a_vin()}
        who = {"manager_email": marge.email, "manager_password": PASSWORD}
        assert len(list(play.play(app, of_this_run | who))) == len(CALLS)


def test_an_answer_that_is_another_is_told(app):
    marge = a_manager(password=PASSWORD)
    who = {"manager_email": marge.email, "manager_password": "not her password"}
    with pytest.raises(play.AnotherAnswer, match=r"The manager signs in: .*its status is 401"):
        list(play.play(app, play.AT_FIRST | who))


def test_every_operation_succeeds_in_the_course_of_it(day):
    succeeded = {
        operation_id(each.rule, each.call.method) for each in day if each.call.status < 400
    }
    assert succeeded == OPERATIONS


def test_it_meets_refusals_of_many_kinds():
    assert {call.status for call in CALLS} >= {304, 400, 401, 403, 404, 409, 412, 415, 422}


def test_the_collection_is_fresh(day):
    written = postman.COLLECTION.read_text(encoding="utf-8")
    assert written == postman.written(day), "run `python3 dev.py flask postman`"


def test_the_environment_beside_it_is_fresh_and_asks_for_nothing_but_a_manager():
    written = postman.ENVIRONMENT.read_text(encoding="utf-8")
    assert written == postman.environment(), "run `python3 dev.py flask postman`"
    values = {each["key"]: each for each in json.loads(written)["values"]}
    assert values.keys() == {"baseUrl", "manager_email", "manager_password"}
    assert (values["manager_password"]["type"], values["manager_password"]["value"]) == (
        "secret",
        "",
    )


def test_every_variable_is_declared_and_what_signs_in_is_a_secret(day):
    made = postman.collection(day)
    kinds = {each["key"]: each["type"] for each in made["variable"]}
    assert set(re.findall(r"{{(\w+)}}", json.dumps(made))) <= kinds.keys()
    assert (
        set(re.findall(r'(?:known|collectionVariables)\.set\(\\"(\w+)', json.dumps(made)))
        <= kinds.keys()
    )
    secrets = {key for key, kind in kinds.items() if kind == "secret"}
    assert secrets >= {"manager_password", "manager_token", "bob_token", "alice_refresh_token"}
    assert {each["value"] for each in made["variable"] if each["key"] in secrets} == {""}


def test_a_request_inherits_who_makes_it_unless_it_says_otherwise(day):
    made, played = postman.collection(day), iter(day)
    for folder in made["item"]:
        for request in folder["item"]:
            auth = request["request"].get("auth", folder["auth"])
            token = auth["bearer"][0]["value"] if auth["type"] == "bearer" else None
            by = next(played).call.as_
            assert token == (f"{{{{{by}_token}}}}" if by else None), request["name"]
        said = [request["name"] for request in folder["item"] if "auth" in request["request"]]
        assert len(said) < len(folder["item"]) * 2 / 3, folder["name"]


def test_each_request_says_what_it_is_for_and_shows_an_answer(requests, day):
    for request, played in zip(requests, day, strict=True):
        assert re.search(r"Anyone may\.|For .+\.", request["request"]["description"])
        [example] = request["response"]
        assert example["code"] == played.call.status
        assert example["originalRequest"]["url"] == request["request"]["url"]
        if played.answer is not None:
            assert json.loads(example["body"]).keys() == played.answer.keys()


def test_a_refusal_speaks_to_people_in_their_words(day):
    """No paths, no members, no code: those stand in the document."""
    for each in day:
        if each.call.status >= 400 and "detail" in (each.answer or {}):
            of_programs = each.answer["code"] in ("not_json", "unsupported_media_type")
            assert of_programs or not OF_PROGRAMS.search(each.answer["detail"]), each.answer[
                "detail"
            ]
    for refusal in every_refusal():
        if refusal.status not in (400, 405, 413, 415, 416):
            assert not OF_PROGRAMS.search(refusal().detail), refusal.code


def test_what_a_request_of_the_collection_takes_up_another_has_put_down(requests):
    known = {"baseUrl", "manager_email", "manager_password", "run", "car_vin", "older_vin"}
    for request in requests:
        taken = set(re.findall(r"{{(\w+)}}", json.dumps(request)))
        known |= set(re.findall(r'collectionVariables\.set\("(\w+)"', script(request)))
        assert taken <= known, f"{request['name']} needs {taken - known}"


def test_each_request_says_its_status_its_shape_and_what_matters(requests, day):
    said = [script(request).count("pm.test(") for request in requests]
    assert min(said) >= 2
    assert sum(said) / len(said) >= 3
    for request, played in zip(requests, day, strict=True):
        assert f"to.have.status({played.call.status})" in script(request), request["name"]
        for path in (*played.call.expects, *played.call.omits):
            [member] = re.findall(r"(\w+)(?:\.\d+)*$", path)
            assert re.search(rf'expect\([^)]*\.{member}\b|property\("{member}"', script(request))
