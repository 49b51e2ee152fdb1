"""The classes of the walkthrough, a scripted day of API calls, and functions for its templates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PASSWORD = "a long enough password"  # noqa: S105 - of people who exist only in examples
TEMPLATE = re.compile(r"{{(\w+)}}")


@dataclass(frozen=True)
class Call:
    """One API call of the walkthrough, a scripted working day at the shop, and its expected answer.

    `{{name}}` in a call is replaced by the value that an earlier call has saved under this name. A
    member of an answer is given by its path, such as `items.0.id`.
    """

    name: str
    request: str  # "GET /vehicles/{{car_id}}"
    status: int = 200
    as_: str | None = None  # the sender: `bob` sends `{{bob_token}}`
    body: Mapping[str, Any] | None = None
    raw: str | None = None  # a body that is not valid JSON, which is refused
    headers: Mapping[str, str] = field(default_factory=dict)
    expects: Mapping[str, Any] = field(default_factory=dict)
    among: Mapping[str, Any] = field(default_factory=dict)  # members of one of its `items`
    omits: tuple[str, ...] = ()  # members that the answer must not have
    saves: Mapping[str, str] = field(default_factory=dict)  # name: path of a member, or "ETag"

    @property
    def method(self) -> str:
        return self.request.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.request.partition(" ")[2]


@dataclass(frozen=True)
class Scene:
    """A part of the walkthrough, a scripted working day at the shop: some API calls in order.

    Each scene becomes a folder of the Postman collection; `about` is its description.
    """

    name: str
    about: str
    calls: tuple[Call, ...]


def filled_in(said: Any, kept: Mapping[str, Any]) -> Any:
    """Return `said`, a text or JSON value, with each `{{name}}` in it replaced by the value in `kept`.

    A string that is only `{{name}}` becomes the value itself, which may be a number.
    """
    if isinstance(said, Mapping):
        return {name: filled_in(member, kept) for name, member in said.items()}
    if isinstance(said, list | tuple):
        return [filled_in(member, kept) for member in said]
    if not isinstance(said, str):
        return said
    if alone := TEMPLATE.fullmatch(said):
        return kept[alone[1]]
    return TEMPLATE.sub(lambda found: str(kept[found[1]]), said)


def member(answer: Any, path: str) -> Any:
    """Return the member of an answer at a path such as `items.0.id`."""
    for step in path.split("."):
        answer = answer[int(step)] if step.isdecimal() else answer[step]
    return answer
