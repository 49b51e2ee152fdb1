"""Examples for the OpenAPI document: recorded calls, with constant times, session ids and secrets."""

import re
from collections.abc import Iterable
from typing import Any

from app.errors import ShopError
from app.web.paths import SessionId
from app.web.responses import said_no

WHEN = "2026-03-02T08:30:00Z"
TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl"  # noqa: S105 - signs nobody in
FIGURES = 4  # of a report, so that its example is not too long
PERIOD = re.compile(r"(?<=from=)[\d-]{10}|(?<=to=)[\d-]{10}")
SESSION = re.compile(SessionId.regex)
ALWAYS = {
    **dict.fromkeys(("access_token", "token"), TOKEN),
    **dict.fromkeys(("at", "assigned_at", "closed_at", "created_at", "opened_at"), WHEN),
    **dict.fromkeys(
        (
            "issued_at",
            "received_at",
            "updated_at",
            "used_at",
            "last_used_at",
            "decided_at",
            "ended_at",
            "dismissed_at",
        ),
        WHEN,
    ),
    **dict.fromkeys(("issued_on", "due_on", "on"), WHEN[:10]),
    "document_sha256": "1b7e" + "0" * 60,
    "expires_at": "2026-04-01T08:30:00Z",
    "next_cursor": "b3BhcXVl",
    "refresh_token": "0f8b5c1e.qHc8nq3v0",
    "path": "/approvals/bm90IGEgcmVhbCB0b2tlbiwgb25seSBhbiBleGFtcGxl",
    "request_id": "5f2b6c1d9e0a4f7b8c3d2e1f0a9b8c7d",
}


class Examples:
    """The recorded successful calls of each operation, and one recorded answer for each refusal."""

    def __init__(self, day: Iterable):
        """Collect the recorded calls in `day`: pairs of an operation's id and a Played object.

        Calls with a status below 300 are examples of their operation; the others are examples of a
        refusal.
        """
        self.good: dict[str, list] = {}
        self.refusals: dict[str, Any] = {}
        for name, played in day:
            if played.call.status < 300:
                self.good.setdefault(name, []).append(played)
            elif isinstance(played.answer, dict):
                self.refusals.setdefault(played.answer["code"], as_always(played.answer))

    def of_path(self, name: str) -> dict:
        """Return the path parameters of the first successful call of the operation `name`, or {}."""
        return next((as_always(dict(each.view_args)) for each in self.good.get(name, ())), {})

    def sent(self, name: str) -> dict:
        calls = [each for each in self.good.get(name, ()) if each.sent]
        return _named((each.call.name, as_always(each.sent)) for each in calls)

    def answered(self, name: str) -> dict:
        """Return the first answer of the operation `name`, as `{key: {summary, value}}`, or {}.

        Its other answers are similar, and left out.
        """
        calls = [each for each in self.good.get(name, ()) if each.answer]
        return _named((each.call.name, as_always(each.answer)) for each in calls[:1])

    def refused(self, refusal: type[ShopError]) -> dict:
        """Return the recorded answer with this refusal class, or else an example made from the class."""
        would_be = said_no(refusal(), ALWAYS["request_id"])
        return self.refusals.get(refusal.code, would_be)


def _named(examples):
    return {
        re.sub(r"\W+", "-", summary.lower()).strip("-"): {"summary": summary, "value": value}
        for summary, value in examples
    }


def as_always(said: Any) -> Any:
    """Return a recorded value in which times, session ids and secrets are replaced by constants.

    So the document stays the same when the calls are recorded again.
    """
    if isinstance(said, list):
        return [as_always(each) for each in said]
    if isinstance(said, str) and SESSION.fullmatch(said):
        return ALWAYS["request_id"]
    if isinstance(said, str):
        return PERIOD.sub(WHEN[:10], said)
    if not isinstance(said, dict):
        return said
    if "time_zone" in said and "figures" in said:
        said = said | {"figures": said["figures"][:FIGURES]}
    if "currency" in said and "from" in said:
        said = said | {"from": WHEN[:10], "to": WHEN[:10]}
    return {
        name: ALWAYS[name] if name in ALWAYS and value is not None else as_always(value)
        for name, value in said.items()
    }
