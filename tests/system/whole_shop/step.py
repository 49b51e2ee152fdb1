"""A step of a script: who sends which request. Rows have names such as `ticket 3` instead of ids."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

STAFF = ("mechanic", "manager")
SIGNED_IN = ("customer", *STAFF)
ANYONE = ()


class Name(str):
    """The name of a row in a script. In a body it is replaced by the row's id."""


@dataclass(frozen=True)
class Step:
    """One request. `at`: names for the path. `fits`: False if the body is made to be refused.

    `if_match` is `first` (the tag after the creation), `now`, `garbage`, `*` or None.
    """

    act: str
    who: str | None = None
    at: dict[str, str] = field(default_factory=dict)
    said: Any = None
    query: dict[str, Any] = field(default_factory=dict)
    fits: bool = True
    if_match: str | None = None
    key: str | None = None


class Rule(NamedTuple):
    """The method and path of an act, who may do it, its status, and its effect on the book."""

    method: str
    path: str
    roles: tuple[str, ...]
    status: int
    does: Callable
    needs_key: bool = False


RULES: dict[str, Rule] = {}


def act(method: str, path: str, roles: tuple[str, ...], status: int = 200, *, needs_key=False):
    """Return a decorator that registers the effect of an act; `needs_key`: it demands a key."""

    def register(does):
        RULES[does.__name__] = Rule(method, path, roles, status, does, needs_key)
        return does

    return register


class Refused(Exception):
    """The shop must refuse a step, with this status and code, and these members of the problem."""

    def __init__(self, status: int, code: str, members: dict | None = None):
        super().__init__(status, code)
        self.said, self.members = (status, code), members or {}


NO_KEY = Refused(400, "idempotency_key_required")
MISSING = Refused(404, "not_found")
FORBIDDEN = Refused(403, "forbidden")
INVALID = Refused(422, "invalid")


def conflict(code: str) -> Refused:
    return Refused(409, code)
