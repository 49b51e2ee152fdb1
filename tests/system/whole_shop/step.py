"""A step of a day: who does what to what. Things have names, such as `ticket 3`, never ids."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

STAFF = ("mechanic", "manager")
SIGNED_IN = ("customer", *STAFF)
ANYONE = ()


class Name(str):
    """What a thing is called in a script, and what stands for its id in a body."""


@dataclass(frozen=True)
class Step:
    """`at` names what the path is about; `fits` is False where the body is planted to be refused.

    `if_match` is `first` (the tag it was made with), `now`, `garbage`, `*` or nothing at all.
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
    """Where an act is, who may do it, what it answers, and what it does to the book."""

    method: str
    path: str
    roles: tuple[str, ...]
    status: int
    does: Callable


RULES: dict[str, Rule] = {}


def act(method: str, path: str, roles: tuple[str, ...], status: int = 200):
    def register(does):
        RULES[does.__name__] = Rule(method, path, roles, status, does)
        return does

    return register


class Refused(Exception):
    """The shop must say no, with this status and code."""

    def __init__(self, status: int, code: str):
        super().__init__(status, code)
        self.said = status, code


MISSING = Refused(404, "not_found")
FORBIDDEN = Refused(403, "forbidden")
INVALID = Refused(422, "invalid")


def conflict(code: str) -> Refused:
    return Refused(409, code)
