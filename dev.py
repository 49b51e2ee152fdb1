#!/usr/bin/env python3
"""Set up, run, test and check the shop on a developer's machine, which needs only Python 3.11 or newer.

    python3 dev.py                  set up, migrate, fill in a demo shop the first time, and serve
    python3 dev.py --empty          rename the demo's database, and open an empty shop with a manager
                                    (asks who; or --name NAME --email ADDRESS --password-stdin)
    python3 dev.py test [options]   run the tests on real PostgreSQL and Redis (options: pytest's)
    python3 dev.py test --rest      run each test on the database that the quick run leaves out
    python3 dev.py test --sqlite    run the tests that need no server, on SQLite
    python3 dev.py test --slow      run all tests in a longer form, also of clients, faults and load
    python3 dev.py bench [options]  measure the speed, and its upper limits: see benchmarks/README.md
    python3 dev.py lint             check the formatting, the code and its types
    python3 dev.py flask ...        run any flask command with the same settings
    python3 dev.py help             show this

On Windows: py dev.py. Settings come from the environment, then from .env; PORT chooses the port.
Without DATABASE_URL the shop lives in instance/mechanic_shop.db.
"""

import contextlib
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

if sys.hexversion < 0x030B0000:
    sys.exit("The shop needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")

from dev_tools import (
    PYTHON,
    ROOT,
    VENV,
    WINDOWS,
    Failed,
    become,
    find_servers,
    free_port,
    install,
    say,
    work,
)

INSTANCE = ROOT / "instance"
DATABASE = INSTANCE / "mechanic_shop.db"
DATABASE_NAMES = ("DATABASE_URL", "DATABASE_URI", "DEV_DATABASE_URL")
SETTINGS = re.compile(
    "FLASK_|SECRET_KEY|(DEV_)?DATABASE_UR|JWT_|TOKEN_TTL|(GLOBAL_RATE_)?LIMIT|RATELIMIT_|CACHE_|"
    "REDIS_URL|CORS_|TRUSTED_PROXIES|CURRENCY|COUNTRY$|PORT$|WEB_CONCURRENCY|METRICS_|PROMETHEUS_|SHOP_"
)


def serve() -> int:
    """Install and migrate, fill in a demo shop if the database in instance/ has no people, and serve."""
    env, embedded = settings()
    env["PORT"] = port = free_port((env.get("PORT") or "5000").strip())
    install("requirements.txt")
    work("Migrating the database", PYTHON, "-m", "flask", "db", "upgrade", env=env)
    if embedded and not has_people(DATABASE):
        told = work("Filling in a demo shop", PYTHON, "-m", "flask", "seed-demo", env=env)
        mark(DATABASE)
        keep(sign_in_of(DATABASE), told)
    welcome(port, embedded)
    if WINDOWS:
        return become("flask", "run", "--host", "127.0.0.1", "--port", port, env=env)
    server = ("gunicorn", "-c", "gunicorn.conf.py", "flask_app:app")
    return become(*server, "--bind", f"127.0.0.1:{port}", env=env)


def open_empty(*options: str) -> int:
    """Rename the demo database, open an empty shop with its first manager, and serve it."""
    env, embedded = settings()
    if not embedded:
        raise Failed("--empty is for the shop in instance/. Yours: python3 dev.py flask open-shop")
    if has_people(DATABASE):
        if not sign_in_of(DATABASE).exists():
            raise Failed(f"{DATABASE} is a shop of your own already: python3 dev.py serves it.")
        put_aside(DATABASE)
    install("requirements.txt")
    command = [PYTHON, "-m", "flask", "open-shop", *options]
    opened = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    return opened or serve()


def test(*options: str) -> int:
    """Run pytest without the shop's settings; install PostgreSQL and Redis if they are missing."""
    slow = ["requirements-slow.txt"] if "--slow" in options else []
    install("requirements.txt", "requirements-dev.txt", *slow)
    env = {name: value for name, value in os.environ.items() if not SETTINGS.match(name)}
    env["FLASK_ENV"] = "testing"
    # Cache compiled code for the many processes that tests start, even if the machine disables it.
    env["PYTHONPYCACHEPREFIX"] = str(VENV / "pycache")
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    if "--sqlite" not in options:
        find_servers(env)
    in_turn = slow or any(not each.startswith("-") for each in options)
    return become("pytest", *([] if in_turn else ["-n", "auto"]), *options, env=env)


def bench(*options: str) -> int:
    """Run the benchmarks on their own PostgreSQL and Redis, without the shop's settings."""
    install("requirements.txt", "requirements-bench.txt")
    env = {name: value for name, value in os.environ.items() if not SETTINGS.match(name)}
    find_servers(env)
    return become("benchmarks", *options, env=env)


def lint() -> int:
    """Run all checks, even after one fails; return the highest exit code."""
    install("requirements.txt", "requirements-dev.txt")
    ours = ("app", "config.py", "config_keys.py", "flask_app.py", "gunicorn.conf.py")
    bandit = ("bandit", "-q", "-c", "pyproject.toml", "-r", *ours)
    checks = ("ruff", "check"), ("ruff", "format", "--check"), ("mypy",), bandit
    runs = [subprocess.run([PYTHON, "-m", *words], cwd=ROOT, check=False) for words in checks]
    return max(run.returncode for run in runs)


