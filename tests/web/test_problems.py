"""Every refusal is application/problem+json with the same members, whoever refuses and why."""

import json
import re
from io import BytesIO

import pytest
from flask import abort

from tests.factories import a_customer, a_mechanic, a_part
from tests.web.second_shop import second_shop

pytestmark = pytest.mark.one_database  # what the web layer does is the same on both

MEMBERS = {"type", "title", "status", "detail", "code", "request_id"}


def is_problem(answer, status, code):
    """This refusal, with every member that a client may rely on."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    said = answer.json
    assert said.keys() >= MEMBERS
    assert (said["status"], said["code"], said["type"]) == (status, code, f"/problems#{code}")
    assert said["title"]
    assert said["detail"]
    assert said["request_id"] == answer.headers["X-Request-ID"]
    return True


def test_what_is_not_json_is_a_400(as_):
    answer = as_(a_mechanic()).post("/inventory", data="{", content_type="application/json")

    assert is_problem(answer, 400, "not_json")


def test_who_is_not_signed_in_is_told_how_to_sign_in(client):
    answer = client.get("/customers")

    assert is_problem(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="mechanic-shop"'


@pytest.mark.parametrize(
    "said", ["Bearer nonsense", "Bearer", "Bearer ", "Basic YTpi", "", "a b c"]
)
def test_a_bad_token_is_a_401_that_says_so(client, said):
    answer = client.get("/customers", headers={"Authorization": said})

    assert is_problem(answer, 401, "invalid_token")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_bad_token_is_refused_where_none_is_needed_too(client):
    answer = client.get("/inventory", headers={"Authorization": "Bearer nonsense"})

    assert is_problem(answer, 401, "invalid_token")


def test_a_role_that_may_not_is_a_403(as_):
    answer = as_(a_customer()).get("/customers")

    assert is_problem(answer, 403, "forbidden")


@pytest.mark.parametrize("path", ["/nowhere", "/inventory/abc", "/inventory/1/nowhere", "/api/no"])
def test_a_path_that_leads_nowhere_is_a_404(client, path):
    assert is_problem(client.get(path), 404, "not_found")


@pytest.mark.parametrize(
    "id", ["0", "1", "2147483647", "2147483648", "4294967297", "9223372036854775808", "-1", "1.0"]
)
def test_an_id_that_no_part_has_is_a_404(client, id):
    assert is_problem(client.get(f"/inventory/{id}"), 404, "not_found")


@pytest.mark.parametrize("id", ["٣", "٣٣", "01", "+1", "1_0", "%201", "1e0", "²"])
def test_an_id_is_written_in_one_way_only(client, id):
    for number in (1, 3, 10, 33):
        a_part(id=number)

    assert is_problem(client.get(f"/inventory/{id}"), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/service-tickets/{id}/assign-mechanic/1"),
        ("PUT", "/service-tickets/1/assign-mechanic/{id}"),
        ("POST", "/service-tickets/{id}/parts/1"),
        ("POST", "/customers/{id}/vehicles"),
        ("DELETE", "/inventory/{id}"),
        ("PATCH", "/inventory/{id}"),
    ],
)
@pytest.mark.parametrize("id", [2**31 - 1, 2**31, 2**63])
def test_an_id_that_no_row_can_have_is_a_404_for_every_method(as_, method, path, id):
    answer = as_(a_mechanic()).open(path.format(id=id), method=method, json={})

    assert is_problem(answer, 404, "not_found")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/inventory", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("/inventory/1", {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"}),
        ("/auth/login", {"POST", "OPTIONS"}),
    ],
)
def test_a_method_that_a_path_does_not_have_is_a_405_that_names_the_others(client, path, allowed):
    answer = client.open(path, method="PROPFIND")

    assert is_problem(answer, 405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == allowed


def test_a_body_that_is_too_large_is_a_413(app, as_):
    huge = b" " * (app.config["MAX_CONTENT_LENGTH"] + 1)

    answer = as_(a_mechanic()).post("/inventory", data=huge, content_type="application/json")

    assert is_problem(answer, 413, "too_large")


def test_a_body_of_another_type_is_a_415(as_):
    answer = as_(a_mechanic()).post("/inventory", data="name=Brake")

    assert is_problem(answer, 415, "unsupported_media_type")


def test_a_body_that_does_not_fit_is_a_422_that_points_at_every_fault(as_):
    answer = as_(a_mechanic()).post("/inventory", json={"price_cents": "1", "colour": "red"})

    assert is_problem(answer, 422, "invalid")
    assert {error["pointer"] for error in answer.json["errors"]} == {
        "/name",
        "/price_cents",
        "/colour",
    }
    assert all(error["detail"] for error in answer.json["errors"])


def test_the_id_that_a_request_came_with_stands_beside_its_own(client):
    first, second = (
        client.get("/nowhere", headers={"X-Request-ID": "trace-1.a_B"}) for _ in range(2)
    )

    assert first.headers["X-Request-ID"] == first.json["request_id"]
    assert re.fullmatch(r"trace-1\.a_B\.[0-9a-f]{16}", first.json["request_id"])
    assert first.json["request_id"] != second.json["request_id"]


@pytest.mark.parametrize("given", ["", "two words", "x" * 41, "a<b>", "é"])
def test_an_id_that_could_not_be_logged_is_replaced(client, given):
    answer = client.get("/inventory", headers={"X-Request-ID": given})

    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-ID"])


def test_every_request_gets_an_id_of_its_own(client):
    ids = {client.get("/inventory").headers["X-Request-ID"] for _ in range(3)}

    assert len(ids) == 3


@pytest.mark.parametrize("path", ["/static/swagger.yaml", "/docs/swagger-ui.css"])
@pytest.mark.parametrize("range", ["bytes=99999999-", "lines=0-3"])
def test_bytes_that_a_file_does_not_have_are_a_416_that_tells_its_length(client, path, range):
    answer = client.get(path, headers={"Range": range}, buffered=True)

    assert is_problem(answer, 416, "range_not_satisfiable")
    assert answer.headers["Content-Range"].startswith("bytes */")


@pytest.mark.parametrize("status", [400, 406, 408, 411, 414, 417, 418, 431])
def test_what_else_http_refuses_keeps_its_status_and_has_a_code_of_the_table(app, settings, status):
    with second_shop(settings) as shop:
        shop.add_url_rule("/refused", view_func=lambda: abort(status))
        answer = shop.test_client().get("/refused")

    assert is_problem(answer, status, "bad_request")


def test_a_sender_who_hangs_up_is_told_so_in_a_problem_too(client):
    cut_off = {"wsgi.input": BytesIO(b"{"), "CONTENT_LENGTH": "2"}

    answer = client.post("/auth/login", content_type="application/json", environ_overrides=cut_off)

    assert is_problem(answer, 400, "bad_request")


def test_of_a_body_that_fits_in_no_place_the_first_are_told(client):
    said = {f"unknown {n}": n for n in range(5000)}

    refused = client.post("/auth/login", json=said)

    assert refused.status_code == 422
    assert len(refused.json["errors"]) == 101
    assert refused.json["errors"][-1] == {"pointer": "", "detail": "4902 more places don't fit."}
    assert len(refused.get_data()) < len(json.dumps(said))
