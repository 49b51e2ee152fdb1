"""What no HTTP library would send, over a socket of its own: refused or hung up on, and the shop lives."""

import contextlib
import socket

import pytest

from tests.conftest import served

pytestmark = pytest.mark.one_database("postgres")

HEAD = "Host: shop\r\nConnection: close\r\n"
JSON = "Content-Type: application/json\r\n"
SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: shop\r\n\r\n"
TOO_MUCH = "more than the limit in chunks"
WIRE = {
    "no request": "\r\n\r\n",
    "nonsense": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "no version": f"GET /healthz\r\n{HEAD}\r\n",
    "HTTP 9.9": f"GET /healthz HTTP/9.9\r\n{HEAD}\r\n",
    "HTTP of letters": f"GET /healthz HTTP/a.b\r\n{HEAD}\r\n",
    "a path with a blank": f"GET /custo mers HTTP/1.1\r\n{HEAD}\r\n",
    "half a percent": f"GET /customers/% HTTP/1.1\r\n{HEAD}\r\n",
    "percent nonsense": f"GET /customers/%zz HTTP/1.1\r\n{HEAD}\r\n",
    "NUL in percent": f"GET /customers/1%00 HTTP/1.1\r\n{HEAD}\r\n",
    "no UTF-8 in percent": f"GET /customers/%ff%fe HTTP/1.1\r\n{HEAD}\r\n",
    "raw bytes": f"GET /customers/\xff\x80 HTTP/1.1\r\n{HEAD}\r\n",
    "a raw NUL": f"GET /customers/\0 HTTP/1.1\r\n{HEAD}\r\n",
    "dots": f"GET /../../etc/passwd HTTP/1.1\r\n{HEAD}\r\n",
    "dots in percent": f"GET /static/%2e%2e%2fconfig.py HTTP/1.1\r\n{HEAD}\r\n",
    "twice in percent": f"GET /static/%252e%252e%252fconfig.py HTTP/1.1\r\n{HEAD}\r\n",
    "a foreign URL": f"GET http://evil.example/nowhere HTTP/1.1\r\n{HEAD}\r\n",
    "an authority": f"CONNECT evil.example:443 HTTP/1.1\r\n{HEAD}\r\n",
    "a star": f"GET * HTTP/1.1\r\n{HEAD}\r\n",
    "CRLF in the path": f"GET /nowhere%0d%0aX-Injected:%20yes HTTP/1.1\r\n{HEAD}\r\n",
    "a long line": f"GET /{'x' * 9000} HTTP/1.1\r\n{HEAD}\r\n",
    "an endless line": "GET /" + "x" * 200_000,
    "a long header": f"GET /nowhere HTTP/1.1\r\n{HEAD}X-Long: {'x' * 20_000}\r\n\r\n",
    "a folded header": f"GET /nowhere HTTP/1.1\r\n{HEAD}X-Fold: a\r\n b\r\n\r\n",
    "a blank before the colon": f"GET /nowhere HTTP/1.1\r\n{HEAD}X-A : a\r\n\r\n",
    "no colon": f"GET /nowhere HTTP/1.1\r\n{HEAD}X-A\r\n\r\n",
    "a NUL in a header": f"GET /nowhere HTTP/1.1\r\n{HEAD}X-A: a\0b\r\n\r\n",
    "a bare CR in a header": f"GET /nowhere HTTP/1.1\r\n{HEAD}X-A: a\rX-Injected: yes\r\n\r\n",
    "a name in brackets": f"GET /nowhere HTTP/1.1\r\n{HEAD}X(A): a\r\n\r\n",
    "both lengths": f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}Content-Length: 4\r\n"
    f"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{SMUGGLED}",
    "two lengths": f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}Content-Length: 2\r\n"
    f"Content-Length: 60\r\n\r\n{{}}{SMUGGLED}",
    "a length of minus one": f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}Content-Length: -1\r\n\r\n{{}}",
    "a length with a plus": f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}Content-Length: +2\r\n\r\n{{}}",
    "a length in hexadecimal": f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}Content-Length: 0x2\r\n\r\n{{}}",
    "a length of letters": f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}Content-Length: two\r\n\r\n{{}}",
    "a length of 10^400": f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}"
    f"Content-Length: 1{'0' * 400}\r\n\r\n{{}}",
    "chunked twice": f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}Transfer-Encoding: chunked, chunked"
    f"\r\n\r\n0\r\n\r\n{SMUGGLED}",
    "chunked, nearly": f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}Transfer-Encoding: xchunked"
    f"\r\n\r\n0\r\n\r\n{SMUGGLED}",
    "chunked before identity": f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}"
    f"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{SMUGGLED}",
    "a chunk of letters": f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}Transfer-Encoding: chunked"
    "\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "a chunk of minus two": f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}Transfer-Encoding: chunked"
    "\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
    "a chunk of 2^64": f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}Transfer-Encoding: chunked"
    "\r\n\r\n10000000000000000\r\n{}\r\n0\r\n\r\n",
    "a chunk too long": f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}Transfer-Encoding: chunked"
    "\r\n\r\n2\r\n{}xx\r\n0\r\n\r\n",
    "a chunk cut short": f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}Transfer-Encoding: chunked"
    "\r\n\r\n9\r\n{}",
    "chunked in HTTP 1.0": f"POST /auth/login HTTP/1.0\r\n{HEAD}{JSON}Transfer-Encoding: chunked"
    f"\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n{SMUGGLED}",
}
WIRE[TOO_MUCH] = (
    f"POST /auth/login HTTP/1.1\r\n{HEAD}{JSON}Transfer-Encoding: chunked\r\n\r\n"
    f"2\r\n{{}}\r\n" + f"10000\r\n{' ' * 0x10000}\r\n" * 3 + f"ffff\r\n{' ' * 0xFFFF}\r\n0\r\n\r\n"
)
WIRE["1,000 headers"] = "GET /nowhere HTTP/1.1\r\n" + HEAD + "X-A: 1\r\n" * 1000 + "\r\n"


