"""The walkthrough, a scripted day of API calls, as a Postman collection (v2.1).

Each request has tests of its answer.
"""

import json
from collections import Counter
from itertools import islice
from pathlib import Path

from werkzeug.http import HTTP_STATUS_CODES

from app.cli.walkthrough import needs
from app.cli.walkthrough.call import Call
from app.cli.walkthrough.play import Played
from app.cli.walkthrough.scenes import DAY
from app.cli.walkthrough.scripts import EVERY_ANSWER, checks
from app.web.deprecated_paths import is_deprecated
from app.web.openapi.examples import as_always

ROOT = Path(__file__).parents[3]
COLLECTION = ROOT / "mechanic_shop.postman_collection.json"
ENVIRONMENT = ROOT / "mechanic_shop.postman_environment.json"
SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
ABOUT = """\
A working day at the shop. Set `baseUrl`, `manager_email` and `manager_password` (a manager that
`python3 dev.py` or `flask create-manager` named), best in the environment beside this collection, and run
it from top to bottom, a folder, or one request: what that needs of the day before it, such as signing in,
is sent first. It runs again and again on the same shop: what it makes has a new name each time.

Where the shop says 429, the run waits up to a minute, as `Retry-After` says, and asks again. Each run
opens two accounts, of which a shop lets a stranger open ten an hour (`LIMIT_REGISTER`).
"""
OLDER = "\n\nDeprecated: a path of earlier systems, which `Link` in its answer leads away from."
ASKED = {
    "baseUrl": "http://127.0.0.1:5000",
    "manager_email": "dana.whitlock@example.com",
    "manager_password": "",
}
KEPT_BY_SCRIPTS = ("began", "shop", "done", "run", "car_vin", "older_vin")


def written(day: list[Played]) -> str:
    """Return the Postman collection as JSON text; the same calls always give the same text.

    `day` has the recorded API calls of the walkthrough.
    """
    return _json(collection(day))


def environment() -> str:
    """Return the Postman environment as JSON text: the shop's address and a manager's credentials."""
    values = [
        {"key": key, "value": value, "type": _kind(key, "default"), "enabled": True}
        for key, value in ASKED.items()
    ]
    name = "Mechanic Shop on this machine"
    return _json({"name": name, "values": values, "_postman_variable_scope": "environment"})


def collection(day: list[Played]) -> dict:
    played = iter(day)
    return {
        "info": {"name": "Mechanic Shop API", "description": ABOUT, "schema": SCHEMA},
        "auth": _auth("manager"),
        "variable": _variables(),
        "event": [_event("prerequest", needs.script()), _event("test", EVERY_ANSWER)],
        "item": [_folder(scene, islice(played, len(scene.calls))) for scene in DAY],
    }


def _json(made):
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _variables():
    kept = {name: "" for scene in DAY for call in scene.calls for name in call.saves}
    values = ASKED | dict.fromkeys(KEPT_BY_SCRIPTS, "") | kept
    return [
        {"key": key, "value": value, "type": _kind(key, "string")} for key, value in values.items()
    ]


def _kind(key, otherwise):
    return "secret" if key.endswith(("_password", "_token")) else otherwise


def _folder(scene, played):
    """Return a scene as a folder of the collection. `played` has the recorded calls of the scene.

    The default token of the folder is that of the sender who makes most of its calls.
    """
    usual = Counter(call.as_ for call in scene.calls).most_common(1)[0][0]
    return {
        "name": scene.name,
        "description": scene.about,
        "auth": _auth(usual),
        "item": [_item(each, usual) for each in played],
    }


def _auth(by):
    if by is None:
        return {"type": "noauth"}
    token = {"key": "token", "value": f"{{{{{by}_token}}}}", "type": "string"}
    return {"type": "bearer", "bearer": [token]}


def _event(listen, script):
    return {"listen": listen, "script": {"type": "text/javascript", "exec": script.splitlines()}}


def _item(played, usual):
    call = played.call
    request = _request(call, usual)
    request["description"] = played.about + (OLDER if is_deprecated(played.rule.rule) else "")
    item = {
        "name": call.name,
        "event": [_event("test", checks(played))],
        "request": request,
        "response": [_example(played, request)],
    }
    if 300 <= call.status < 400:
        item["protocolProfileBehavior"] = {"followRedirects": False}
    return item


def _request(call: Call, usual: str | None) -> dict:
    path, _, query = call.path.partition("?")
    url: dict = {
        "raw": "{{baseUrl}}" + call.path,
        "host": ["{{baseUrl}}"],
        "path": path[1:].split("/"),
    }
    if query:
        url["query"] = [
            dict(zip(("key", "value"), each.split("="), strict=True)) for each in query.split("&")
        ]
    headers = dict(call.headers)
    request: dict = {"method": call.method}
    if call.as_ != usual:
        request["auth"] = _auth(call.as_)
    if call.raw is not None or call.body is not None:
        request["body"] = {"mode": "raw", "raw": needs.body_of(call)}
    if call.body is not None:
        headers["Content-Type"] = "application/json"
        request["body"]["options"] = {"raw": {"language": "json"}}
    request["header"] = [{"key": key, "value": value} for key, value in headers.items()]
    return request | {"url": url}


def _example(played, request):
    """Return the recorded answer to a request as an example of the collection.

    The body of the answer is included only if it is JSON.
    """
    status, answer = played.call.status, played.answer
    kind = [{"key": "Content-Type", "value": played.mimetype}] if played.mimetype else []
    return {
        "name": f"{status} {HTTP_STATUS_CODES[status]}",
        "originalRequest": request,
        "status": HTTP_STATUS_CODES[status],
        "code": status,
        "_postman_previewlanguage": "text" if answer is None else "json",
        "header": kind,
        "cookie": [],
        "body": "" if answer is None else _json(as_always(answer)),
    }
