"""The JavaScript tests that Postman runs after each request of the collection to check the answer."""

import json
import re
from collections.abc import Iterator
from typing import Any

from app.cli.walkthrough.call import TEMPLATE
from app.cli.walkthrough.play import Played

EVERY_ANSWER = """\
const seconds = Number(pm.response.headers.get("Retry-After"));
if (pm.response.code === 429 && seconds <= 60) {
    setTimeout(() => pm.execution.setNextRequest(pm.info.requestId), seconds * 1000);
} else {
    const done = JSON.parse(pm.collectionVariables.get("done") || "[]");
    pm.collectionVariables.set("done", JSON.stringify([...done, pm.info.requestName]));
    pm.test("is in time", () => pm.expect(pm.response.code).to.not.equal(429));
    pm.test("is named in the shop's log", () => pm.response.to.have.header("X-Request-ID"));
    pm.test("is not the shop's fault", () => pm.expect(pm.response.code).to.be.below(500));
}
"""


def checks(played: Played) -> str:
    """Return the Postman script that checks the answer to a call and saves values from it for later calls.

    `played` is the call with its answer. The script does nothing after a 429, because EVERY_ANSWER
    handles that: it sends the request again, or fails a test if the wait is over 60 seconds.
    """
    lines = "\n".join(_checks(played))
    return "if (pm.response.code !== 429) {\n" + re.sub("(?m)^", "    ", lines) + "\n}"


def _checks(played: Played) -> Iterator[str]:
    call, answer = played.call, played.answer
    yield _test(f"answers {call.status}", f"pm.response.to.have.status({call.status})")
    if played.mimetype:
        kind = 'pm.response.headers.get("Content-Type")'
        yield _test(f"is {played.mimetype}", _expect(kind, "include", played.mimetype))
    else:
        yield _test("has no body", "pm.expect(pm.response.text()).to.be.empty")
    if answer is not None:
        yield "const answer = pm.response.json();"
        yield from _shape(answer)
        yield from _what_matters(call)
    for name, where in call.saves.items():
        value = 'pm.response.headers.get("ETag")' if where == "ETag" else _at(where)
        yield f"pm.collectionVariables.set({_js(name)}, {value});"


def _shape(answer):
    yield _test("has its members", _expect("answer", "include.all.keys", list(answer)))
    items = answer.get("items")
    if items:
        each = _expect("item", "include.all.keys", list(items[0]))
        yield _test("so have its items", f"answer.items.forEach((item) => {each})")


def _what_matters(call):
    for path, value in call.expects.items():
        if _is_template(value):
            said = _expect(f"String({_at(path)})", "eql", value)
        else:
            said = _expect(_at(path), "eql", value)
        yield _test(f"{path} is {_plain(value)}", said)
    if call.among:
        same = " && ".join(
            f"String(item.{name}) === {_value(str(value) if _is_template(value) else _js_text(value))}"
            for name, value in call.among.items()
        )
        name = "one of them is " + ", ".join(map(_plain, call.among.values()))
        yield _test(name, f"pm.expect(answer.items.some((item) => {same})).to.be.true")
    for path in call.omits:
        above, _, last = f"answer.{path}".rpartition(".")
        above = _at(above.removeprefix("answer").removeprefix("."))
        yield _test(f"hides {path}", f"pm.expect({above}).to.not.have.property({_js(last)})")


def _test(name, body):
    return f"pm.test({_js(name)}, () => {body});"


def _expect(what, how, value):
    return f"pm.expect({what}).to.{how}({_value(value)})"


def _value(value):
    """Return a JavaScript expression for a value. Templates (`{{name}}`) are replaced when it runs."""
    return f"pm.variables.replaceIn({_js(value)})" if _is_template(value) else _js(value)


def _js_text(value):
    """Return the text that JavaScript's function `String()` makes of a value."""
    return value if isinstance(value, str) else _js(value)


def _at(path):
    """Return a JavaScript expression for a path: `answer.items[0].id` for the path `items.0.id`."""
    return "answer" + "".join(
        f"[{step}]" if step.isdecimal() else f".{step}" for step in filter(None, path.split("."))
    )


def _is_template(value: Any) -> bool:
    return isinstance(value, str) and bool(TEMPLATE.search(value))


def _plain(value):
    return value.strip("{}") if isinstance(value, str) else _js(value)


def _js(value):
    return json.dumps(value, ensure_ascii=False)