def said_over(live, raw):
    """All that comes back until the shop hangs up, which it does when we say no more."""
    with socket.create_connection(("127.0.0.1", live.port), timeout=15) as wire:
        answer = b""
        try:
            wire.sendall(raw.encode("latin-1"))
            with contextlib.suppress(OSError):  # it may have hung up by now
                wire.shutdown(socket.SHUT_WR)
            while more := wire.recv(65536):
                answer += more
        except (ConnectionResetError, BrokenPipeError):
            pass
    return answer


@pytest.fixture(scope="module")
def live(shop, settings, at_length):
    """One live shop for all that is said to it here."""
    with served(shop, settings, at_length) as live_shop:
        yield live_shop


@pytest.fixture
def wire(live):
    return lambda raw: said_over(live, raw)


def test_what_is_no_http_is_refused_or_hung_up_on(live, wire, figures):
    wrong, statuses = [], {}
    for kind, raw in WIRE.items():
        answer = wire(raw)
        status = int(answer.split()[1]) if answer.startswith(b"HTTP/") else 0
        statuses[status] = statuses.get(status, 0) + 1
        if not (status == 0 or 400 <= status < 500 or status in (501, 505)):
            wrong.append(f"{kind} -> {answer[:300]!r}")
        if kind == TOO_MUCH and status != 413:
            wrong.append(f"{kind} -> {status}, not 413")
        if answer.count(b"\r\nX-Request-ID: ") > 1 or b"/smuggled" in answer:
            wrong.append(f"{kind} was answered twice: {answer!r}")
        if any(each in answer for each in (b"\r\nX-Injected", b"Traceback", b'File "', b".py")):
            wrong.append(f"{kind} tells too much: {answer[:600]!r}")
        assert live.ask("GET", "/healthz")[0] == 200, kind
    told = ", ".join(f"{n} x {status or 'hung up'}" for status, n in sorted(statuses.items()))
    figures(f"hostile wire: {len(WIRE)} classes: {told}")
    assert not wrong, "\n".join(wrong)
    assert live.ask("GET", "/customers")[0] == 200


def test_what_a_header_says_of_the_path_is_not_believed(wire):
    for header in ("SCRIPT_NAME: /nowhere", "PATH_INFO: /metrics", "SCRIPT_NAME: x"):
        answer = wire(f"GET /nowhere HTTP/1.1\r\n{HEAD}{header}\r\n\r\n")

        assert answer.startswith(b"HTTP/1.1 404 ")
        assert b"\r\nContent-Type: application/problem+json" in answer
