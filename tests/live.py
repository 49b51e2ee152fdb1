"""The shop run by gunicorn in processes of its own, and requests to it over the loopback interface."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from werkzeug.wrappers import Response

from tests.documented_client import check
from tests.servers import free_port

ROOT = Path(__file__).parents[1]
NO_FILES = {"FLASK_SKIP_DOTENV": "1"}  # tests don't read a developer's .env
MANAGER = {"email": "marge@example.com", "password": "a long enough password"}


class LiveShop:
    """A running server: its port, its main process, and a manager's token."""

    def __init__(self, port: int, server: subprocess.Popen):
        self.port, self.server, self.token = port, server, None

    def send(self, method, path, said=None, **headers):
        """Send one request on a new connection; return the answer, unchecked."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        body = None
        if said is not None:
            body, headers["Content-Type"] = json.dumps(said), "application/json"
        with contextlib.closing(connection):
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            raw = response.read()
        return Response(raw, response.status, response.headers.items())

    def ask(self, method, path, said=None, **headers):
        """Send one request and check its answer; return (status, headers, JSON or text)."""
        answer = self.send(method, path, said, **headers)
        check(method, path.partition("?")[0], answer)
        told = answer.json if answer.is_json else answer.get_data(as_text=True)
        return answer.status_code, answer.headers, told

    def made(self, path, said):
        status, _, answer = self.ask("POST", path, said)
        assert status == 201, answer
        return answer


@contextlib.contextmanager
def serving(settings: dict, workers: int, app="flask_app:app", *, has_manager=False, out=None):
    """Run gunicorn with the project's configuration; yield it with a manager signed in; stop it.

    `out` is a file for what it writes to stdout.
    """
    port = free_port()
    environ = environment(settings) | {"PORT": str(port), "WEB_CONCURRENCY": str(workers)}
    if not has_manager:
        manager = ("--password-stdin", "--email", MANAGER["email"], "--name", "Marge Rivers")
        flask(settings, "create-manager", *manager, said=MANAGER["password"])
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}"],
        cwd=ROOT,
        env=environ,
        stdout=out,
    )
    try:
        shop = LiveShop(port, server)
        wait_until_ready(shop)
        shop.token = shop.ask("POST", "/mechanics/login", MANAGER)[2]["access_token"]
        yield shop
    finally:
        server.terminate()
        server.wait(40)


def environment(settings):
    """Return the environment variables for a process of the shop."""
    ours = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "FLASK_APP": "flask_app.py"}
    return ours | NO_FILES | settings | {"FLASK_ENV": "development"}


def flask(settings, *words, said=""):
    """Run one of the shop's commands in a process of its own; fail if the command fails."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", *words],
        cwd=ROOT,
        env=environment(settings),
        input=said,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def wait_until_ready(shop):
    for _ in range(200):
        assert shop.server.poll() is None, "gunicorn did not start"
        with contextlib.suppress(OSError):
            if shop.ask("GET", "/readyz")[0] == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the shop did not get ready within 20 s")
