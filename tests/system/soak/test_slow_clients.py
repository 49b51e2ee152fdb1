"""Clients that send or read slowly hold up nobody behind the proxy that deploy/ has for production."""

import contextlib
import http.client
import json
import socket
import statistics
import time

import pytest

from tests.live import serving
from tests.system.soak.proxy import in_front_of, nginx

STUCK = 100
ASKED = 200


@pytest.fixture
def proxy(live, program, tmp_path):
    tmp_path.chmod(0o711)
    with in_front_of(live.port, program("nginx", nginx), tmp_path) as port:
        yield port


def test_a_hundred_stuck_clients_hold_up_nobody(live, proxy, figures):
    with contextlib.ExitStack() as stack:
        stuck = [stack.enter_context(a_stuck_client(proxy, n, live.token)) for n in range(STUCK)]
        took = sorted(seconds_of(proxy, "/healthz") for _ in range(ASKED))
        reads = sorted(seconds_of(proxy, "/inventory") for _ in range(ASKED))
        still = sum(is_open(client) for client in stuck)

    p99, p99_of_reads = took[int(ASKED * 0.99)], reads[int(ASKED * 0.99)]
    figures(
        f"{STUCK} stuck clients, {still} still there at the end: /healthz"
        f" p50 {statistics.median(took) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms;"
        f" a list p99 {p99_of_reads * 1000:.0f} ms"
    )
    assert still > STUCK * 0.9, "they were let go too early to prove anything"
    assert p99 <= 1
    assert p99_of_reads <= 1


def a_stuck_client(port, n, token):
    """In turn: half a header, half a body, and one that reads nothing of what it asked for."""
    client = socket.create_connection(("127.0.0.1", port))
    said = f"Host: shop\r\nAuthorization: Bearer {token}\r\n"
    client.sendall(
        [
            f"GET /inventory HTTP/1.1\r\n{said}",
            f"POST /inventory HTTP/1.1\r\n{said}Content-Type: application/json\r\n"
            "Content-Length: 1000\r\n\r\n{",
            f"GET /openapi.yaml HTTP/1.1\r\n{said}\r\n",
        ][n % 3].encode()
    )
    return client


def is_open(client):
    client.setblocking(False)
    try:
        return client.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def seconds_of(port, path):
    began = time.monotonic()
    status, _, _ = asked(port, "GET", path)
    assert status == 200
    return time.monotonic() - began


def asked(port, method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection):
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def test_what_the_proxy_refuses_is_a_problem_too(live, proxy):
    said = {"Content-Type": "application/json", "Authorization": f"Bearer {live.token}"}
    for size in (300_000, 2_000_000):
        status, headers, body = asked(proxy, "POST", "/inventory", b"x" * size, **said)
        assert (status, headers["Content-Type"]) == (413, "application/problem+json")
        assert json.loads(body)["code"] == "too_large"


def test_a_shop_that_is_away_is_a_503_that_says_when_to_try_again(live, program, tmp_path):
    tmp_path.chmod(0o711)
    with in_front_of(live.port, program("nginx", nginx), tmp_path) as port:
        live.server.terminate()
        live.server.wait(40)
        status, headers, body = asked(port, "GET", "/inventory")
    assert (status, headers["Content-Type"]) == (503, "application/problem+json")
    assert (headers["Retry-After"], json.loads(body)["code"]) == ("1", "unavailable")


def test_etags_and_conditions_pass_unharmed(live, proxy):
    part = live.made("/inventory", {"name": "Brake pad", "price_cents": 900})
    who, path = {"Authorization": f"Bearer {live.token}"}, f"/inventory/{part['id']}"
    tag = asked(proxy, "GET", path, **who)[1]["ETag"]
    change = {"Content-Type": "application/json", "If-Match": tag} | who

    assert asked(proxy, "GET", path, **who, **{"If-None-Match": tag})[0] == 304
    assert asked(proxy, "PUT", path, b'{"name": "Brake disc"}', **change)[0] == 200
    assert asked(proxy, "PUT", path, b'{"name": "Brake drum"}', **change)[0] == 412


def test_nobody_counts_as_somebody_else_by_a_header(settings, app, program, tmp_path):
    """The proxy says who asks; what the client says of itself is dropped."""
    tmp_path.chmod(0o711)
    limited = {"RATELIMIT_ENABLED": "true", "LIMIT_SIGN_IN": "7/hour", "TRUSTED_PROXIES": "1"}
    with (
        serving(settings | limited, 1) as shop,
        in_front_of(shop.port, program("nginx", nginx), tmp_path) as port,
    ):
        answers = []
        for n in range(9):
            wrong = {"email": f"nobody{n}@example.com", "password": "wrong password"}
            said = {"Content-Type": "application/json", "X-Forwarded-For": f"203.0.113.{n}"}
            answers.append(
                asked(port, "POST", "/auth/login", json.dumps(wrong).encode(), **said)[0]
            )
    assert set(answers) == {401, 429}
    assert answers.count(401) <= 7
