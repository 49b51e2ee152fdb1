"""Sends hostile requests, checks each answer, and counts."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field

from app.database.session import db
from app.web.declared import declared
from app.web.responses import PROBLEM
from tests.documented_client import CODES
from tests.system.hostile.payloads import TEXTS
from tests.system.hostile.targets import Targets

TELL_TALES = re.compile(
    r"Traceback|sqlalchemy|psycopg|sqlite|postgres|werkzeug|gunicorn|SELECT |INSERT INTO|UPDATE "
    r"|DELETE FROM|WHERE |RETURNING|no such table|syntax|\b(?:ck|uq|fk|pk)_|constraint|File \"|line 1, in"
    r"|\.py\b|/app/|/usr/|Error\(|Error:|object at 0x|<class |<function |hunter2|argon2|SECRET"
)
TOKEN = re.compile(r'"(?:\w+_)?token": ?"[\w.-]+"')  # random letters, which may look like a leak
MEMBERS = {"type", "title", "status", "detail", "code", "request_id"}
SLOWEST = 2.0
KEPT = json.dumps([*TEXTS.values()])  # a read may return texts that were stored
UNSAFE = set("<>{}\\\r\n\0")  # must not be copied into a header
FOLDED = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True)
class Shot:
    """One hostile request, and what its answer must be according to the document."""

    path: str | None = None  # decoded; None for the operation's own path
    query: str = ""
    body: bytes | None = None
    headers: dict = field(default_factory=dict)
    method: str = ""
    refused: bool = False
    status: int | None = None
    documented: bool = True
    says: str = ""  # must not be in a header
    then: Callable = lambda _answer: ()  # returns more faults of an answer


class Battery:
    """Sends requests to one shop, and records statuses, faults and times."""

    def __init__(self, app):
        self.targets = Targets(app)
        self.statuses, self.surprises, self.took = {}, [], []

    def fire(self, operation, shot_of, aim, kind, case):
        """Send a request, check its answer, undo its changes, and return its status."""
        targets = self.targets
        targets.aim(operation)
        shot: Shot = shot_of(targets, *aim, kind, case)
        name = f"{operation} {' '.join(map(str, aim[1:]))}: {kind}"
        answer, seconds = self._sent(operation, shot)
        self.took.append((seconds, name))
        assert name not in self.statuses, name
        self.statuses[name] = answer.status_code
        wrong = [*judged(operation, shot, answer), *shot.then(answer)]
        if seconds > SLOWEST:
            wrong.append(f"took {seconds:.1f} s of the CPU")
        if operation.writes and answer.status_code >= 400 and targets.changed():
            wrong.append("was refused, and changed rows all the same")
        if answer.status_code == 401 and targets.are_signed_out():
            wrong.append("signed out by a request before")
        said = answer.get_data().decode(errors="replace")[:300]
        self.surprises += [f"{name} -> {answer.status_code}: {each}: {said}" for each in wrong]
        targets.put_back()
        return answer.status_code

    def _sent(self, operation, shot):
        path = shot.path if shot.path is not None else self.targets.path(operation.path)
        environ = {"PATH_INFO": path.encode().decode("latin-1"), "QUERY_STRING": shot.query}
        environ["HTTP_ACCEPT"] = "application/json"  # and no page, where there is one
        if shot.body is not None:
            environ["CONTENT_TYPE"] = "application/json"
        if declared(self.targets.app.view_functions[self.targets.endpoint]).needs_key:
            environ["HTTP_IDEMPOTENCY_KEY"] = f"hostile {len(self.took)}"
        db.session.rollback()
        began = time.thread_time()  # CPU time: other work on the machine does not count
        answer = Context().run(
            self.targets.by().open,
            "/",
            method=shot.method or operation.method.upper(),
            data=shot.body,
            environ_overrides=environ | shot.headers,
        )
        return answer, time.thread_time() - began

    def figure(self, what, classes):
        statuses = self.statuses.values()
        by_status = ", ".join(f"{n:,} x {s}" for s, n in sorted(Counter(statuses).items()))
        seconds, slowest = max(self.took)
        return (
            f"hostile {what}: {classes} classes, {len(statuses):,} requests, "
            f"{sum(status >= 500 for status in statuses)} x 5xx, "
            f"slowest {seconds * 1000:.0f} ms ({slowest}); {by_status}"
        )


def judged(operation, shot, answer):
    """Yield a text for each fault of an answer."""
    status, said = answer.status_code, answer.get_data().decode(errors="replace")
    if status >= 500:
        yield "a 5xx"
    if shot.status is not None and status != shot.status:
        yield f"not the {shot.status} that it must be"
    if shot.refused and status < 400:
        yield "accepted what the document refuses"
    if shot.documented and str(status) not in operation.said["responses"]:
        yield "a status that is not documented"
    if status >= 400:
        yield from _is_a_problem(answer)
    if status >= 400 or answer.is_json:
        sent = f"{shot.path}{shot.query}{shot.headers}{(shot.body or b'').decode(errors='replace')}"
        kept = KEPT if status < 400 else ""
        told = {each for each in TELL_TALES.findall(TOKEN.sub("", said)) if each not in sent + kept}
        yield from (f"tells {each!r}" for each in told)
    for name, value in answer.headers:
        if name == "X-Injected" or FOLDED.search(value) or not value.isascii():
            yield f"the header {name}: {value!r}"
        if UNSAFE & set(shot.says) and shot.says in value:
            yield f"{name} says what was sent"
    if sum(len(name) + len(value) + 4 for name, value in answer.headers) > 16_384:
        yield "more than 16 KiB of headers"


def _is_a_problem(answer):
    if answer.mimetype != PROBLEM:
        yield f"it is {answer.mimetype}"
        return
    told = answer.json
    if not told.keys() >= MEMBERS:
        yield f"it lacks {MEMBERS - told.keys()}"
    if told.get("status") != answer.status_code:
        yield "another status in its body"
    if told.get("code") not in CODES or told.get("type") != f"/problems#{told.get('code')}":
        yield "a code that is not documented"
    if told.get("request_id") != answer.headers["X-Request-ID"]:
        yield "another request id in its body"
