"""Comparison of a body that repeats a whole answer with the current answer, to find what it changes.

Read-only members may be in the body if they are unchanged.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from itertools import repeat
from types import MappingProxyType
from typing import Any

from app.errors import PreconditionFailed

CANT_CHANGE = "Can't be changed here"
ROUNDED = timedelta(milliseconds=1)  # a browser's Date has only milliseconds


def compared(
    sent: Mapping[str, Any],
    held: Mapping[str, str],
    now: Mapping[str, Any],
    instead: Mapping[str, str],
    *,
    one_alone: Collection[str] = (),
    goes_with: Mapping[str, str] = MappingProxyType({}),
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Compare a body with the current answer; return `(changes, problems)`.

    `sent` is the body, and `now` is the current answer. `held` is `{name: current name}` of the
    read-only members, including their older names. `instead` is `{current name: advice}`: what a client
    should do instead of changing a read-only member. If only one member of `one_alone` is sent, it
    counts as changed even if it is equal. `goes_with` is `{name: other}`: if `name` has changed,
    `other`, if it is sent, counts as changed, too.

    `changes` has the members of the body that differ and may be changed. `problems` is
    `{name: messages}` of the read-only members that differ. Raise PreconditionFailed if the body was
    made from an outdated answer: its `version` differs or, if it has no version, its `updated_at`.
    """
    if _is_stale(sent, now):
        raise PreconditionFailed()
    alone = sent.keys() & one_alone if len(sent.keys() & one_alone) == 1 else set()
    changed = {
        name: value
        for name, value in sent.items()
        if name in alone or not _is_as_it_was(held.get(name, name), value, now, name not in held)
    }
    changed |= {
        other: sent[other] for name, other in goes_with.items() if name in changed and other in sent
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


def _is_as_it_was(name, value, now, whole=False):
    return name in now and _alike(value, now[name], whole)


def _alike(sent: Any, now: Any, whole: bool) -> bool:
    """Return whether two values are equal.

    Of an object in a read-only member, only members that were sent are compared. A `whole` object must
    have the same members: what is left out of a member that is replaced is a change.
    """
    if isinstance(sent, bool) or isinstance(now, bool):
        return sent is now
    if isinstance(sent, Mapping) and isinstance(now, Mapping):
        alike = all(_is_as_it_was(name, value, now, whole) for name, value in sent.items())
        return alike and (not whole or sent.keys() == now.keys())
    if isinstance(sent, list) and isinstance(now, list):
        return len(sent) == len(now) and all(map(_alike, sent, now, repeat(whole)))
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
