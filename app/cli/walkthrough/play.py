"""Functions that run the walkthrough, a scripted day of API calls, on a shop and record the answers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from werkzeug.routing import Rule

from app.blueprints.mechanics import services as mechanics
from app.cli.walkthrough.call import PASSWORD, Call, filled_in, member
from app.cli.walkthrough.scenes import DAY
from app.database.session import db
from app.web.openapi.operations import explained

MANAGER = {
    "name": "Marge Rivers",
    "email": "marge@example.com",
    "password": PASSWORD,
}
AT_FIRST = {
    "run": "",
    "manager_email": MANAGER["email"],
    "manager_password": MANAGER["password"],
    "car_vin": "1HGCM82633A004352",
    "older_vin": "1M8GDM9AXKP042788",
}


class AnotherAnswer(Exception):
    """Raised when the answer to a call is not the one that the walkthrough expects.

    Either the API or the walkthrough must be corrected.
    """


@dataclass(frozen=True)
class Played:
    """A call of the walkthrough that was made, with its route, the sent body and the answer.

    `view_args` are the ids in the path.
    """

    call: Call
    rule: Rule
    view_args: Mapping[str, Any]
    sent: Any
    answer: Any
    mimetype: str  # of the answer; "" if it has no body
    about: str  # the description of the operation, with who may use it


def play(app: Flask, kept: Mapping[str, Any] = AT_FIRST) -> Iterator[Played]:
    """Send all calls of the walkthrough in order; yield each call with its answer, as a Played.

    `kept` has the values for the templates in the calls, such as the manager's e-mail address. Each call
    adds the values that later calls take from its answer. Raise AnotherAnswer at the first answer that is
    not the expected one.
    """
    client, kept = app.test_client(), dict(kept)
    for scene in DAY:
        for call in scene.calls:
            yield make(client, call, kept)


def in_a_shop_of_its_own(create_app: Callable[..., Flask]) -> list[Played]:
    """Run the walkthrough, a scripted day of API calls, on a temporary shop; return the recorded calls.

    The shop has one manager and no other data. `create_app` is a function that makes an app from
    environment variables.
    """
    with TemporaryDirectory() as folder:
        environ = {"DATABASE_URL": f"sqlite:///{Path(folder, 'shop.db').as_posix()}"}
        app = create_app(environ | {"FLASK_ENV": "testing", "RATELIMIT_ENABLED": "false"})
        with app.app_context():
            upgrade()
            mechanics.hire(**MANAGER, role="manager")
            db.engine.dispose()
        day = list(play(app))
        with app.app_context():
            db.engine.dispose()
        return day


def make(client: FlaskClient, call: Call, kept: dict[str, Any]) -> Played:
    """Make one call of the walkthrough with the test client, check its answer, and return a Played.

    `kept` has the saved values by name: templates in the call are replaced by them, and values of the
    answer are added for later calls. Raise AnotherAnswer if the answer is not the expected one.
    """
    path, sent = filled_in(call.path, kept), filled_in(call.body, kept)
    headers = {name: filled_in(value, kept) for name, value in call.headers.items()}
    if call.as_:
        headers["Authorization"] = f"Bearer {kept[f'{call.as_}_token']}"
    body = {"data": call.raw} if call.raw is not None else {"json": sent} if sent else {}
    response = client.open(path, method=call.method, headers=headers, **body)
    answer = response.json if response.is_json else None
    for difference in _differences(call, response.status_code, answer, kept):
        said = response.get_data(as_text=True)
        raise AnotherAnswer(f"{call.name}: {call.method} {path}: {difference}: {said}")
    for name, where in call.saves.items():
        kept[name] = response.headers["ETag"] if where == "ETag" else member(answer, where)
    adapter = client.application.url_map.bind("")
    rule, view_args = adapter.match(response.request.path, call.method, return_rule=True)
    mimetype = (response.mimetype or "") if response.get_data() else ""
    about = "\n\n".join(explained(client.application.view_functions[rule.endpoint]))
    return Played(call, rule, view_args, sent, answer, mimetype, about)


def _differences(call, status, answer, kept):
    """Yield a text for each difference between the answer to a call and the expected answer.

    `status` is the HTTP status, `answer` is the JSON body, and `kept` has the saved values by name.
    """
    if status != call.status:
        yield f"its status is {status}"
        return
    for path, value in call.expects.items():
        if member(answer, path) != filled_in(value, kept):
            yield f"{path} is {member(answer, path)}"
    wanted = filled_in(call.among, kept).items()
    if wanted and not any(wanted <= item.items() for item in answer["items"]):
        yield f"none of its items has {dict(wanted)}"
    for path in call.omits:
        above, _, last = f"answer.{path}".rpartition(".")
        if last in member({"answer": answer}, above):
            yield f"{path} is not hidden"
