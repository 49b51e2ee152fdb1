"""Many requests at once to a live shop, and a count of the answers."""

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from tests.documented_client import check

AT_ONCE = 32  # as many as four workers of eight threads handle at once


class Request(NamedTuple):
    method: str
    path: str
    said: Any = None
    headers: Mapping[str, str] = {}


class Crowd:
    """Sends requests at once, and checks that each answer is documented and not a 5xx."""

    def __init__(self, live):
        self.live, self.rounds, self.statuses = live, 0, Counter()

    def __str__(self):
        told = ", ".join(f"{count:,} x {status}" for status, count in sorted(self.statuses.items()))
        broken = sum(count for status, count in self.statuses.items() if status >= 500)
        asked = f"{self.statuses.total():,} requests: {told}"
        return f"{self.rounds} rounds of races, {asked}; {broken} x 5xx"

    def sends(self, *requests):
        """Send all requests at once; return the checked answers in the order of the requests."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            answers = list(threads.map(self._answer, requests))
        self.statuses.update(answer.status_code for answer in answers)
        for request, answer in zip(requests, answers, strict=True):
            assert answer.status_code < 500, f"{request}: {answer.get_data(as_text=True)}"
            check(request.method, request.path, answer)
        return answers

    def _answer(self, request):
        return self.live.send(request.method, request.path, request.said, **request.headers)


def told(answers):
    """Return how many answers had which status or error code: `{201: 13, "out_of_stock": 27}`."""
    return Counter(
        answer.status_code if answer.status_code < 400 else answer.json["code"]
        for answer in answers
    )
