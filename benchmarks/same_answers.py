"""A check that the peers answer what the shop answers, member by member, before they are measured."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from benchmarks import work
from benchmarks.clock import Caller
from benchmarks.peer_requests import CATALOGUE, LINE
from benchmarks.peer_servers import OURS

READS = (
    *(work.page_after(n) for n in (0, 100, 1_050, 9_900)),
    f"{work.page_after(0)}&{work.never_the_same(0)}",
    f"{work.page_after(50)}&opened_from=2025-12-31T00:00:00Z",
    *(f"/service-tickets/{n}" for n in (1, 77, 2_500, 9_999)),
    CATALOGUE,
    "/inventory?per_page=20&page=100",
)
TICKET, MISSING = "/service-tickets/50", "/service-tickets/1000000000"
# Of these tickets and this part, nothing is read above.
USE, CLOSED = "/service-tickets/3001/parts/700", "/service-tickets/3050/parts/700"
# Members of a used part that no two answers have in common: each answer is about a line of its own.
OF_EACH_LINE = {"id", "used_at"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def check(ports: Mapping[str, int], token: str) -> None:
    """Exit with a message if a peer does not answer like the shop; `ports` is `{server: port}`.

    Numbers are compared as numbers and times as moments. The members of an error are not compared, and
    of a used part not those in OF_EACH_LINE; their names are.
    """
    callers = {name: Caller(port, token) for name, port in ports.items()}
    shop = callers.pop(OURS)
    expected = {path: _read(shop, path) for path in READS}
    line = _used(shop)
    for name, peer in callers.items():
        for path, answer in expected.items():
            _demand(name, path, answer, _read(peer, path))
        _demand(name, USE, line, _used(peer))
        tag = peer.ask("GET", TICKET)[1].headers["ETag"]
        for path, status, members, more in (
            (TICKET, 304, None, {"If-None-Match": tag}),
            (TICKET, 200, None, {"If-None-Match": '"0"'}),
            (MISSING, 404, None, {}),
            (CLOSED, 409, LINE, {}),
        ):
            method = "POST" if members else "GET"
            _demand(name, path, status, peer.ask(method, path, members, more)[1].status)
        for path in (TICKET, CATALOGUE):
            for bad in ("", token[:-8] + "AAAAAAAA"):
                _demand(name, path, 401, Caller(ports[name], bad).ask("GET", path)[1].status)


def _read(server, path):
    _, answer, body = server.ask("GET", path)
    return answer.status, _plain(json.loads(body))


def _used(server):
    """Use a part on a ticket; return the status and the members, only the names of some."""
    _, answer, body = server.ask("POST", USE, LINE)
    line = json.loads(body)
    return answer.status, line | dict.fromkeys(OF_EACH_LINE & line.keys())


def _plain(value: Any) -> Any:
    """Return a JSON value with each text that is a time as a datetime."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    is_moment = isinstance(value, str) and MOMENT.fullmatch(value)
    return datetime.fromisoformat(value) if is_moment else value


def _demand(name, path, expected, given):
    for member, (theirs, ours) in _differences("", given, expected):
        raise SystemExit(f"{name} answers {path} with {member} {theirs!r}; the shop: {ours!r}")


def _differences(member, given, expected):
    """Yield `(JSON pointer, (given, expected))` of each place where two values differ."""
    if isinstance(given, dict) and isinstance(expected, dict) and given.keys() == expected.keys():
        for name in expected:
            yield from _differences(f"{member}/{name}", given[name], expected[name])
    elif isinstance(given, Sequence) and not isinstance(given, str) and len(given) == len(expected):
        for n, pair in enumerate(zip(given, expected, strict=True)):
            yield from _differences(f"{member}/{n}", *pair)
    elif given != expected:
        yield member, (given, expected)
