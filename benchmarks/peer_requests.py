"""The requests with which the shop is measured beside its peers."""

import itertools
from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from benchmarks import work
from benchmarks.seed import PARTS
from benchmarks.work import PAGE, Request

CATALOGUE = "/inventory?per_page=100"
UNCHANGED = range(50, 5_000, 100)  # ids of tickets that no request changes
LINE = {"quantity_used": 1}


class Case(NamedTuple):
    """A case: the status of its answers, and a function that returns its requests, without an end.

    The function takes another one, which gets a path and returns its ETag from the server that is asked.
    """

    status: int
    requests: Callable[[Callable[[str], str]], Iterator[Request]]


def cases(tickets: int, forget: Callable[[], None]) -> dict[str, Case]:
    """Return the cases for a shop with this number of tickets.

    `forget` is called before requests for tickets are repeated: it has the shop forget all tickets and
    answers that it keeps.
    """
    chance = Random(work.SEED)
    starts = range(PAGE, tickets - PAGE + 1, PAGE)
    pages = chance.sample([work.page_after(start) for start in starts], len(starts))
    items = [f"/service-tickets/{n}" for n in chance.sample(range(1, tickets + 1), tickets)]
    workable = [n for n in range(1, tickets + 1) if n % 100 <= 2]
    uses = [
        Request("POST", f"/service-tickets/{ticket}/parts/{part}", LINE)
        for ticket, part in zip(
            chance.sample(workable, len(workable)),
            itertools.cycle(chance.sample(range(1, PARTS + 1), PARTS)),
            strict=False,
        )
    ]
    first = work.page_after(0)
    known = (f"{first}&{work.never_the_same(n)}" for n in itertools.count())
    return {
        "page": Case(200, lambda _: _again(pages, forget)),
        "page_known": Case(200, lambda _: (Request("GET", path) for path in known)),
        "item": Case(200, lambda _: _again(items, forget)),
        "cached": Case(200, lambda _: itertools.repeat(Request("GET", CATALOGUE))),
        "not_modified": Case(304, _unchanged),
        "use_part": Case(201, lambda _: itertools.cycle(uses)),
    }


def _again(paths, forget):
    while True:
        yield from (Request("GET", path) for path in paths)
        forget()


def _unchanged(tag_of):
    paths = [f"/service-tickets/{n}" for n in UNCHANGED]
    known = [Request("GET", path, None, {"If-None-Match": tag_of(path)}) for path in paths]
    return itertools.cycle(known)
