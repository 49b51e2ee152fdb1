"""Examples for the document: recorded calls, with constant times, session ids and secrets."""

import re
from collections.abc import Iterable
from typing import Any

from app.errors import ShopError
from app.web.paths import SessionId
from app.web.responses import said_no

WHEN = "2026-03-02T08:30:00Z"
TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl"  # noqa: S105 - signs nobody in
SESSION = re.compile(SessionId.regex)
ALWAYS = {
    **dict.fromkeys(("access_token", "token"), TOKEN),
    **dict.fromkeys(("at", "assigned_at", "closed_at", "created_at", "opened_at"), WHEN),
    **dict.fromkeys(("updated_at", "used_at", "last_used_at"), WHEN),
    "expires_at": "2026-04-01T08:30:00Z",
    "next_cursor": "b3BhcXVl",
    "refresh_token": "0f8b5c1e.qHc8nq3v0",
    "request_id": "5f2b6c1d9e0a4f7b8c3d2e1f0a9b8c7d",
}


class Examples:
    """The recorded successful calls of each operation, and one recorded answer of each refusal."""

    def __init__(self, day: Iterable):
        """Collect `day`: pairs of an operation's id and a recorded call of app/cli/walkthrough."""
        self.good: dict[str, list] = {}
        self.refusals: dict[str, Any] = {}
        for name, played in day:
            if played.call.status < 300:
                self.good.setdefault(name, []).append(played)
            elif isinstance(played.answer, dict):
                self.refusals.setdefault(played.answer["code"], as_always(played.answer))

    def of_path(self, name: str) -> dict:
        """Return the path parameters of the operation's first successful call, or {} without one."""
        return next((as_always(dict(each.view_args)) for each in self.good.get(name, ())), {})

    def sent(self, name: str) -> dict:
        calls = [each for each in self.good.get(name, ()) if each.sent]
        return _named((each.call.name, as_always(each.sent)) for each in calls)

    def answered(self, name: str) -> dict:
        """Return the operation's first answer, `{name: {summary, value}}`; the others are similar."""
        calls = [each for each in self.good.get(name, ()) if each.answer]
        return _named((each.call.name, as_always(each.answer)) for each in calls[:1])

    def refused(self, refusal: type[ShopError]) -> dict:
        """Return the recorded answer with this refusal, or else an example made from its class."""
        would_be = said_no(refusal(), ALWAYS["request_id"])
        return self.refusals.get(refusal.code, would_be)


def _named(examples):
    return {
        re.sub(r"\W+", "-", summary.lower()).strip("-"): {"summary": summary, "value": value}
        for summary, value in examples
    }


def as_always(said: Any) -> Any:
    """Return a recorded value with constant times, session ids and secrets, for a stable document."""
    if isinstance(said, list):
        return [as_always(each) for each in said]
    if isinstance(said, str) and SESSION.fullmatch(said):
        return ALWAYS["request_id"]
    if not isinstance(said, dict):
        return said
    return {
        name: ALWAYS[name] if name in ALWAYS and value is not None else as_always(value)
        for name, value in said.items()
    }
