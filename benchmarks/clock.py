"""Timing of two servers in turns, each on one connection, so that other load slows both of them."""

import http.client
import itertools
import json
import statistics
import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple

ROUNDS, A_ROUND = 25, 20
KEPT_ALIVE = 3  # seconds; the servers close a silent connection after five


class Pair(NamedTuple):
    """The median times of the shop and of its limit, in microseconds, and their ratio.

    `ratio` is the limit's time divided by the shop's: the median of all rounds. `low` and `high` are
    the quartiles.
    """

    shop_us: float
    limit_us: float
    ratio: float
    low: float
    high: float


class Caller:
    """An HTTP client that keeps its connection open."""

    def __init__(self, port: int, token: str = ""):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._last_asked = 0.0
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(
        self, method: str, path: str, said: dict | None = None, more: Mapping[str, str] = {}
    ) -> tuple[float, http.client.HTTPResponse, bytes]:
        """Send a request, with `more` headers; return the seconds it took, the response, and its body."""
        body = None if said is None else json.dumps(said).encode()
        headers = (
            self._headers | dict(more) | ({"Content-Type": "application/json"} if body else {})
        )
        if time.monotonic() - self._last_asked > KEPT_ALIVE:
            self._connection.close()
        self._last_asked, began = time.monotonic(), time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        told = answer.read()
        return time.perf_counter() - began, answer, told


def paired(shop: Iterator, limit: Iterator, rounds: int = ROUNDS) -> Pair:
    """Time the shop and its limit in rounds; return a Pair.

    Each iterator makes one request at each step, and yields the seconds that it took. A round is
    A_ROUND steps of the shop and then as many of the limit. There are fewer rounds than `rounds` if the
    shop's iterator ends early.
    """
    ours, theirs = [], []
    while len(ours) < rounds and len(some := [*itertools.islice(shop, A_ROUND)]) == A_ROUND:
        ours.append(statistics.median(some))
        theirs.append(statistics.median(itertools.islice(limit, A_ROUND)))
    ratios = [limit_s / shop_s for shop_s, limit_s in zip(ours, theirs, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    us = [1e6 * statistics.median(each) for each in (ours, theirs)]
    return Pair(*us, middle, low, high)
