"""Timing of two servers in turns, each on one connection, so that a disturbance affects both."""

import http.client
import itertools
import json
import statistics
import time
from collections.abc import Iterator
from typing import NamedTuple

ROUNDS, A_ROUND = 25, 20
KEPT_ALIVE = 3  # seconds; the servers close a silent connection after five


class Pair(NamedTuple):
    """Median microseconds of the shop and of its limit, and limit over shop: median and quartiles."""

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
        self, method, path, said=None, **headers
    ) -> tuple[float, http.client.HTTPResponse, bytes]:
        body = None if said is None else json.dumps(said).encode()
        headers |= self._headers | ({"Content-Type": "application/json"} if body else {})
        if time.monotonic() - self._last_asked > KEPT_ALIVE:
            self._connection.close()
        self._last_asked, began = time.monotonic(), time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        told = answer.read()
        return time.perf_counter() - began, answer, told


def paired(shop: Iterator, limit: Iterator, rounds: int = ROUNDS) -> Pair:
    """Time both in rounds, A_ROUND steps of one and then of the other, and return their times and ratio.

    A step of an iterator makes one request and yields the seconds that it took. There are fewer rounds
    than `rounds` if the shop has too few requests left that are new.
    """
    ours, theirs = [], []
    while len(ours) < rounds and len(some := [*itertools.islice(shop, A_ROUND)]) == A_ROUND:
        ours.append(statistics.median(some))
        theirs.append(statistics.median(itertools.islice(limit, A_ROUND)))
    ratios = [limit_s / shop_s for shop_s, limit_s in zip(ours, theirs, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    us = [1e6 * statistics.median(each) for each in (ours, theirs)]
    return Pair(*us, middle, low, high)
