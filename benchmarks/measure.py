"""The measurements: a shop compared with its limits in every case, and a large shop with a small one."""

import itertools
import pickle
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from app.passwords import hasher
from benchmarks import servers, work
from benchmarks.clock import A_ROUND, ROUNDS, Caller, Pair, paired

HOW_HARD = {name: getattr(hasher, name) for name in ("memory_cost", "time_cost", "parallelism")}
PARTS = "/inventory?per_page=100"
# The cases with enough requests to be measured twice without repeating a GET.
GROW = ("known_page", "deep_page", "item", "ranking", "search", *work.WRITES)
# Settings of a shop without rate limits, and of one with a single worker that caches in its memory.
OPEN = {"RATELIMIT_ENABLED": "false"}
ALONE = {"WEB_CONCURRENCY": "1", "CACHE_REDIS_URL": "", "RATELIMIT_STORAGE_URI": ""}
BARE_FLASK, BARE_TRIP = "/flask/constant", "/flask/kept"


class Shop(NamedTuple):
    """A running shop: its settings, port, database, number of tickets, a folder for files, its process."""

    environ: Mapping[str, str]
    port: int
    dsn: str
    size: int
    folder: Path
    pid: int

    def sign_in(self) -> str:
        signed_in = Caller(self.port).ask("POST", "/auth/login", work.MANAGER)[2]
        return str(work.orjson.loads(signed_in)["access_token"])


def measured(of: Shop, say: Callable) -> dict[str, Pair]:
    """Measure every case of a shop, and the limit of the case; return `{case: Pair}`."""
    environ, port, dsn, size, folder, _pid = of
    token = of.sign_in()
    shop = Caller(port, token)
    wanted = work.requests(size)
    say(f"{size:,} tickets: asking what is asked of the database")
    work.make_ready(dsn, wanted["invoice"])
    repeated = {case: wanted[case][work.ONCE :][: work.ONCE] for case in work.BILLING}
    statements = work.statements(environ, token, wanted | repeated, at_most=ROUNDS * A_ROUND)
    file = folder / "work.pickle"
    constant = shop.ask("GET", PARTS)[2]
    writes = {case: statements.pop(case) for case in work.WRITES}
    wanted |= {case: wanted[case][: work.ONCE] for case in work.BILLING}
    facts = {"dsn": dsn, "constant": constant, "cases": statements, "writes": writes}
    facts |= {"argon2": HOW_HARD, "redis": environ["CACHE_REDIS_URL"]}
    file.write_bytes(pickle.dumps(facts))
    found = {}
    with (
        servers.bare(file) as bare_port,
        servers.shop({**environ, **OPEN}) as open_shop,
        servers.shop({**environ, **OPEN, **ALONE}) as alone,
    ):
        bare, anyone = Caller(bare_port), Caller(open_shop.port)
        callers = {"": shop, "_open": anyone, "_alone": Caller(alone.port)}
        for case, pair in _cases(callers, bare, wanted, statements, writes):
            say(f"{size:,} tickets: {case}")
            found[case] = pair()
    say(f"{size:,} tickets measured\n")
    return found


def grown(small: Shop, large: Shop, say: Callable) -> dict[str, Pair]:
    """Measure the cases in GROW on two shops in turns; return `{case: Pair}`.

    In a Pair, the large shop is the shop and the small one the limit, so `ratio` is small over large.
    The requests are those that come after the ones which `measured` has already sent.
    """
    sides = [(Caller(of.port, of.sign_in()), work.requests(of.size)) for of in (large, small)]
    found = {}
    for case in GROW:
        say(f"{large.size:,} tickets over {small.size:,}: {case}")
        for shop, wanted in sides:
            if case in work.READ_BEFORE:
                _read_before(shop, wanted[case])
        fresh = [(shop, iter(wanted[case][ROUNDS * A_ROUND :])) for shop, wanted in sides]
        found[case] = paired(*(_asked(*each) for each in fresh))
    return found


def _cases(callers, bare, wanted, statements, writes) -> Iterator[tuple[str, Callable[[], Pair]]]:
    shop = callers[""]
    for case in statements:
        if case in work.READ_BEFORE:
            _read_before(shop, wanted[case])
        limit = _answers(bare, (f"/rows/{case}/{n}" for n in _round_and_round(statements[case])))
        yield case, lambda case=case, limit=limit: paired(_asked(shop, iter(wanted[case])), limit)
    for case in writes:
        limit = _answers(bare, (f"/written/{case}/{n}" for n in _round_and_round(writes[case])))
        yield case, lambda case=case, limit=limit: paired(_asked(shop, iter(wanted[case])), limit)

    kept, item = work.Request("GET", PARTS), work.Request("GET", "/service-tickets/1")
    constant = _answers(bare, itertools.repeat(BARE_FLASK))
    for name, caller in callers.items():
        request = kept if name else item
        tag = {"If-None-Match": caller.ask(*request)[1].headers["ETag"]}
        yield f"cached{name}", lambda c=caller: paired(_asked(c, itertools.repeat(kept)), constant)
        known = request._replace(headers=tag)
        yield (
            f"not_modified{name}",
            lambda c=caller, r=known: paired(_asked(c, itertools.repeat(r)), constant),
        )
    fetched = _answers(bare, itertools.repeat(BARE_TRIP))
    yield "one_trip", lambda: paired(fetched, constant)
    signing_in = itertools.repeat(work.Request("POST", "/auth/login", work.MANAGER))
    hashing = _answers(bare, itertools.repeat("/argon2"))
    yield "sign_in", lambda: paired(_asked(shop, signing_in), hashing, rounds=3)


def _asked(caller, requests) -> Iterator[float]:
    for request in requests:
        seconds, answer, told = caller.ask(*request)
        assert answer.status < 400, (request, answer.status, told)
        yield seconds


def _answers(bare, paths) -> Iterator[float]:
    return _asked(bare, (work.Request("GET", path) for path in paths))


def _round_and_round(each):
    return itertools.cycle(range(len(each)))


def _read_before(shop, requests):
    """Send so many of these requests that every worker has read the rows into its own memory."""
    for request in requests[-40 * servers.WORKERS :]:
        shop.ask(*request)
