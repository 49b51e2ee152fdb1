"""Every id in a path and every parameter of a query, given what nobody should send."""

import base64
import re
from functools import partial
from urllib.parse import quote

from app.folding import folded
from app.web.declared import declared
from app.web.texts import CONTROL
from tests.system.hostile.aims import fits, older_names, operations, parameters
from tests.system.hostile.fire import Shot
from tests.system.hostile.payloads import TEXTS
from tests.system.hostile.urls import BITS, CURSORS, IN_PATHS, PATHS, QUERIES, RAW, forged

INJECTED = set("%_\\';<{$`")
TEXTS_AND_RAW = {
    **{
        f"text: {n}": (quote(text, safe=""), text)
        for n, text in TEXTS.items()
        if len(text) < 20_000
    },
    **{f"raw: {name}": (raw, None) for name, raw in RAW.items()},
}
EACH = [(operation,) for operation in operations()]


def test_every_id_in_a_path_of_the_document_names_a_row(battery):
    missing = {name for _, name in parameters("path")} - battery.targets.ids.keys()

    assert not missing, "the busy shop needs a row for each"


def test_no_id_in_a_path_breaks_the_shop(barrage):
    barrage("ids", parameters("path"), IN_PATHS, with_id)


def with_id(targets, operation, name, _kind, text):
    before, _, after = operation.path.partition(f"{{{name}}}")
    put = text.format(id=targets.id_of(name))
    return Shot(
        path=targets.path(before) + put + targets.path(after),
        body=targets.body(operation),
        refused=True,
        documented=False,
        says=text,
    )


def test_no_path_breaks_the_shop(barrage):
    barrage("paths", EACH, PATHS, at_path)


def at_path(targets, operation, _kind, template):
    path = targets.path(operation.path)
    return Shot(path=template.format(path=path, upper=path.upper()), documented=False)


def test_no_parameter_of_a_query_breaks_the_shop(barrage):
    aims = [(operation, name, name) for operation, name in parameters("query")]
    barrage("parameters", aims, TEXTS_AND_RAW, with_parameter, quick=2, slow=5)


def test_no_older_name_of_a_parameter_breaks_the_shop(barrage, app):
    aims = [(operation, names[0], todays) for operation, names, todays in older_names(app, "query")]
    barrage("older parameters", aims, TEXTS_AND_RAW, with_parameter)


def with_parameter(_targets, operation, name, todays, _kind, raw):
    query, text = raw
    schema = operation.parameters("query")[todays]
    injects = todays == "q" and INJECTED & set(text or "")
    words = set(re.findall("[a-z0-9]+", folded((text or "")[:40])))
    return Shot(
        query=f"{name}={query}",
        refused=text is not None and not may_be_asked(schema, text),
        says=text or "",
        then=partial(finds_what_holds, words) if injects else Shot.then,
    )


def finds_what_holds(words, answer):
    """Signs mean nothing to a search: what is found has the words between them."""
    for item in answer.json["items"] if answer.status_code == 200 else ():
        if not words or any(word not in folded(str(item)) for word in words):
            yield "finds rows that do not hold it"


A_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


def may_be_asked(schema, text):
    """Whether the document allows this text: of a number its ASCII digits, of a flag a word."""
    kinds = schema.get("type")
    if kinds == "integer":
        return text.isascii() and text.isdigit() and len(text) < 19 and fits(schema, int(text))
    if kinds == "number":
        return bool(A_NUMBER.fullmatch(text)) and fits(schema, float(text))
    if kinds == "boolean":
        return not CONTROL & set(text)
    return fits(schema, text) or (not text.strip() and fits(schema, None))


def test_no_cursor_breaks_the_shop(barrage):
    aims = [(operation,) for operation, name in parameters("query") if name == "cursor"]
    barrage("cursors", aims, CURSORS, with_cursor, slow=7)


def with_cursor(targets, operation, kind, cursor):
    """One that is forged; one with a bit flipped, which may name another row; one of another order."""
    sort = operation.parameters("query")["sort"]
    if kind in BITS:
        own = forged(sort["default"], "2026-01-01T00:00:00Z" if "_at" in sort["default"] else 1, 1)
        said = bytearray(base64.urlsafe_b64decode(own + "=" * (-len(own) % 4)))
        said[cursor // 8 % len(said)] ^= 1 << cursor % 8
        cursor = base64.urlsafe_b64encode(said).decode()
    elif cursor is None:
        other = next(each for each in sort["enum"] if each != sort["default"])
        page = targets.by().get(f"{targets.path(operation.path)}?per_page=1&sort={other}").json
        cursor = page["pagination"]["next_cursor"] or forged(other, 1, 1)
    return Shot(query=f"cursor={cursor}", refused=kind not in BITS)


def test_no_whole_query_breaks_the_shop(barrage):
    barrage("queries", EACH, QUERIES, with_query)


def with_query(targets, operation, kind, query):
    """Pages that are not JSON have no use for a query, and no harm from it."""
    strict = declared(targets.app.view_functions[targets.endpoint]).is_strict
    named = next(iter(operation.parameters("query")), None)
    twice = kind == "a parameter twice" and named
    return Shot(
        query=f"{named}=1&{named}=1" if twice else query,
        refused=strict,
        status=422 if twice else None,
        documented=strict,
    )
