"""The contract can't lie: each fault planted here, in the document, the answers or the day, is found."""

import copy

import pytest

from tests.documented_client import check, swagger
from tests.factories import a_manager, a_part, a_ticket


@pytest.fixture
def document():
    """A document to plant a fault in."""
    return copy.deepcopy(swagger())


def answers(document, path, method="get"):
    return document["paths"][path][method]["responses"]


def shape(document, name):
    return document["components"]["schemas"][name]


def a_status_that_is_not_documented(document):
    del answers(document, "/inventory/{part_id}")["200"]


def a_member_under_another_name(document):
    properties = shape(document, "PartOut")["properties"]
    properties["price"] = properties.pop("price_cents")
    shape(document, "PartOut")["required"].remove("price_cents")
    shape(document, "PartOut")["required"].append("price")


def a_member_of_another_type(document):
    shape(document, "PartOut")["properties"]["price_cents"]["type"] = "string"


def a_body_of_another_type(document):
    content = answers(document, "/inventory/{part_id}")["200"]["content"]
    content["text/html"] = content.pop("application/json")


def a_body_where_none_is_promised(document):
    del answers(document, "/inventory/{part_id}")["200"]["content"]


def a_header_that_is_not_documented(document):
    del answers(document, "/inventory/{part_id}")["200"]["headers"]["ETag"]


def a_header_that_is_missing(document):
    headers = answers(document, "/inventory/{part_id}")["200"]["headers"]
    headers["Location"] = {"$ref": "#/components/headers/Location"}


def a_header_of_another_form(document):
    document["components"]["headers"]["ETag"]["schema"]["pattern"] = "^[0-9]+$"


def a_path_that_is_not_documented(document):
    del document["paths"]["/inventory/{part_id}"]


def a_method_that_is_not_documented(document):
    del document["paths"]["/inventory/{part_id}"]["get"]


@pytest.mark.parametrize(
    "plant",
    [
        a_status_that_is_not_documented,
        a_member_under_another_name,
        a_member_of_another_type,
        a_body_of_another_type,
        a_body_where_none_is_promised,
        a_header_that_is_not_documented,
        a_header_that_is_missing,
        a_header_of_another_form,
        a_path_that_is_not_documented,
        a_method_that_is_not_documented,
    ],
)
def test_an_answer_that_the_document_does_not_promise_is_found(as_, document, plant):
    path = f"/inventory/{a_part().id}"
    answer = as_(a_manager()).get(path)
    check("GET", path, answer)

    plant(document)

    with pytest.raises(AssertionError):
        check("GET", path, answer, document)


def test_a_refusal_with_a_code_that_is_not_documented_is_found(as_, document):
    ticket, part = a_ticket(), a_part(in_stock=1)
    path = f"/service-tickets/{ticket.id}/parts/{part.id}"
    answer = as_(a_manager()).post(path, json={"quantity_used": 2})
    check("POST", path, answer)

    for response in document["components"]["responses"].values():
        of_problems = response.get("content", {}).get("application/problem+json", {"examples": {}})
        of_problems["examples"].pop("out_of_stock", None)

    with pytest.raises(AssertionError, match="out_of_stock is not documented"):
        check("POST", path, answer, document)
