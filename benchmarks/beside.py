"""The shop beside its peers: the same requests to all of them in turns, and what each turn took."""

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import psycopg2
from redis import Redis

from benchmarks.clock import Caller
from benchmarks.load import Load
from benchmarks.measure import Shop
from benchmarks.peer_requests import cases
from benchmarks.peer_servers import all_servers
from benchmarks.processes import connections, cpu_seconds
from benchmarks.same_answers import check

WARM_UP = 0.25  # seconds of each turn that are not counted
OF_CPU = ("app", "postgres", "redis", "client")
FORGET = "UPDATE renamings SET count = count + 1"
UNDO = (
    "DELETE FROM stock_movements WHERE line_id > %(last)s",
    "DELETE FROM ticket_lines WHERE id > %(last)s",
)


class Pids(NamedTuple):
    """The processes of the servers that the shop and its peers use."""

    postgres: int
    redis: int


class Turn(NamedTuple):
    """What one server did in one turn: answers a second, and microseconds of processors for each.

    `client` are those of this process, which sends the requests; `spread` is the number of connections
    that each process of the server held.
    """

    per_second: float
    app: float
    postgres: float
    redis: float
    client: float
    spread: tuple[int, ...]


Found = dict[str, dict[str, list[Turn]]]


def measured(shop: Shop, pids: Pids, rounds: int, seconds: float, say: Callable) -> Found:
    """Measure a shop and its peers; return `{case: {server: turns}}`.

    In a round, each case is measured on one server after the other; the next round begins with another
    server. A first round, of which nothing is kept, warms them up.
    """
    token = shop.sign_in()
    with all_servers(shop) as servers, _database(shop) as (forget, undo):
        check({name: server.port for name, server in servers.items()}, token)
        undo()
        wanted = cases(shop.size, forget)
        found: Found = {case: {name: [] for name in servers} for case in wanted}
        feeds: dict = {}
        for n in range(rounds + 1):
            names = [*servers][n % len(servers) :] + [*servers][: n % len(servers)]
            for (case, each), name in ((pair, name) for pair in wanted.items() for name in names):
                say(f"round {n} of {rounds}: {case} of {name}")
                feed = _feed(feeds, case, each, name, servers[name], token)
                turn = _turn(servers[name], token, feed, each.status, pids, seconds)
                if case == "use_part":
                    undo()
                if n:
                    found[case][name].append(turn)
    say(f"{shop.size:,} tickets: measured beside its peers\n")
    return found


def _feed(feeds, case, of, name, server, token):
    """Return the requests of a case for a server, which go on where the last turn has ended.

    The ETags are asked for anew at each turn, because those of the shop change when it has to forget.
    """
    if case == "not_modified" or (case, name) not in feeds:
        caller = Caller(server.port, token)
        feeds[case, name] = of.requests(lambda path: caller.ask("GET", path)[1].headers["ETag"])
    return feeds[case, name]


def _turn(server, token, requests, status, pids, seconds):
    with Load(server.port, token, requests, status) as load:
        load.run(WARM_UP)
        spread = tuple(connections(server.pid, server.port))
        before = [cpu_seconds(pid) for pid in (server.pid, *pids)]
        client = time.process_time()
        answers, took = load.run(seconds)
        client = time.process_time() - client
        after = [cpu_seconds(pid) for pid in (server.pid, *pids)]
        load.finish()
    us = [1e6 * (end - begin) / answers for begin, end in zip(before, after, strict=True)]
    return Turn(answers / took, *us, 1e6 * client / answers, spread)


@contextlib.contextmanager
def _database(shop: Shop) -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    """Yield two functions that change a shop's database: `forget` and `undo`.

    `forget` has the shop forget the tickets and answers that it keeps: it clears its Redis, and counts
    a change of names, which makes the keys of all tickets in its memory outdated. `undo` deletes the
    lines and movements of the parts that were used since this context began, so that tickets stay as
    long as they are.
    """
    redis = Redis.from_url(shop.environ["CACHE_REDIS_URL"])
    with contextlib.closing(psycopg2.connect(shop.dsn)) as connection, redis:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("SELECT max(id) FROM ticket_lines")
        [last] = cursor.fetchone() or [0]

        def forget():
            cursor.execute(FORGET)
            redis.flushdb()

        def undo():
            for statement in UNDO:
                cursor.execute(statement, {"last": last})
            forget()

        yield forget, undo


def for_json(found: Found) -> dict:
    """Return the medians as they are written to JSON: `peers`, answers a second, and `peers_cpu`."""
    return {
        "peers": {
            case: {name: round(_median(turns, "per_second"), 1) for name, turns in each.items()}
            for case, each in found.items()
        },
        "peers_cpu": {
            case: {
                name: {what: round(_median(turns, what), 1) for what in OF_CPU[:-1]}
                for name, turns in each.items()
            }
            for case, each in found.items()
        },
    }


def table(found: Found) -> list[str]:
    """Return the lines of a table: of each case and server the medians, and the connections."""
    lines = [
        f"{'case':<13} {'server':<10} {'a second':>9}   CPU us: {' '.join(f'{each:>8}' for each in OF_CPU)}"
        "   connections of each process"
    ]
    for case, each in found.items():
        for name, turns in each.items():
            cpu = " ".join(f"{_median(turns, what):>8,.0f}" for what in OF_CPU)
            spread = " ".join("+".join(map(str, turn.spread)) for turn in turns)
            lines.append(
                f"{case:<13} {name:<10} {_median(turns, 'per_second'):>9,.1f}   {'':7} {cpu}   {spread}"
            )
    return lines


def _median(turns, what):
    return statistics.median(getattr(turn, what) for turn in turns)
