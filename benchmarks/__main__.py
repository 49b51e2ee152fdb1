"""`python3 dev.py bench [--quick] [--json FILE]`: the shop beside its limits, at three sizes."""

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import plot, seed, servers, work
from benchmarks.measure import BESIDE_BARE_FLASK, measured
from tests.postgres import a_database, a_postgres
from tests.servers import a_redis

SIZES = (10_000, 100_000, 1_000_000)
HERE = Path(__file__).parent


def main() -> None:
    options = argparse.ArgumentParser(prog="python3 dev.py bench", description=__doc__)
    options.add_argument("--quick", action="store_true", help="the smallest size only, in minutes")
    options.add_argument("--json", type=Path, metavar="FILE", help="write the ratios there as well")
    options.add_argument("--keep", action="store_true", help="make this the committed result")
    chosen = options.parse_args()
    sizes = SIZES[:1] if chosen.quick else SIZES
    with a_postgres("-c shared_buffers=1GB -c max_wal_size=8GB") as postgres, a_redis() as redis:
        found = {size: at_size(size, postgres.url, redis.url) for size in sizes}
    result = told(found)
    print(table(found))
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=1) + "\n")
    if chosen.keep:
        (HERE / "result.json").write_text(json.dumps(result, indent=1) + "\n")
        plot.draw(found, HERE)


def at_size(size: int, server: str, redis: str) -> dict:
    with a_database(server, f"bench_{size}") as url, tempfile.TemporaryDirectory() as folder:
        environ = servers.settings(url, redis)
        servers.flask(environ, "db", "upgrade")
        dsn = url.replace("postgresql+psycopg2", "postgresql")
        began = time.monotonic()
        for step in seed.fill(dsn, size):
            say(f"{size:,} tickets, {time.monotonic() - began:.0f} s: {step}")
        say(f"{size:,} tickets made in {time.monotonic() - began:.0f} s\n")
        name = ("--password-stdin", "--email", work.MANAGER["email"], "--name", "Marge Rivers")
        servers.flask(environ, "create-manager", *name, said=work.MANAGER["password"])
        began = time.monotonic()
        with servers.shop(environ) as port:
            say(f"First answer {time.monotonic() - began:.1f} s after the start\n")
            return measured(environ, port, dsn, size, Path(folder), say)


def say(text: str) -> None:
    """One line that is written over by the next."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
    elif text.endswith("\n"):
        print(text, end="", file=sys.stderr, flush=True)


def told(found: dict) -> dict:
    """`ratios` are those at the largest size; `growth` is what a case costs there over the smallest.

    Counted in answers of bare Flask at the time, because a machine may slow down between two sizes.
    """
    smallest, largest = found[min(found)], found[max(found)]
    slower = _bare_us(largest) / _bare_us(smallest)
    return {
        "ratios": {case: round(pair.ratio, 3) for case, pair in largest.items()},
        "growth": {
            case: round(largest[case].shop_us / smallest[case].shop_us / slower, 3)
            for case in largest
        },
        "deep_over_first": round(largest["deep_page"].shop_us / largest["known_page"].shop_us, 3),
        "sizes": {
            str(size): {case: pair._asdict() for case, pair in cases.items()}
            for size, cases in found.items()
        },
    }


def _bare_us(cases: dict) -> float:
    return statistics.median(cases[case].limit_us for case in BESIDE_BARE_FLASK)


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
