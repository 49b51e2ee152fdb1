"""The requests that are measured, and the SQL statements that the shop runs for each of them."""

import base64
import contextlib
import warnings
from collections.abc import Mapping
from enum import Enum
from random import Random
from typing import Any, NamedTuple

import orjson
import psycopg2
import sqlalchemy as sa

from app import create_app
from app.database.session import db
from benchmarks.seed import PARTS
from tests.web.overheard import overheard

SEED, PAGE, AGAIN, BILLED = 1981, 50, 2_000, 1_000
PAYMENT = {"amount_cents": 2_500, "method": "card", "reference": "auth 004211"}
MANAGER = {"email": "marge@example.com", "password": "a long enough password"}
READ_BEFORE = ("known_page", "deep_page")
WRITES = ("use_part", "invoice", "pay")
# The cases whose requests work only once: in each, the shop is sent the first ONCE requests, the limit
# repeats the statements of the next ONCE, and a comparison of two sizes sends the last ones.
BILLING, ONCE = ("invoice", "pay"), 200
# Settings without caches and limits, so that every request reaches the database.
FORGETFUL = {"CACHE_TYPE": "NullCache", "CACHE_REDIS_URL": "", "RATELIMIT_ENABLED": "false"}


class Request(NamedTuple):
    method: str
    path: str
    said: dict | None = None
    headers: Mapping[str, str] = {}


def requests(tickets: int) -> dict[str, list[Request]]:
    """Return `{case: requests}` for a shop with this number of tickets.

    No GET is repeated, so none is answered from a cache.
    """
    chance = Random(SEED)
    starts = range(PAGE, tickets - 2 * PAGE, PAGE)
    ids = chance.sample(range(1, tickets + 1), AGAIN)
    people = chance.sample(range(1, tickets // 5 + 1), AGAIN // 2)
    open_tickets = [n for n in range(1, tickets + 1) if n % 100 == 0][: AGAIN // 20]
    closed = [n for n in range(1, tickets + 1) if n % 100 > 4]  # with an invoice if n % 4 is 1
    ranked = [
        f"limit={limit}&by={by}&order={order}&active_only={active}"
        for limit in range(5, 100)
        for by in ("assigned", "completed")
        for order in ("asc", "desc")
        for active in ("true", "false")
    ]
    paths = {
        "page": [page_after(n) for n in chance.sample(starts, min(len(starts), AGAIN))],
        "known_page": [f"{page_after(0)}&{never_the_same(n)}" for n in range(AGAIN)],
        "deep_page": [
            f"{page_after(tickets - 2 * PAGE)}&{never_the_same(n)}" for n in range(AGAIN)
        ],
        "item": [f"/service-tickets/{n}" for n in ids],
        "ranking": [f"/mechanics/top?{each}" for each in chance.sample(ranked, len(ranked))],
        "search": [f"/customers?q=c{n}@example.com" for n in people],
    }
    using = [
        Request("POST", f"/service-tickets/{n}/parts/{1 + n % PARTS}", {"quantity_used": 1})
        for n in open_tickets
    ]
    return {name: [Request("GET", path) for path in each] for name, each in paths.items()} | {
        "use_part": using * (AGAIN // len(using)),
        "invoice": [
            Request("POST", f"/service-tickets/{n}/invoice", {})
            for n in chance.sample([n for n in closed if n % 4 == 2], BILLED)
        ],
        "pay": [
            Request("POST", f"/service-tickets/{n}/payments", PAYMENT, {"Idempotency-Key": f"{n}"})
            for n in chance.sample([n for n in closed if n % 4 == 1], BILLED)
        ],
    }


def make_ready(dsn: str, invoicing: list[Request]) -> None:
    """Make the closed tickets of these requests ready to be invoiced, without the shop."""
    ids = [int(each.path.split("/")[2]) for each in invoicing]
    ready = "UPDATE service_tickets SET status = 'ready', version = version + 1 WHERE id = ANY(%s)"
    with contextlib.closing(psycopg2.connect(dsn)) as connection, connection:
        connection.cursor().execute(ready, [ids])


def page_after(after):
    cursor = base64.urlsafe_b64encode(orjson.dumps(["id", after, after])).decode().rstrip("=")
    return f"/service-tickets?per_page={PAGE}&sort=id&cursor={cursor}"


def never_the_same(n):
    return f"opened_from=2000-01-01T00:00:{n // 1000:02}.{n % 1000:03}Z"


def statements(
    environ: Mapping[str, str], token: str, wanted: dict[str, list[Request]], at_most: int
) -> dict[str, list]:
    """Return, by case, the `(statement, parameters)` pairs of each of its first `at_most` requests.

    They are recorded from an app without caches, which answers the requests in `wanted`. BEGIN and the
    statement that reads the session are left out, and nothing is committed. In the READ_BEFORE cases,
    each request gets the statements of the first one.
    """
    warnings.filterwarnings("ignore", "Flask-Caching: CACHE_TYPE is set to NullCache")
    app = create_app({**environ, **FORGETFUL})
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    found: dict[str, list] = {}
    with app.app_context():
        # A transaction that was rolled back leaves nothing for the COMMIT that follows.
        sa.event.listen(db.engine, "commit", lambda act: act.connection.rollback())
        for case, asked in wanted.items():
            found[case] = []
            for method, path, said, more in asked[:at_most]:
                with overheard(with_parameters=True) as noted:
                    answer = client.open(path, method=method, json=said, headers=headers | more)
                assert answer.status_code < 300, (path, answer.get_data(as_text=True))
                # Later requests may read from memory; the limit must query, so it repeats the first.
                again = found[case] and case in READ_BEFORE
                found[case].append(found[case][0] if again else [_plain(*each) for each in noted])
        db.engine.dispose()
    return found


def _plain(statement, parameters):
    """Return the statement and its parameters, as values that a server without the shop's code knows."""
    return statement, {name: _known(each) for name, each in parameters.items()}


def _known(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return bytes(value.adapted) if isinstance(value, psycopg2.extensions.Binary) else value
