"""The Postman collection, run by newman on a live shop, again and again on the same database."""

import json
import subprocess

import pytest

from app.cli.walkthrough.postman import COLLECTION, ENVIRONMENT
from app.cli.walkthrough.scenes import DAY
from tests import servers
from tests.live import MANAGER

NEWMAN = "newman@6.2.2"
CALLS = sum(len(scene.calls) for scene in DAY)


def newman(npx, live, report, *only):
    variables = {
        "baseUrl": f"http://127.0.0.1:{live.port}",
        "manager_email": MANAGER["email"],
        "manager_password": MANAGER["password"],
    }
    said = [word for pair in variables.items() for word in ("--env-var", "=".join(pair))]
    where = ["--reporters", "json,cli", "--reporter-json-export", str(report)]
    command = [
        npx,
        "--yes",
        NEWMAN,
        "run",
        str(COLLECTION),
        "-e",
        str(ENVIRONMENT),
        *said,
        *where,
        *only,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    return json.loads(report.read_text())["run"]


def test_the_collection_is_green_twice_on_one_database(program, live, tmp_path, figures):
    npx = program("npx", servers.npx)
    for time in ("first", "second"):
        run = newman(npx, live, tmp_path / f"{time}.json")
        assert run["failures"] == []
        assert run["stats"]["requests"]["total"] == CALLS
        assertions = run["stats"]["assertions"]
        assert assertions["failed"] == 0
        assert assertions["total"] >= 3 * CALLS
        figures(f"newman, {time} run: {CALLS} requests, {assertions['total']} assertions, 0 failed")


@pytest.mark.parametrize("folder", ["Service tickets", "Closing time"])
def test_a_folder_works_by_itself(program, live, tmp_path, folder):
    [scene] = [scene for scene in DAY if scene.name == folder]
    npx = program("npx", servers.npx)

    run = newman(npx, live, tmp_path / "folder.json", "--folder", folder)

    assert run["failures"] == []
    assert run["stats"]["assertions"]["total"] >= 3 * len(scene.calls)
