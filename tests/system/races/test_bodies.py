"""Bodies as they come over a wire: in chunks, too many of them, or never quite there."""

import contextlib
import http.client
import json
import socket
import time

import pytest

pytestmark = pytest.mark.one_database("postgres")


def sent_in_chunks(live, phone):
    said = {"name": "Alice", "email": "alice@example.com", "password": "a long enough password"}
    body = json.dumps(said | {"phone": phone}).encode()
    chunks = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    headers = {"Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    with contextlib.closing(connection):
        connection.request("POST", "/customers", iter(chunks), headers, encode_chunked=True)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


@pytest.mark.parametrize(
    ("length", "status", "code"),
    [(10, 201, None), (10_000, 422, "invalid"), (262_144, 413, "too_large")],
)
def test_chunks_are_read_as_one_body_or_refused_as_one(live, length, status, code):
    answer = sent_in_chunks(live, "5" * length)
    assert (answer[0], answer[1].get("code")) == (status, code)


def test_nobody_waits_for_a_slow_sender(live):
    with socket.create_connection(("127.0.0.1", live.port)) as slow:
        head = f"Authorization: Bearer {live.token}\r\nContent-Type: application/json\r\n"
        slow.sendall(
            f"POST /inventory HTTP/1.1\r\nHost: shop\r\n{head}Content-Length: 99\r\n\r\n{{".encode()
        )
        began = time.monotonic()
        live.made("/inventory", {"name": "Brake pad", "price_cents": 900})
        assert time.monotonic() - began < 2
