"""`python3 dev.py bench`: compare the shop with its limits, at three sizes, and with other servers."""

import argparse
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from app import create_app
from benchmarks import beside, plot, seed, servers, work
from benchmarks.measure import Shop, grown, measured
from benchmarks.peer_servers import install_node_packages
from tests.postgres import Postgres, a_database, a_postgres
from tests.servers import Redis, a_redis

SIZES = (10_000, 100_000, 1_000_000)
# Beside peers: tickets, rounds, and the seconds of each turn.
PEERS, PEERS_QUICK = (500_000, 5, 2.0), (10_000, 3, 1.0)
HERE = Path(__file__).parent


def main() -> None:
    options = argparse.ArgumentParser(prog="python3 dev.py bench", description=__doc__)
    options.add_argument("--quick", action="store_true", help="the smallest size only, in minutes")
    options.add_argument(
        "--peers",
        nargs="?",
        choices=("too", "only"),
        const="too",
        help="measure the shop beside other servers, too, or nothing else; needs Node.js",
    )
    options.add_argument(
        "--json", type=Path, metavar="FILE", help="write the results there as well"
    )
    options.add_argument("--keep", action="store_true", help="make this the committed result")
    chosen = options.parse_args()
    if chosen.keep and chosen.peers == "only":
        options.error("--keep is for the comparison with the limits")
    if chosen.peers:
        install_node_packages()
    result: dict = {}
    with (
        a_postgres("-c shared_buffers=1GB -c max_wal_size=8GB") as postgres,
        a_redis() as redis,
    ):
        if chosen.peers != "only":
            found, growth = beside_limits(chosen.quick, postgres.url, redis.url)
            result |= for_json(found, growth)
            print(table(found), *growth_of(growth), sep="\n")
        if chosen.peers:
            peers = beside_peers(chosen.quick, postgres, redis)
            result |= beside.for_json(peers)
            print(*beside.table(peers), sep="\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=1) + "\n")
    if chosen.keep:
        (HERE / "result.json").write_text(json.dumps(result, indent=1) + "\n")
        plot.draw(found, HERE)


def beside_limits(is_quick: bool, postgres: str, redis: str) -> tuple[dict, dict]:
    """Measure shops of several sizes beside their limits; return the Pairs by size, and the growth."""
    sizes = SIZES[:1] if is_quick else SIZES
    with contextlib.ExitStack() as stack:
        shops, found = {}, {}
        for n, size in enumerate(sizes):
            memory = f"{redis.rpartition('/')[0]}/{n}"  # shops share no cache
            shops[size] = stack.enter_context(a_shop(size, postgres, memory))
            found[size] = measured(shops[size], say)
        ends = shops[sizes[0]], shops[sizes[-1]]
        return found, {} if is_quick else grown(*ends, say)


def beside_peers(is_quick: bool, postgres: Postgres, redis: Redis) -> beside.Found:
    """Measure one shop beside its peers, and return the turns of each."""
    size, *turns = PEERS_QUICK if is_quick else PEERS
    memory = f"{redis.url.rpartition('/')[0]}/{len(SIZES)}"
    with a_shop(size, postgres.url, memory) as shop:
        pids = beside.Pids(postgres.pid, redis.process.pid)
        return beside.measured(shop, pids, *turns, say)


@contextlib.contextmanager
def a_shop(size: int, server: str, redis: str) -> Iterator[Shop]:
    """Make a shop with `size` tickets, start it, and yield it; stop it at the end.

    `server` and `redis` are the URLs of PostgreSQL and of Redis.
    """
    with a_database(server, f"bench_{size}") as url, tempfile.TemporaryDirectory() as folder:
        environ = servers.settings(url, redis)
        servers.flask(environ, "db", "upgrade")
        dsn = url.replace("postgresql+psycopg2", "postgresql")
        began = time.monotonic()
        with create_app({**environ, **work.FORGETFUL}).app_context():
            for step in seed.fill(dsn, size):
                say(f"{size:,} tickets, {time.monotonic() - began:.0f} s: {step}")
        say(f"{size:,} tickets made in {time.monotonic() - began:.0f} s\n")
        name = ("--password-stdin", "--email", work.MANAGER["email"], "--name", "Marge Rivers")
        servers.flask(environ, "create-manager", *name, said=work.MANAGER["password"])
        began = time.monotonic()
        with servers.shop(environ) as server:
            say(f"First answer {time.monotonic() - began:.1f} s after the start\n")
            yield Shop(environ, server.port, dsn, size, Path(folder), server.pid)


def say(text: str) -> None:
    """Print a progress line to stderr, over the one before; without a terminal, only complete lines."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
    elif text.endswith("\n"):
        print(text, end="", file=sys.stderr, flush=True)


def for_json(found: dict, growth: dict) -> dict:
    """Return the results as they are written to JSON.

    In them, `ratios` are those at the largest size, and `growth` is the time of a case at the largest
    size divided by its time at the smallest. `found` is `{size: {case: Pair}}`; the argument `growth`
    is the result of `grown`.
    """
    largest = found[max(found)]
    return {
        "ratios": {case: round(pair.ratio, 3) for case, pair in largest.items()},
        "growth": {case: round(1 / pair.ratio, 3) for case, pair in growth.items()},
        "deep_over_first": round(largest["deep_page"].shop_us / largest["known_page"].shop_us, 3),
        "sizes": {
            str(size): {case: pair._asdict() for case, pair in cases.items()}
            for size, cases in found.items()
        },
    }


def growth_of(growth: dict) -> list[str]:
    return [
        f"{'largest':>9}  {case:<16} {1 / pair.ratio:.2f} of the smallest"
        f" ({1 / pair.high:.2f} to {1 / pair.low:.2f})"
        for case, pair in growth.items()
    ]


def table(found: dict) -> str:
    lines = [f"{'tickets':>9}  {'case':<16} {'shop':>9} {'limit':>9}  ratio (half of all rounds)"]
    for size, cases in found.items():
        lines += [
            f"{size:>9,}  {case:<16} {pair.shop_us:>6,.0f} us {pair.limit_us:>6,.0f} us"
            f"  {pair.ratio:.2f} ({pair.low:.2f} to {pair.high:.2f})"
            for case, pair in cases.items()
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
