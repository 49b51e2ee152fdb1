"""The access matrix: each operation is sent as each of its rows in the table says, by each actor."""

import re
from itertools import count, cycle, islice
from typing import NamedTuple

from flask.testing import FlaskClient

from app.database.session import db
from app.extensions import cache
from app.web.declared import declared
from app.web.deprecated_paths import is_deprecated
from tests.snapshot import Snapshot
from tests.system.access.cast import the_cast
from tests.system.access.table import TABLE, UNASKED, Row

serial = count(1)
SAME_AS = {"demoted": "unassigned"}
PAGES = ("/docs", "/static/")
MISSING = {
    **dict.fromkeys(("customer_id", "vehicle_id", "ticket_id", "unused_vehicle"), 2**31 - 1),
    **dict.fromkeys(("other_customer", "cancelled", "owner_id"), 2**31 - 1),
    "vin": "1HGCM82633A999999",
    "session_id": "0" * 32,
}


class Cell(NamedTuple):
    """One request: its expected status, its answer, the changed tables, and a missing row's answer."""

    row: str
    method: str
    rule: str
    actor: str
    due: int
    status: int
    body: str
    headers: dict
    changed: frozenset
    missing: tuple | None

    def __str__(self):
        return f"{self.method} {self.rule} [{self.row}] as {self.actor}"


def operations(app):
    """Return `(endpoint, method, rule)` of every operation of the app."""
    return [
        (rule.endpoint, method, rule)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
        if not rule.rule.startswith(PAGES)
    ]


def view_of(name):
    """Return the endpoint of a row of the table."""
    return name.partition(" ")[0]


def played(app, flaws, flaws_again, actors_again):
    """Yield every cell; the shop is restored after each.

    Each request is sent with `flaws` of the bad tokens, in turn; with `flaws_again` of them on older
    paths, which share another path's view, and for views that check no token. Of the actors with a good
    token, `actors_again` use an older path, in turn; every other path is used by all of them.
    """
    with app.app_context():
        cast, snapshot = the_cast(app), Snapshot(db.engine)
        db.session.remove()
    client = FlaskClient(app, app.response_class)
    bad, good = cycle(cast.bad.items()), cycle(cast.good.items())
    for method, rule, name, row in requests(app):
        older = is_deprecated(rule.rule)
        again = older or row.refused is UNASKED
        tried = islice(bad, min(flaws_again if again else flaws, len(cast.bad)))
        who = islice(good, min(actors_again if older else len(cast.good), len(cast.good)))
        for actor, due, token in asked_by(row, who, tried):
            answer = ask(client, method, rule, row, cast.here, token)
            changed, missing = snapshot.changed(), None
            if due == 404:
                missing = told(ask(client, method, rule, row, cast.here | MISSING, token))
            if changed:
                snapshot.put_back()
                with app.app_context():
                    cache.clear()
            came = (answer.status_code, *told(answer))
            yield Cell(name, method, rule.rule, actor, due, *came, changed, missing)
    snapshot.close()


def requests(app):
    """Yield `(method, rule, name, row)` for each operation with each of its rows."""
    for endpoint, method, rule in operations(app):
        for name, row in TABLE.items():
            if view_of(name) == endpoint:
                yield method, rule, name, row


def asked_by(row: Row, good, bad):
    """Yield `(actor, expected status, token)` for each of these good and bad tokens."""
    for actor, token in good:
        yield actor, row.refused.get(SAME_AS.get(actor, actor), row.status), token
    who_may = "customer" if "manager" in row.refused else "manager"
    for flaw, tokens in bad:
        yield flaw, row.refused.get("bad token", row.status), tokens[who_may]


def ask(client, method, rule, row, here, token):
    ids = {name: filled(row.at.get(name, f"@{name}"), here) for name in rule.arguments}
    headers = {}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    path = re.sub(r"<\w+:(\w+)>", lambda found: str(ids[found[1]]), rule.rule)
    if method == "POST" and declared(client.application.view_functions[rule.endpoint]).needs_key:
        headers["Idempotency-Key"] = f"key {next(serial)}"
    sent = {} if row.sent is None else {"json": filled(row.sent, here)}
    return client.open(path, method=method, headers=headers, **sent)


def told(answer):
    headers = dict(answer.headers)
    own = headers.pop("X-Request-ID", "none")
    return answer.get_data().decode(errors="replace").replace(own, "?"), headers


def filled(said, here):
    """Return the value with each "@name" replaced by what the cast has under this name."""
    if isinstance(said, dict):
        return {name: filled(each, here) for name, each in said.items()}
    if isinstance(said, list):
        return [filled(each, here) for each in said]
    return here[said[1:]] if str(said).startswith("@") else said
