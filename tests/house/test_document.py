"""static/swagger.yaml is what the routes say, what they answer, and valid OpenAPI 3.1."""

import re

import pytest
from openapi_spec_validator import validate

from app import create_app
from app.web import openapi
from app.web.deprecated_paths import OLDER
from tests.documented_client import swagger

APP = create_app({"FLASK_ENV": "testing"})


OPERATIONS = {
    (method.upper(), path): operation
    for path, methods in swagger()["paths"].items()
    for method, operation in methods.items()
}
METHODS = {operation["operationId"]: method for (method, _), operation in OPERATIONS.items()}


def routes():
    return {
        (method, re.sub(r"<\w+:(\w+)>", r"{\1}", rule.rule))
        for rule in APP.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith(("/docs", "/static/"))
    }


def test_the_document_is_fresh(day):
    written = openapi.SWAGGER.read_text(encoding="utf-8")
    assert written == openapi.written(APP, day), "run `python3 dev.py flask openapi`"


def test_the_document_is_valid():
    validate(swagger())


def test_every_route_is_in_the_document_and_nothing_else_is():
    assert routes() == OPERATIONS.keys()


@pytest.mark.parametrize("asked", OPERATIONS, ids=" ".join)
def test_an_operation_tells_people_what_it_is_for_and_who_may(asked):
    operation = OPERATIONS[asked]
    assert operation["summary"].endswith(".")
    assert re.search(r"Anyone may\.|For .+\.$", operation["description"])


@pytest.mark.parametrize("asked", OPERATIONS, ids=" ".join)
def test_an_operation_shows_what_was_really_sent_and_answered(asked, day):
    operation = OPERATIONS[asked]
    [(status, answer)] = [
        (status, each) for status, each in operation["responses"].items() if status < "303"
    ]
    played = [
        each
        for each in day
        if openapi.operation_id(each.rule, each.call.method) == operation["operationId"]
    ]
    statuses = {each.call.status for each in played}
    assert int(status) in statuses, f"call {asked} in the recorded day: it was answered {statuses}"
    if any(each.sent for each in played if each.call.status < 300):
        assert operation["requestBody"]["content"]["application/json"]["examples"]
    if "application/json" in answer.get("content", {}) and not operation.get("deprecated"):
        assert answer["content"]["application/json"]["examples"]


def test_it_is_small_enough_for_its_readers():
    """Some clients, such as schemathesis, keep only the first mebibyte of an answer."""
    assert len(openapi.SWAGGER.read_bytes()) < 2**20


def test_older_paths_are_marked_deprecated():
    older = {re.sub(r"<\w+:(\w+)>", r"{\1}", rule) for rule in (*OLDER, "/auth/register")}
    older.add("/customers/{owner_id}/vehicles/{vehicle_id}")
    by_method = {("PUT", "/customers"), ("PATCH", "/customers"), ("DELETE", "/customers")}
    by_method.add(("DELETE", "/service-tickets/{ticket_id}/remove-mechanic/{mechanic_id}"))
    for (method, path), operation in OPERATIONS.items():
        is_older = path in older or path.startswith("/service_tickets")
        deprecated = operation.get("deprecated", False)
        assert deprecated == (is_older or (method, path) in by_method), path


def test_tags_stand_in_the_order_in_which_a_shop_thinks():
    *order, last = [tag["name"] for tag in swagger()["tags"]]
    assert last == "older"
    todays = [each["tags"][0] for each in OPERATIONS.values() if not each.get("deprecated")]
    assert list(dict.fromkeys(todays)) == order


def test_what_is_deprecated_has_a_tag_of_its_own():
    for asked, operation in OPERATIONS.items():
        assert (operation["tags"] == ["older"]) == operation.get("deprecated", False), asked


def test_the_document_says_where_a_token_comes_from_and_keeps_its_promises_folded():
    about = swagger()["info"]["description"]
    before, folded = about.split("<details>")
    assert len(before.split()) < 60
    assert folded.endswith("</details>\n")
    scheme = swagger()["components"]["securitySchemes"]["bearer"]
    for way in ("POST /auth/login", "python3 dev.py", "flask create-manager"):
        assert way in scheme["description"]


def test_no_sentence_reads_as_an_item_of_a_numbered_list():
    """Markdown makes one of a line that begins with a number and a full stop."""
    texts = [operation["description"] for operation in OPERATIONS.values()]
    for text in (swagger()["info"]["description"], *texts):
        assert not re.search(r"^\s*\d+[.)]\s", text, re.MULTILINE)


@pytest.mark.parametrize(
    "made", ["customers", "vehicles", "service_tickets", "mechanics", "inventory"]
)
def test_what_was_made_links_to_reading_changing_and_removing_it(made):
    create = next(each for each in OPERATIONS.values() if each["operationId"] == f"{made}.create")
    linked = {METHODS[name] for name in create["responses"]["201"]["links"]}
    assert linked >= {"GET", "PUT", "PATCH", "DELETE"}
