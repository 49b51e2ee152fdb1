"""Whoever asks only as before jobs, estimates and consent gets the same bytes as then.

`first_ring.json` is a day of requests, recorded before a ticket had jobs, with each answer. Times,
tokens, random ids and the words of refusals are hidden.
"""

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask_migrate import upgrade

from app import create_app
from app.blueprints.mechanics import services as mechanics
from app.cli.walkthrough.call import filled_in, member
from app.cli.walkthrough.play import MANAGER
from app.database.session import db

pytestmark = pytest.mark.one_database(
    "sqlite"
)  # the ids in the answers are those of a new database

RECORDED = json.loads((Path(__file__).parent / "first_ring.json").read_text(encoding="utf-8"))
HIDDEN = (
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
    (r"eyJ[\w-]+\.[\w-]+\.[\w-]+", "TOKEN"),
    (r'"refresh_token":"[^"]+"', '"refresh_token":"REFRESH"'),
    (r"\b[0-9a-f]{32}\b", "SESSION"),
    (r'"request_id":"[^"]+"', '"request_id":"ID"'),
    (r'"next_cursor":"[^"]+"', '"next_cursor":"CURSOR"'),
    (r'"schema":"\d+"', '"schema":"REVISION"'),
    (r'"detail":"(\\.|[^"\\])*"', '"detail":"TEXT"'),  # words for people, which may improve
)
# The audit trail shows every row, those of jobs as well.
OTHERS = ("/audit",)


def hidden(text):
    for pattern, word in HIDDEN:
        text = re.sub(pattern, word, text)
    return text


@pytest.fixture
def shop():
    """Yield a client of a new shop with one manager, who has the id 1 as in the recorded one."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder, 'shop.db').as_posix()}"
        app = create_app(
            {"DATABASE_URL": url, "FLASK_ENV": "testing", "RATELIMIT_ENABLED": "false"}
        )
        with app.app_context():
            upgrade()
            mechanics.hire(**MANAGER, role="manager")
            db.engine.dispose()
        yield app.test_client()
        with app.app_context():
            db.engine.dispose()


def test_the_day_of_before_is_answered_with_the_same_bytes(shop, figures):
    kept, compared, differing = dict(RECORDED["at_first"]), 0, []
    for call in RECORDED["calls"]:
        method, path = filled_in(call["request"], kept).split(" ", 1)
        headers = {name: filled_in(value, kept) for name, value in call.get("headers", {}).items()}
        if "as_" in call:
            headers["Authorization"] = f"Bearer {kept[call['as_'] + '_token']}"
        sent = filled_in(call.get("body"), kept)
        body = {"data": call["raw"]} if "raw" in call else {"json": sent} if sent else {}
        answer = shop.open(path, method=method, headers=headers, **body)
        for name, where in call.get("saves", {}).items():
            kept[name] = answer.headers["ETag"] if where == "ETag" else member(answer.json, where)
        assert answer.status_code == call["status"], call["request"]
        if "answer" in call and not path.startswith(OTHERS):
            compared += 1
            if (now := hidden(answer.get_data(as_text=True))) != call["answer"]:
                differing.append(f"{call['request']}\n  then {call['answer']}\n  now  {now}")

    figures(f"{compared} answers of before, {len(differing)} of them with other bytes")
    assert compared > 150
    assert not differing, "\n".join(differing)
