"""Bodies that repeat a whole answer: a read-only member may be in them if it is unchanged."""

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
    """Compare a body with the current answer; return `(changes, problems)`.

    `sent` is the body, and `now` is the current answer. `held` is `{name: current name}` of the
    read-only members, including their older names. `instead` is `{current name: advice}`: what a client
    should do instead of changing a read-only member.

    `changes` has the members of the body that differ and may be changed. `problems` is
    `{name: messages}` of the read-only members that differ. Raise PreconditionFailed if the body was
    made from an outdated answer: its `version` differs or, if it has no version, its `updated_at`.
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
    """Return the message for a changed read-only member: its current value, and what to do instead.

    `now` is the current answer, and `instead` is `{name: advice}`.
    """
    is_now = now.get(name)
    text = f"{CANT_CHANGE}; it is {is_now}." if isinstance(is_now, str | int) else f"{CANT_CHANGE}."
    return f"{text} Instead: {instead[name]}" if name in instead else text


def _is_as_it_was(name, value, now):
    return name in now and _alike(value, now[name])


def _alike(sent: Any, now: Any) -> bool:
    """Return whether a value that was sent equals the current value.

    In an object, only the members that were sent are compared. Times may differ by less than 1 ms.
    """
    if isinstance(sent, bool) or isinstance(now, bool):
        return sent is now
    if isinstance(sent, Mapping) and isinstance(now, Mapping):
        return all(_is_as_it_was(name, value, now) for name, value in sent.items())
    if isinstance(sent, list) and isinstance(now, list):
        return len(sent) == len(now) and all(map(_alike, sent, now))
    return sent == now or _same_moment(sent, now)


def _same_moment(sent, now):
    """Return whether both values are texts of times that differ by less than 1 ms.

    Some clients round times to milliseconds, or write the time zone as `+00:00` instead of `Z`.
    """
    if not (isinstance(sent, str) and isinstance(now, str)):
        return False
    try:
        return abs(datetime.fromisoformat(sent) - datetime.fromisoformat(now)) < ROUNDED
    except (ValueError, TypeError, OverflowError):
        return False
