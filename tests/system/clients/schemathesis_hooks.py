"""Hooks of the fuzzer: who it is in each case, real ids and secrets, and rules that no schema has.

schemathesis loads them by schemathesis.toml, in a process with the environment of the live shop.
"""

import atexit
import json
import os
import re
from collections import Counter
from itertools import count
from pathlib import Path

import schemathesis

from app import create_app
from app.access.actors import actor_of
from app.database.session import db
from app.models import Account, Session
from app.web.auth import access_token
from app.web.texts import trimmed
from tests import factories
from tests.documented_client import resolved, swagger, validator
from tests.system.clients.fuzzed_rows import body_for, rows
from tests.system.clients.unsayable import MAY_BE_IN_THE_QUERY, UNSAYABLE

shop = create_app(os.environ)
ROLE = os.environ["FUZZED_AS"]
HIRED = {
    "customer": factories.a_customer,
    "mechanic": factories.a_mechanic,
    "manager": factories.a_manager,
}
ONE_IN = 10
# The operations on a retired part that staff may still use.
OF_RETIRED_PARTS = re.compile(r"/inventory/{part_id}/(movements|usage|restore)")
ABOUT_ROWS = ("/assignments", "/service-tickets", "/canned-jobs")
MAY_END_A_SESSION = re.compile("/auth|/customers|/mechanics")
seen, answered = Counter(), Counter()
factories.serial = count(os.getpid() * 1000)  # not used by an earlier run on this shop


class SomebodySignedIn:
    """A session that is replaced when its account is signed out, erased or gets another role."""

    actor = token = None
    doubtful = True

    def now(self):
        if self.doubtful:
            with shop.app_context():
                self._look()
        self.doubtful = False
        return self.token

    def _look(self):
        actor = self.actor and actor_of(self.actor.session_id)
        db.session.rollback()
        if not actor or actor.role != ROLE:
            self.actor = factories.the_actor(HIRED[ROLE](factories.PASSWORD))
            self.token = access_token(self.actor)


somebody = SomebodySignedIn()


@schemathesis.auth(refresh_interval=None)
class Bearer:
    def get(self, _case, _context):
        return somebody.now()

    def set(self, case, token, _context):
        case.headers["Authorization"] = f"Bearer {token}"


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """Give some valid requests the ids of rows that exist, or correct secrets."""
    if case.meta is None or case.meta.generation.mode.is_negative:
        return
    if isinstance(case.query, dict) and "cursor" in case.query:
        # The fuzzer can't guess a cursor, and one together with `page` is refused.
        case.query.pop("cursor")
    operation = case.operation
    seen[operation.label] += 1
    rarely_tried = operation.definition.raw.get("deprecated") or "session_id" in operation.path
    if seen[operation.label] % (3 if rarely_tried else ONE_IN) != 1:
        return
    with shop.app_context():
        if operation.path in SECRETS:
            case.body = SECRETS[operation.path]()
        elif operation.path.endswith("{session_id}"):
            case.headers.pop("If-Match", None)
            case.path_parameters["session_id"] = _a_session_elsewhere()
        elif case.path_parameters or operation.path in ABOUT_ROWS:
            found = rows(operation.path, somebody.actor.customer_id)
            _about(case, found)
            if (body := body_for(operation.label, found, ROLE)) is not None:
                case.body = body
        if operation.label == "POST /assignments":
            case.body["mechanic_id"] = factories.a_mechanic().id  # nobody is assigned twice
        if operation.path.endswith("/transitions"):
            case.body = {"to": "cancelled"}
        elif case.method == "PUT" and operation.path.endswith("tickets/{ticket_id}"):
            case.body = {"problem_description": "A rattle"}


def _a_session_elsewhere():
    """Return the id of another session of the account that is signed in."""
    account = db.session.get_one(Account, somebody.actor.account_id)
    return factories.saved(Session.begin(account)[0]).id


def _about(case, job):
    case.headers.pop("If-Match", None)
    for said in (case.path_parameters, case.query, case.body):
        if isinstance(said, dict):
            said.update({name: value for name, value in job.items() if name in said})
            if said is not case.path_parameters:
                said.pop("line_id", None)  # a line id made up at random is on no ticket
            if "part_ids" in said:
                said["part_ids"] = [job["part_id"]]
            for part in said.get("parts", ()):
                part["part_id"] = job["part_id"]


def _sign_in(hired):
    return {"email": hired(factories.PASSWORD).email, "password": factories.PASSWORD}


def _a_refresh_token():
    account = db.session.get(Account, factories.a_customer().account_id)
    session, refresh_token = Session.begin(account)
    factories.saved(session)
    return {"refresh_token": refresh_token}


SECRETS = {
    "/auth/register": lambda: {
        "name": "Dora",
        "email": f"dora{next(factories.serial)}@example.com",
        "password": factories.PASSWORD,
    },
    "/auth/login": lambda: _sign_in(factories.a_customer),
    "/auth/password": lambda: {
        "current_password": factories.PASSWORD,
        "new_password": factories.PASSWORD,
    },
    "/auth/refresh": _a_refresh_token,
    "/customers/login": lambda: _sign_in(factories.a_customer),
    "/login": lambda: _sign_in(factories.a_customer),
    "/mechanics/login": lambda: _sign_in(factories.a_mechanic),
}


@schemathesis.hook
def after_call(_context, case, response):
    answered[f"{case.method} {case.operation.path} {response.status_code}"] += 1
    if response.status_code == 401 or MAY_END_A_SESSION.match(case.operation.path):
        somebody.doubtful = True


@schemathesis.hook
def filter_failure(_context, failure, case, response):
    """Return False to ignore a failure.

    Ignored are valid requests that are refused only by rules that no schema has, requests that are valid
    as soon as their texts are trimmed, and reads of the movements of a retired part.
    """
    if failure.code == "ST301" and OF_RETIRED_PARTS.fullmatch(case.operation.path):
        return False
    if failure.code == "ST201":
        return not _fits_when_trimmed(case)
    if failure.code != "ST202" or response.status_code != 422:
        return True
    unsayable = MAY_BE_IN_THE_QUERY if case.operation.label == "DELETE /assignments" else UNSAYABLE
    errors = response.json().get("errors", [])
    return not errors or not all(_says_only(unsayable, error["detail"]) for error in errors)


def _says_only(rules, detail):
    """Return a match if a refusal consists only of sentences of these rules, else None."""
    one = "(?:" + "|".join(rules) + ")"
    return re.fullmatch(f"{one}(?: {one})*", detail)


def _trimmed(said):
    """Return a body with trimmed texts, because lengths are counted without white space at the ends."""
    if isinstance(said, dict):
        return {name: _trimmed(value) for name, value in said.items()}
    if isinstance(said, list):
        return [_trimmed(value) for value in said]
    return trimmed(said) if isinstance(said, str) else said


def _fits_when_trimmed(case):
    body, query = _trimmed(case.body), _trimmed(case.query)
    if (body, query) == (case.body, case.query):
        return False  # nothing to trim, so the fault is another one
    document = swagger()
    operation = document["paths"][case.operation.path][case.method.lower()]
    said = [
        (each["schema"], body)
        for each in operation.get("requestBody", {}).get("content", {}).values()
    ]
    for parameter in (resolved(document, each) for each in operation["parameters"]):
        if parameter["in"] == "query" and parameter["name"] in query:
            said.append((parameter["schema"], query[parameter["name"]]))
    return all(validator(schema).is_valid(value) for schema, value in said)


@atexit.register
def tell():
    Path(os.environ["FUZZED_ANSWERS"]).write_text(json.dumps(answered), encoding="utf-8")
