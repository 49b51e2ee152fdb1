"""Which sites may ask, where everything is to be found, and whose address is believed."""

import html
import json
import re
from urllib.parse import urljoin

import pytest

from tests.documented_client import read_yaml
from tests.factories import a_manager, a_part
from tests.web.second_shop import second_shop

pytestmark = pytest.mark.one_database  # what the web layer does is the same on both

FRONT_END = "https://shop.example"
EXPOSED = {
    "deprecation",
    "etag",
    "link",
    "location",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "sunset",
    "x-request-id",
}


@pytest.fixture
def with_front_end(app, settings):
    """A stranger at a shop whose one front end is at FRONT_END."""
    with second_shop(settings, CORS_ORIGINS=f"{FRONT_END}, https://other.example") as shop:
        yield shop.test_client()


def test_a_known_front_end_may_read_the_answer_and_its_headers(with_front_end):
    answer = with_front_end.get("/inventory", headers={"Origin": FRONT_END})

    assert answer.headers["Access-Control-Allow-Origin"] == FRONT_END
    exposed = answer.headers["Access-Control-Expose-Headers"].lower()
    assert {name.strip() for name in exposed.split(",")} >= EXPOSED
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize("path", ["/customers", "/nowhere", "/inventory?page=0"])
def test_it_may_read_a_refusal_too(with_front_end, path):
    answer = with_front_end.get(path, headers={"Origin": FRONT_END})

    assert answer.headers["Access-Control-Allow-Origin"] == FRONT_END


def test_it_may_read_that_what_it_holds_was_overtaken(with_front_end):
    asked = {"Origin": FRONT_END, "If-Match": '"1.another"'}
    answer = with_front_end.get("/inventory", headers=asked)

    assert answer.status_code == 412
    assert answer.headers["Access-Control-Allow-Origin"] == FRONT_END


def asked_before(client, origin):
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization, content-type, idempotency-key, if-match",
    }
    return client.options("/inventory/1", headers=asked)


def test_its_browser_may_ask_before_it_sends(with_front_end):
    answer = asked_before(with_front_end, FRONT_END)

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == FRONT_END
    assert answer.headers["Access-Control-Max-Age"] == "600"
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    assert all(name in allowed for name in ("authorization", "idempotency-key", "if-match"))


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{FRONT_END}.evil.example"])
def test_no_other_site_may(with_front_end, origin):
    read = with_front_end.get("/inventory", headers={"Origin": origin})

    for answer in (read, asked_before(with_front_end, origin)):
        assert "Access-Control-" not in str(answer.headers)


def test_without_a_front_end_no_site_may(client):
    answer = client.get("/inventory", headers={"Origin": FRONT_END})

    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", ["/inventory", "/inventory/{id}", "/healthz", "/docs"])
@pytest.mark.parametrize("prefix", ["", "/api"])
def test_a_slash_at_the_end_makes_no_difference(client, path, prefix):
    path = prefix + path.format(id=a_part().id)

    bare, slashed = client.get(path), client.get(path + "/")

    assert bare.status_code == slashed.status_code
    assert bare.status_code == (302 if path == "/api/docs" else 200)
    assert bare.get_data() == slashed.get_data()


def test_a_post_with_a_slash_arrives_with_its_body(as_):
    answer = as_(a_manager()).post("/inventory/", json={"name": "Brake", "price_cents": 900})

    assert (answer.status_code, answer.json["name"]) == (201, "Brake")


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_what_was_made_is_found_under_the_prefix_it_was_made_under(as_, prefix):
    marge = as_(a_manager())

    answer = marge.post(f"{prefix}/inventory", json={"name": "Brake", "price_cents": 900})

    assert answer.headers["Location"] == f"{prefix}/inventory/{answer.json['id']}"
    assert marge.get(answer.headers["Location"]).json == answer.json


@pytest.mark.parametrize("path", ["/apinventory", "/API/inventory", "/api/api/inventory"])
def test_only_the_prefix_is_one(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "docs"), [("/", "/docs"), ("/api", "/api/docs"), ("/api/", "/api/docs")]
)
def test_the_documentation_is_the_home_page(client, path, docs):
    answer = client.get(path)

    assert answer.status_code in (302, 307, 308)
    assert answer.headers["Location"] == docs


@pytest.mark.parametrize("page", ["/docs", "/docs/", "/api/docs", "/api/docs/"])
def test_the_documentation_is_all_here(client, page):
    answer = client.get(page, follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    here = answer.request.path

    sources = re.findall(r'<(?:script|link)[^>]+(?:src|href)="([^"]+)"', answer.text)
    assert sources
    for source in sources:
        assert not re.match(r"(https?:)?//", source)
        assert client.get(urljoin(here, source), buffered=True).status_code == 200, source


def test_the_documentation_page_loads_the_document_from_here(client):
    said = client.get("/docs/").text
    settings = json.loads(html.unescape(re.search(r'data-settings="([^"]+)"', said)[1]))
    url = settings["url"]

    assert client.get(urljoin("/docs/", url), buffered=True).mimetype == "application/yaml"


def test_the_document_is_openapi(client):
    document = read_yaml(client.get("/openapi.yaml", buffered=True).text)

    assert document["openapi"].startswith("3.1")
    assert "/service-tickets" in document["paths"]


def test_a_browser_that_came_by_https_stays_with_it(client):
    safe = client.get("/inventory", base_url="https://localhost").headers
    assert safe["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in client.get("/inventory").headers


def test_prometheus_is_told_how_many_and_how_long(client):
    client.get("/inventory")

    answer = client.get("/metrics")

    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    line = r'http_request_duration_seconds_count\{endpoint="inventory.index",method="GET",status="200"\} \d'
    assert re.search(line, answer.text)


@pytest.mark.parametrize("said", [{"METRICS_ENABLED": "false"}, {"FLASK_ENV": "production"}])
def test_prometheus_may_be_told_nothing(app, settings, said):
    """Nor is it in production, unless somebody says so."""
    with second_shop(settings, **said) as shop:
        answer = shop.test_client().get("/metrics")

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def counted_apart(settings, hops, *forwarded):
    """The answers to strangers who say they are forwarded, one look each being allowed."""
    limits = {"RATELIMIT_ENABLED": "true", "LIMIT_READS": "1/hour"}
    with second_shop(settings, TRUSTED_PROXIES=hops, **limits) as shop:
        client = shop.test_client()
        return [
            client.get("/inventory", headers={"X-Forwarded-For": said}).status_code
            for said in forwarded
        ]


def test_without_a_proxy_nobody_is_believed_to_be_forwarded(app, settings):
    assert counted_apart(settings, "0", "192.0.2.1", "192.0.2.2") == [200, 429]


def test_behind_a_proxy_strangers_are_told_apart(app, settings):
    assert counted_apart(settings, "1", "192.0.2.1", "192.0.2.2", "192.0.2.1") == [200, 200, 429]


def test_only_the_proxy_s_own_word_is_believed(app, settings):
    said = ("198.51.100.1, 192.0.2.1", "198.51.100.2, 192.0.2.1")

    assert counted_apart(settings, "1", *said) == [200, 429]
