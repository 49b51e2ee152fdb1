"""The day as a Postman collection (v2.1), each request with what its answer must say."""

import json
import re
from itertools import islice
from pathlib import Path

from app.day.call import Call
from app.day.chapters import DAY
from app.day.play import Played
from app.day.scripts import A_NEW_DAY, EVERY_ANSWER, checks

COLLECTION = Path(__file__).parents[2] / "mechanic_shop.postman_collection.json"
SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
ABOUT = """\
A working day at the shop. Set `baseUrl`, `manager_email` and `manager_password` (a manager made with
`flask create-manager`) and run it from top to bottom, again and again on the same shop: what it makes has a
new name each time. Where the shop says 429, the run waits up to a minute, as `Retry-After` says, and asks
again. Each run opens two accounts, of which a shop lets a stranger open ten an hour (`LIMIT_REGISTER`).
"""


def written(day: list[Played]) -> str:
    """The collection as JSON, the same each time."""
    return json.dumps(collection(day), indent=2, ensure_ascii=False) + "\n"


def collection(day: list[Played]) -> dict:
    calls = map(_item, day)
    folders = [
        {
            "name": chapter.name,
            "description": chapter.about,
            "item": list(islice(calls, len(chapter.calls))),
        }
        for chapter in DAY
    ]
    folders[0]["item"][0]["event"].append(_event("prerequest", A_NEW_DAY))
    return {
        "info": {"name": "Mechanic Shop API", "description": ABOUT, "schema": SCHEMA},
        "variable": [
            {"key": "baseUrl", "value": "http://127.0.0.1:5000"},
            {"key": "manager_email", "value": "manager@example.com"},
            {"key": "manager_password", "value": ""},
            {"key": "run", "value": ""},
        ],
        "event": [_event("test", EVERY_ANSWER)],
        "item": folders,
    }


def _event(listen, script):
    return {"listen": listen, "script": {"type": "text/javascript", "exec": script.splitlines()}}


def _item(played):
    call = played.call
    item = {
        "name": call.name,
        "event": [_event("test", checks(played))],
        "request": _request(call),
        "response": [],
    }
    if 300 <= call.status < 400:
        item["protocolProfileBehavior"] = {"followRedirects": False}
    return item


def _request(call: Call) -> dict:
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
    request: dict = {"method": call.method, "auth": {"type": "noauth"}}
    if call.by:
        token = {"key": "token", "value": f"{{{{{call.by}_token}}}}", "type": "string"}
        request["auth"] = {"type": "bearer", "bearer": [token]}
    if call.raw is not None:
        request["body"] = {"mode": "raw", "raw": call.raw}
    elif call.sends is not None:
        headers["Content-Type"] = "application/json"
        request["body"] = {"mode": "raw", "raw": _body(call.sends)}
        request["body"]["options"] = {"raw": {"language": "json"}}
    request["header"] = [{"key": key, "value": value} for key, value in headers.items()]
    return request | {"url": url}


def _body(sends):
    """JSON in which an id that an earlier call kept stands as the number it is."""
    return re.sub(r'"({{\w+_id}})"', r"\1", json.dumps(sends, indent=4, ensure_ascii=False))
