"""gunicorn as gunicorn.conf.py sets it up: its access log, and how its workers share connections."""

import contextlib
import http.client
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import serving

LOGGED = {"GUNICORN_CMD_ARGS": "--access-logfile -"}
LINE = re.compile(
    r'127\.0\.0\.1 \[\d\d/\w{3}/\d{4}(:\d\d){3} [+-]\d{4}\] "[^"\n]*" \d{3} \d+ "[^\n]*" [\w.-]+'
)
TOGETHER, ROUNDS = 8, 20


@pytest.fixture
def shop(app, settings, tmp_path):
    """A live shop with two workers, and the file of its access log."""
    log = tmp_path / "access.log"
    with log.open("wb") as file, serving(settings | LOGGED, workers=2, out=file) as live:
        yield live, log


@pytest.mark.one_database
def test_the_access_log_has_a_line_for_each_answer_and_no_secret(shop):
    live, log = shop
    live.send(
        "GET", "/inventory?q=somebody", **{"User-Agent": 'a "browser"', "X-Request-ID": "mine"}
    )
    live.send("GET", "/approvals/a-secret-token?and=more")
    live.send("GET", "/no%0Asuch%20path")

    text = _read(log, "/no%0A")
    assert all(LINE.fullmatch(line) for line in text.splitlines())
    assert re.search(
        r'"GET /inventory HTTP/1.1" 200 \d+ "a \\"browser\\"" mine\.[0-9a-f]{16}\n', text
    )
    assert '"GET /approvals/{token} HTTP/1.1" 404 ' in text
    assert '"GET /no%0Asuch%20path HTTP/1.1" 404 ' in text
    assert not re.search("somebody|secret|more", text)


def _read(log: Path, last: str) -> str:
    """Return the text of the log when it has the line of the last request, or after two seconds."""
    for _ in range(40):
        if last in log.read_text():
            break
        time.sleep(0.05)
    return log.read_text()


@pytest.mark.one_database
@pytest.mark.skipif(sys.platform != "linux", reason="counts the sockets of a process in /proc")
def test_connections_that_come_together_are_shared_by_the_workers(shop):
    live, _ = shop
    next(each for each in (_share_out(live) for _ in range(500)) if min(each))  # all have started

    rounds = [_share_out(live) for _ in range(ROUNDS)]
    assert {sum(each) for each in rounds} == {TOGETHER}
    fair = [each for each in rounds if min(each) >= TOGETHER // 4]
    assert len(fair) >= 0.8 * ROUNDS, rounds  # a busy machine may hold a worker back


def _share_out(live) -> list[int]:
    """Open connections at once, send a request on each, and return the number that each worker has."""
    with contextlib.ExitStack() as stack:
        clients = [http.client.HTTPConnection("127.0.0.1", live.port) for _ in range(TOGETHER)]
        for client in clients:
            stack.enter_context(contextlib.closing(client)).connect()
        for client in clients:
            client.request("GET", "/healthz")
            assert client.getresponse().read()
        return _connections(live)


def _connections(live) -> list[int]:
    """Return the number of established connections of each worker of a server."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    here = f"0100007F:{live.port:04X}"
    inodes = {f"socket:[{row[9]}]" for row in rows if (row[1], row[3]) == (here, "01")}
    server = live.server.pid
    workers = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return [len(inodes & set(_files(Path(f"/proc/{each}/fd")))) for each in workers]


def _files(folder: Path) -> Iterator[str]:
    for file in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            yield str(file.readlink())
