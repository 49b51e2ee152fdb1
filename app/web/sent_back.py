"""Bodies that repeat a whole answer: unchanged read-only members are accepted, changed ones refused."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.errors import PreconditionFailed

CANT_CHANGE = "Can't be changed here"
ROUNDED = timedelta(milliseconds=1)  # a browser's Date has only milliseconds


def compared(
    sent: Mapping[str, Any],
    held: Mapping[str, str],
    now: Mapping[str, Any],
    instead: Mapping[str, str],
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Compare a body with the current answer; return the changes to make, and problems of the others.

    `sent` is the body, and `now` is the current answer. Members that are equal in both are left out. A
    changed member is a problem if it is read-only: `held` has the names of these members, also older
    names, each with its current name. `instead` says, by current name, what to do instead. Raise
    PreconditionFailed if the body has another `version` or, without a version, another `updated_at`,
    because it was then made from an outdated answer.
    """
    if _is_stale(sent, now):
        raise PreconditionFailed()
    changed = {
        name: value
        for name, value in sent.items()
        if not _is_as_it_was(held.get(name, name), value, now)
    }
    problems = {name: [_why(held[name], now, instead)] for name in changed if name in held}
    return {name: value for name, value in changed.items() if name not in problems}, problems


def _is_stale(sent, now):
    version = sent.get("version")
    if "version" in sent:
        return type(version) is int and version != now.get("version")
    return isinstance(sent.get("updated_at"), str) and not _is_as_it_was(
        "updated_at", sent["updated_at"], now
    )


def _why(name, now, instead):
    """Return the text that refuses a changed read-only member: its value now, and what to do instead."""
    is_now = now.get(name)
    text = f"{CANT_CHANGE}; it is {is_now}." if isinstance(is_now, str | int) else f"{CANT_CHANGE}."
    return f"{text} Instead: {instead[name]}" if name in instead else text


def _is_as_it_was(name, value, now):
    return name in now and _alike(value, now[name])


def _alike(sent: Any, now: Any) -> bool:
    """Return whether two values are equal; of an object, only members that were sent are compared."""
    if isinstance(sent, bool) or isinstance(now, bool):
        return sent is now
    if isinstance(sent, Mapping) and isinstance(now, Mapping):
        return all(_is_as_it_was(name, value, now) for name, value in sent.items())
    if isinstance(sent, list) and isinstance(now, list):
        return len(sent) == len(now) and all(map(_alike, sent, now))
    return sent == now or _same_moment(sent, now)


def _same_moment(sent, now):
    """Return whether two texts are times less than 1 ms apart; clients may round them, or rewrite Z."""
    if not (isinstance(sent, str) and isinstance(now, str)):
        return False
    try:
        return abs(datetime.fromisoformat(sent) - datetime.fromisoformat(now)) < ROUNDED
    except (ValueError, TypeError, OverflowError):
        return False