def flask(*options: str) -> int:
    """Run a flask command with the same settings as `serve`."""
    env, _ = settings()
    install("requirements.txt")
    return become("flask", *options, env=env)


def settings() -> tuple[dict[str, str], bool]:
    """Return the shop's environment variables, and whether its database is the one in instance/."""
    env = {**read_env_file(ROOT / ".env"), **os.environ}
    env |= {"FLASK_APP": "flask_app.py", "FLASK_SKIP_DOTENV": "1"}
    env["FLASK_ENV"] = env.get("FLASK_ENV") or "development"
    if env["FLASK_ENV"] == "production":
        return env, False  # no defaults: production needs explicit settings
    INSTANCE.mkdir(mode=0o700, exist_ok=True)
    embedded = not is_given(env, DATABASE_NAMES)
    if embedded:
        env["DATABASE_URL"] = f"sqlite:///{DATABASE.as_posix()}"
    return env, embedded


def is_given(env: dict[str, str], names: tuple[str, ...]) -> bool:
    """Return whether a setting has a value under any of its names."""
    return any(env.get(name, "").strip() for name in names)


def read_env_file(path: Path) -> dict[str, str]:
    """Return the KEY=VALUE lines of a file as a dict; quotes around a value are optional."""
    found = {}
    lines = path.read_text(encoding="utf-8-sig").splitlines() if path.exists() else []
    for line in lines:
        name, is_setting, value = line.strip().removeprefix("export ").partition("=")
        value = value.strip()
        if value[:1] in ("'", '"') and value[:1] in value[1:]:
            value = value[1 : value.index(value[0], 1)]
        else:
            value = value.partition(" #")[0].rstrip()
        if is_setting and not name.startswith("#"):
            found[name.strip()] = value
    return found


def keep(path: Path, text: str) -> None:
    """Write `text` to a file that only its owner may read."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def has_people(database: Path) -> bool:
    """Return whether a SQLite database exists and has customers or mechanics."""
    if not database.exists():
        return False
    with contextlib.closing(sqlite3.connect(database)) as db:
        there = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        tables = there & {"customers", "mechanics"}
        return any(db.execute(f"SELECT 1 FROM {table}").fetchone() for table in tables)


def mark(database: Path) -> None:
    """Mark a SQLite database as a demo: store a random number, which is in its password file's name.

    A database without the mark has the number 0.
    """
    with contextlib.closing(sqlite3.connect(database)) as db:
        db.execute(f"PRAGMA user_version = {random.randrange(1, 2**31)}")


def sign_in_of(database: Path) -> Path:
    """Return the path of the demo's password file; it exists only if this is a demo database."""
    with contextlib.closing(sqlite3.connect(database)) as db:
        [number] = db.execute("PRAGMA user_version").fetchone()
    return INSTANCE / f"demo_sign_in_{number}.txt"


def put_aside(database: Path) -> None:
    """Rename the database of a demo shop; raise Failed if another process has it open."""
    aside = database.with_name(f"demo-{time.strftime('%Y%m%d-%H%M%S')}.db")
    with contextlib.closing(sqlite3.connect(database)) as db:
        try:
            db.execute("PRAGMA journal_mode=DELETE")  # one file; fails if open elsewhere
        except sqlite3.OperationalError:
            raise Failed("The demo shop is open: stop it first.") from None
    database.rename(aside)
    say(f"The demo shop is in {aside} from now on.\n")


def welcome(port: str, embedded: bool) -> None:
    """Print the address of the shop and how to sign in."""
    print(f"\nThe documentation: http://127.0.0.1:{port}/docs\n\nHow to sign in:")
    if embedded and (sign_in := sign_in_of(DATABASE)).exists():
        print(sign_in.read_text(encoding="utf-8").strip())
        print("An empty shop of your own: python3 dev.py --empty")
    else:
        print("as a manager, with the password that was chosen. Another manager, another password:")
        print('    python3 dev.py flask create-manager --email you@example.com --name "You"')
        print("    python3 dev.py flask set-password --email you@example.com")
    print("\nCtrl-C stops the server.\n", flush=True)


def main(name: str = "serve", *options: str) -> int:
    """Run the command `name` of dev.py with its options, and return its exit code."""
    commands: dict[str, Callable[..., int]] = {
        "serve": serve, "--empty": open_empty, "test": test, "bench": bench, "lint": lint, "flask": flask
    }  # fmt: skip
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if name in ("help", "-h", "--help"):
        print(__doc__)
        return 0
    if name not in commands or (options and name in ("serve", "lint")):
        say(f"dev.py does not know: {' '.join((name, *options))}\n\n{__doc__}")
        return 2
    try:
        return commands[name](*options)
    except Failed as failure:
        say(f"{failure}\n")
        return 1
    except OSError as problem:
        say(f"This folder can't be used: {problem}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
