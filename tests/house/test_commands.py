"""What a developer types, in a checkout of its own: it works, or says in one line what does."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests.house.history import HEAD
from tests.live import ROOT
from tests.servers import free_port

FOLDERS = ("app", "migrations", "static")
FILES = (
    "config.py",
    "config_keys.py",
    "flask_app.py",
    "gunicorn.conf.py",
    ".flaskenv",
    ".env.example",
)
WAY_OUT = ("python3 dev.py", "FLASK_ENV=development")
UNMIGRATED = f"The schema is missing, not {HEAD}: run `flask db upgrade`."
FLASK, GUNICORN = ("-m", "flask"), ("-m", "gunicorn", "flask_app:app")


@pytest.fixture
def checkout(tmp_path):
    """A folder like a fresh clone, without an instance/ and without settings."""
    for name in FOLDERS:
        (tmp_path / name).symlink_to(ROOT / name)
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def environ(**given):
    return {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **given}


def run(checkout, *words, said="", **given):
    """(exit code, stdout, stderr) of a command that ends by itself."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=checkout,
        env=environ(**given),
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@contextlib.contextmanager
def served(checkout, *words, port, **given):
    """A command that serves: `ask(path)` answers with a status, `said()` with what it printed so far."""
    printed = checkout / "printed"
    with printed.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=checkout,
            env=environ(**given),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def ask(path):
        for _ in range(300):
            assert process.poll() is None, printed.read_text()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                    return answer.status
            except urllib.error.HTTPError as refusal:
                refusal.close()
                return refusal.code
            except OSError:
                time.sleep(0.1)
        raise AssertionError(printed.read_text())

    try:
        yield ask, printed.read_text
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # `flask run --debug` serves from a child
        process.wait(30)


def key_of(checkout):
    return (checkout / "instance" / "secret_key").read_text()


UNSET = {
    "flask run": (*FLASK, "run"),
    "gunicorn": GUNICORN,
    "flask db upgrade": (*FLASK, "db", "upgrade"),
    "python flask_app.py": ("flask_app.py",),
}


@pytest.mark.parametrize("command", UNSET)
def test_without_settings_it_says_how_to_try_the_shop(checkout, command, at_length):
    if command not in at_length(("gunicorn",), slow=UNSET):
        pytest.skip("in the long form")

    code, _, stderr = run(checkout, *UNSET[command])

    [line] = [each for each in stderr.splitlines() if not each.startswith("[")]
    assert code != 0
    assert line.startswith("The shop does not start: SECRET_KEY is missing.")
    assert all(way in line for way in WAY_OUT)
    assert not (checkout / "instance").exists()


@pytest.mark.nightly
def test_flask_run_debug_means_development_and_says_that_the_database_is_not_migrated(checkout):
    port = str(free_port())
    with served(checkout, *FLASK, "run", "--debug", "--port", port, port=port) as (ask, said):
        assert ask("/healthz") == 200
        assert ask("/readyz") == 503
        assert f"!! {UNMIGRATED}" in said()


def test_the_example_of_settings_is_one_to_work_with(checkout, at_length):
    """Copied as it stands: the database is migrated, Flask's server and gunicorn serve it with one key."""
    shutil.copy(checkout / ".env.example", checkout / ".env")
    code, migrated, _ = run(checkout, *FLASK, "db", "upgrade")
    assert code == 0
    assert re.search(rf"up to {HEAD}: \w+", migrated)
    assert f"mechanic_shop.db has this schema now: {HEAD}." in migrated
    key, port = key_of(checkout), str(free_port())
    flask_run = (*FLASK, "run", "--port", port)
    for command in at_length((GUNICORN,), slow=(GUNICORN, flask_run, ("flask_app.py",))):
        with served(checkout, *command, port=port, PORT=port) as (ask, said):
            assert ask("/readyz") == 200
            assert "!!" not in said()
    assert key_of(checkout) == key
    assert (checkout / "instance" / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.nightly
def test_a_second_upgrade_says_that_nothing_was_left_to_do(checkout):
    development = {"FLASK_ENV": "development"}
    run(checkout, *FLASK, "db", "upgrade", **development)
    again = run(checkout, *FLASK, "db", "upgrade", **development)[1]
    assert again.endswith(f"mechanic_shop.db has this schema already: {HEAD}.\n")


def test_four_that_start_at_once_make_one_key(checkout):
    words = [sys.executable, "-c", "import config_keys; print(config_keys.kept_key())"]
    started = [
        subprocess.Popen(words, cwd=checkout, env=environ(), stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    keys = {each.communicate(timeout=60)[0].strip() for each in started}
    assert keys == {key_of(checkout)}
    assert [each.name for each in (checkout / "instance").iterdir()] == ["secret_key"]


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ({}, "SECRET_KEY"),
        pytest.param(
            {"SECRET_KEY": "the key of a developer"}, "DATABASE_URL", marks=pytest.mark.nightly
        ),
    ],
)
def test_a_checkout_that_can_not_be_written_to_gets_a_line(checkout, given, remedy):
    (checkout / "instance").write_text("not a folder: root may write anywhere else")

    code, _, stderr = run(checkout, *FLASK, "run", FLASK_ENV="development", **given)

    assert code == 1
    [line] = stderr.splitlines()
    assert line.startswith("The shop does not start: ")
    assert line.endswith(f"set {remedy}.")


def test_without_the_packages_it_says_how_to_get_them(checkout):
    code, _, stderr = run(checkout, "-S", "flask_app.py")

    assert code == 1
    [line] = stderr.splitlines()
    assert "is not installed" in line
    assert "python3 dev.py" in line


def test_a_command_on_a_database_without_tables_is_told_to_migrate(checkout):
    code, _, stderr = run(checkout, *FLASK, "seed-demo", FLASK_ENV="development")
    assert code == 1
    assert stderr.splitlines()[-1].endswith("run `flask db upgrade` first.")
