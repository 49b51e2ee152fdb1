"""Every member of every body, and every whole body, given what nobody should send."""

import copy
import itertools
import json
from dataclasses import replace

from app.web.names import Older
from app.web.strict_json import DEEPEST
from app.web.texts import CONTROL, trimmed
from tests.system.hostile.aims import at, fits, members, older_names, operations, shape_of, shapes
from tests.system.hostile.fire import Shot
from tests.system.hostile.payloads import FRAGMENTS, NOT_JSON, TEXTS
from tests.system.hostile.targets import BESIDE, plain_body
from tests.system.hostile.wholes import WHOLES

HERE = "the hostile one stands here"
UNREAD = ("password", "current_password", "new_password", "refresh_token")
CHANGED = ("vin", "email", "status", "to", "role", "service_date", "promised_at")
SHAPED = [*shapes(), *((each, None) for each in operations() if not each.shapes())]


def test_the_deepest_body_is_one_level_above_what_is_refused():
    assert NOT_JSON["nested 21 deep"].count(b"[") == DEEPEST


def test_a_plain_request_is_answered_so_that_the_hostile_ones_reach_the_shop(battery):
    refused = {}
    for aim in SHAPED:
        status = battery.fire(aim[0], plain, aim, "plain", None)
        if status >= 400:
            refused[f"{aim[0]} {aim[1]}"] = status
    assert (refused, battery.surprises) == ({}, [])


def test_a_planted_bug_is_found_and_told_to_nobody_else(battery, app, monkeypatch):
    def bug(**_wanted):
        raise RuntimeError("SELECT hunter2 FROM accounts")

    operation = next(each for each in operations() if each.endpoint(app) == "mechanics.index")
    monkeypatch.setitem(app.view_functions, "mechanics.index", bug)
    battery.fire(operation, plain, (operation, None), "plain", None)

    found = [each.split(": ")[2] for each in battery.surprises]
    assert found == ["a 5xx", "a status that is not documented"]


def plain(targets, _operation, shape, _kind, _case):
    return Shot(body=shape and json.dumps(plain_body(shape, targets)).encode())


def test_no_member_of_a_body_breaks_the_shop(barrage):
    barrage("members", members(), FRAGMENTS, with_member, quick=3, slow=7)


def test_no_list_of_60000_keeps_the_shop_from_its_work(barrage):
    aims = [(*each, way) for *each, way in members() if at(each[1], way).get("type") == "array"]
    kind = "value: 60,000 ones"
    barrage("lists", aims, {kind: FRAGMENTS[kind]}, with_member, quick=3)


def test_no_older_name_of_a_member_breaks_the_shop(barrage, app):
    aims = older_names(app, "json")
    barrage("older members", aims, FRAGMENTS, with_older_name, slow=7)


def with_older_name(targets, operation, names, todays, kind, fragment):
    shape = next(each for each in operation.shapes() if todays in shape_of(each)["properties"])
    shot = with_member(targets, operation, shape, (todays,), kind, fragment, instead=names)
    if isinstance(
        todays, Older
    ):  # an amount, half a name, a title: today's member has another value
        return replace(shot, refused=kind.startswith("no JSON"), then=Shot.then)
    return shot


def with_member(targets, operation, shape, way, kind, fragment, instead=()):
    """A plain body in which one member is hostile, under its name or older ones instead."""
    said = copy.deepcopy(plain_body(shape, targets)) | BESIDE.get((shape, way[0]), dict)()
    _put(said, way)
    if instead:
        del said[way[0]]
        said |= dict.fromkeys(instead, "B") | {instead[0]: HERE}
    body = json.dumps(said).encode().replace(json.dumps(HERE).encode(), fragment)
    is_json, is_text = not kind.startswith("no JSON"), kind.startswith("text")
    text = trimmed(TEXTS[kind.partition(": ")[2]]) if is_text else ""
    value = json.loads(fragment) if is_json else None
    if len(instead) > 1:
        value = text = f"{value} B".strip() if is_text else "a list"
    known = is_text and text and way[-1] not in (*UNREAD, *CHANGED)
    return Shot(
        body=body,
        refused=not is_json or not (value == "a list" or allowed(at(shape, way), value)),
        status=None if is_json else 400,
        says=text,
        then=lambda answer: comes_back(targets, operation, text, answer) if known else (),
    )


def allowed(schema, value):
    """Whether the document allows it; where nothing is allowed, every kind of blank is nothing."""
    nothing = isinstance(value, str) and not trimmed(value) and not CONTROL & set(value)
    return fits(schema, value) or (nothing and fits(schema, None))


def _put(said, way):
    """Put the marker at the end of the way, and make the way where there is none."""
    for step, after in itertools.pairwise(way):
        if isinstance(step, str):
            said = said.setdefault(step, [] if after == 0 else {})
        else:
            said.extend([{}] * (not said))
            said = said[0]
    if way[-1] == 0:
        said[:] = [HERE]
    else:
        said[way[-1]] = HERE


def comes_back(targets, operation, text, answer):
    """A text that was accepted is read as it was sent."""
    if answer.status_code >= 300:
        return
    read = set()
    for path in reads(targets, operation, answer):
        again = targets.by().get(path, headers={"Accept": "application/json"})
        if again.status_code != 200:
            yield f"{path} -> {again.status_code} afterwards"
        read |= set(strings(again.json))
    if text not in read:
        yield f"does not come back among {sorted(read)[:20]}"


def reads(targets, operation, answer):
    """Where what was written is read."""
    path = operation.path.removeprefix("/customers/{owner_id}")
    thing = path.replace("_tickets", "-tickets").split("/")[1]
    if "Location" in answer.headers:
        yield answer.headers["Location"]
    if thing in ("vehicles", "service-tickets"):
        yield targets.path("/vehicles/{vehicle_id}/history")
    if thing == "service-tickets":
        yield targets.path("/service-tickets/{ticket_id}?include=terms")
    if path == "/shop":
        yield path
    if path.endswith("/billing-terms"):
        yield targets.path(path)
    if path == "/customers":
        yield targets.path("/customers/{customer_id}")
    if "{" in path:
        item = targets.path("/".join(path.split("/")[:3]))
        yield item
        yield from {
            "service-tickets": [f"{item}/history"],
            "inventory": [f"{item}/movements"],
        }.get(thing, [])


def strings(told):
    if isinstance(told, str):
        yield told
    for each in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from strings(each)


def test_no_whole_body_breaks_the_shop(barrage):
    aims = [(operation, shape) for operation, shape in SHAPED if operation.writes]
    barrage("bodies", aims, WHOLES, whole, slow=2)


def whole(targets, _operation, shape, kind, case):
    made, headers, status = case
    if kind == "a version of its own" and shape and "version" in shape_of(shape)["properties"]:
        status = None  # a 412, unless it is today's
    body = made(json.dumps(plain_body(shape, targets) if shape else {}).encode())
    return Shot(
        body=body,
        headers=headers,
        refused=bool(shape) and status is None and kind == "a version of its own",
        status=shape and status,
        documented=shape is not None,
    )
