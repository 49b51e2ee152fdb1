"""Names of the members of request bodies and queries, such as `vehicle_id`.

Older names are translated to the current ones, and unknown ones are refused with a hint.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from marshmallow import ValidationError

from app.names import FirstName, LastName
from app.web.amounts import cents

MOST_HINTS, LONGEST = 20, 40  # most hints in one refusal; longest name that gets one


class Older(str):
    """The current name of a member, which replaces an older name; the value sent stays the same."""

    half: type[str] | None = None
    in_front = False

    def read(self, value: Any) -> Any:
        return value


class Amount(Older):
    """Like Older, but the older member is in units of the currency, and the current one in cents.

    A value of 23.99 is read as 2399.
    """

    def read(self, value: Any) -> Any:
        return None if value is None else cents(value)


class FirstHalf(Older):
    half = FirstName


class SecondHalf(Older):
    half = LastName


class InFront(Older):
    """The current name of the text member in front of which the value of an older member is put.

    If the older member is `title`, the current one becomes the text `<title>: <text>`.
    """

    in_front = True


HALVES: dict[str, Older] = {
    "full_name": Older("name"),
    "first_name": FirstHalf("name"),
    "last_name": SecondHalf("name"),
}


@dataclass
class Body:
    """A request body with current member names, and the problems found in its names and values.

    `problems` is `{name that was sent: messages}`.
    """

    members: dict[str, Any] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)  # {current name: older name that was sent}
    halves: dict[str, type[str]] = field(default_factory=dict)  # {name: FirstName or LastName}
    problems: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, name: str, why: Any) -> None:
        self.problems.setdefault(name, []).extend(why if isinstance(why, list) else [why])


def understood(schema: Any, sent: Mapping[str, Any]) -> Body:
    """Return the members in `sent` as a Body, with older names translated to the current ones.

    `schema` is a RequestSchema, which has the names. An unknown name is a problem of the Body; so are
    two names for the same member.
    """
    body = Body()
    older: dict[str, list[tuple[str, Older, Any]]] = {}
    for name, value in sent.items():
        todays = None if name in schema.todays_names else schema.older_names.get(name.lower())
        if name in schema.todays_names:
            body.members[name] = value
        elif todays is not None:
            older.setdefault(todays, []).append((name, todays, value))
        elif name.lower() not in schema.without_home:
            body.refuse(name, _hint(schema, name, len(body.problems)))
    for todays, members_sent in older.items():
        _take(schema, body, todays, [each for each in members_sent if not each[1].in_front])
        _put_in_front(schema, body, todays, [each for each in members_sent if each[1].in_front])
    return body


def ignored(schema: Any, sent: Mapping[str, Any]) -> list[str]:
    """Return the names of the members in `sent` that the schema accepts, but does not store."""
    return [
        name
        for name in sent
        if name.lower() in schema.without_home and name not in schema.todays_names
    ]


def _take(schema, body, todays, sent):
    if not sent:
        return
    names = [name for name, *_ in sent]
    halves = {each.half for _, each, _ in sent}
    several = len(names) > 1 and (None in halves or len(halves) < len(names))
    if todays in body.members or several:
        also = [todays] if todays in body.members else []
        both = " and ".join(f"`{name}`" for name in [*also, *names])
        for name in names:
            body.refuse(name, f"{both} mean the same; send one of them.")
        body.members.setdefault(todays, sent[0][2])
        body.called.setdefault(todays, names[0])
        return
    body.called[todays] = names[0]
    if None in halves:
        _read(body, todays, *sent[0])
    else:
        _join_halves(schema, body, todays, sent)


def _read(body, todays, name, older, value):
    body.members[todays] = value
    try:
        body.members[todays] = older.read(value)
    except ValidationError as problem:
        body.refuse(name, problem.messages)


def _join_halves(schema, body, todays, sent):
    """Set the member `todays` of the body to the full name, joined from its halves in `sent`.

    `sent` is a list of `(older name, Older, value)`. If it has only one half of the name, and the schema
    is partial (all members are optional), the half is noted in `body.halves`: it replaces that half of
    the stored name. With any other schema, one half alone is a problem.
    """
    body.members[todays] = " ".join(
        str(value) for _, _, value in sorted(sent, key=lambda each: each[1].half is LastName)
    )
    for name, half, value in sent:
        if not isinstance(value, str):
            body.refuse(name, "Not a valid string.")
        elif len(sent) == 1 and schema.partial:
            body.halves[todays] = half.half
        elif len(sent) == 1:
            body.refuse(name, "Half a name; send the other half with it.")


def _put_in_front(schema, body, todays, sent):
    for name, _, title in sent:
        text = body.members.get(todays)
        if not isinstance(title, str):
            if title is not None:
                body.refuse(name, "Not a valid string.")
        elif not title.strip():
            continue
        elif text is None and not schema.fields[todays].required:
            body.refuse(name, f"It goes in front of `{todays}`: send that with it.")
        elif text is None or isinstance(text, str):
            body.members[todays] = f"{title.strip()}: {text}" if text else title
            body.called.setdefault(todays, name)


def _hint(schema, name, hints_before):
    """Return the message that refuses the unknown member `name`, if possible with what to send instead.

    `hints_before` is the number of problems found before. There is no such hint after MOST_HINTS
    problems, or for a long name.
    """
    if hints_before >= MOST_HINTS or len(name) > LONGEST:
        return "Unknown field."
    if instead := schema.instead.get(name.lower()):
        return f"Unknown field; {instead}"
    close = get_close_matches(name.lower(), schema.todays_names, 1)
    return f"Unknown field; did you mean `{close[0]}`?" if close else "Unknown field."
