"""The calls of README.md and docs/clients.md work as pasted, one after the other, on a demo shop."""

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app import create_app
from app.cli import demo
from app.database.session import db
from tests.conftest import SERVERS, a_database, migrated
from tests.live import ROOT, serving

BLOCK = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Done already, in the environment that runs the tests.
DONE = re.compile(r"^(?:python3 -m venv|pip install) .*\n", re.MULTILINE)
PRINTED = "PASSWORD='the password it printed'\n"
# What the last lines of each must show.
SHOWS = {
    "README.md": ['"quantity_used":2'],
    "docs/clients.md": [
        '"customer_id": ',
        "Tomasz Kowalt",
        '"quantity_used":2',
        '"code":"out_of_stock"',
        "parts are low",
        "Brake pad set",
    ],
}


@pytest.fixture(scope="module")
def demo_shop(settings, request, tmp_path_factory):
    """A live demo shop, and the manager's password."""
    with contextlib.ExitStack() as stack:
        if settings["DATABASE_URL"].startswith("sqlite"):
            url = f"sqlite:///{tmp_path_factory.mktemp('tour') / 'shop.db'}"
        else:
            server = request.config.stash[SERVERS]["PostgreSQL"]
            url = stack.enter_context(a_database(server, "tour"))
        environ = migrated(settings | {"DATABASE_URL": url})
        with create_app(environ).app_context():
            [password] = [password for role, _, password in demo.fill() if role == "manager"]
            db.engine.dispose()
        yield stack.enter_context(serving(environ, 1)), password


@pytest.mark.parametrize("document", SHOWS)
def test_what_is_pasted_works(demo_shop, document, tmp_path):
    shop, password = demo_shop
    text = (ROOT / document).read_text(encoding="utf-8")
    script = DONE.sub("", "".join(BLOCK.findall(text))).replace(PRINTED, "")
    if document != "README.md":  # both register the same customer
        script = script.replace("alice@example.com", "alicia@example.com")
        script = script.replace("1HGCM82633A004352", "1M8GDM9AXKP042788")
    assert script.count("curl") >= 5
    here = str(Path(sys.executable).parent)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script.replace(":5000", f":{shop.port}")],
        cwd=tmp_path,
        env={**os.environ, "PASSWORD": password, "PATH": here + os.pathsep + os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for shown in SHOWS[document]:
        assert shown in done.stdout, done.stdout
    refused = re.findall(r'"code":"(\w+)"', done.stdout)
    assert refused == re.findall(r'"code":"(\w+)"', "".join(SHOWS[document]))
