"""The servers that are measured: the shop as in production, and a bare one with the same options."""

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.servers import PACES, free_port

ROOT = Path(__file__).parents[1]
WORKERS = 2
AS_SHIPPED = (
    "--workers",
    str(WORKERS),
    "--threads",
    "32",
    "--keep-alive",
    "5",
    "--access-logfile",
    "-",
)


class Running(NamedTuple):
    """A server that is running: its port, and the id of its first process."""

    port: int
    pid: int


def settings(database_url: str, redis_url: str) -> dict[str, str]:
    """Return the settings of a shop in production, with rate limits that are on but never reached."""
    ours = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "FLASK_APP": "flask_app.py"}
    ours["FLASK_SKIP_DOTENV"] = "1"
    ours |= dict.fromkeys(PACES, "100000000/minute")
    ours |= dict.fromkeys(("CACHE_REDIS_URL", "RATELIMIT_STORAGE_URI"), redis_url)
    return ours | {
        "FLASK_ENV": "production",
        "SECRET_KEY": secrets.token_hex(32),
        "DATABASE_URL": database_url,
        "WEB_CONCURRENCY": str(WORKERS),
    }


def flask(environ: Mapping[str, str], *words: str, said: str = "") -> None:
    command = [sys.executable, "-m", "flask", *words]
    subprocess.run(
        command, cwd=ROOT, env=environ, input=said, text=True, check=True, stdout=subprocess.DEVNULL
    )


@contextlib.contextmanager
def shop(environ: Mapping[str, str]) -> Iterator[Running]:
    """Start a shop with these settings, yield it, and stop it afterwards."""
    with gunicorn("flask_app:app", ROOT, environ, "-c", "gunicorn.conf.py") as server:
        yield server


@contextlib.contextmanager
def bare(work: Path) -> Iterator[int]:
    """Start the server of bare.py, yield its port, and stop it afterwards.

    `work` is a pickle file with the bytes to send and the SQL statements to run.
    """
    with as_shipped("benchmarks.bare:app", {"BENCH_WORK": str(work)}, "/constant") as server:
        yield server.port


@contextlib.contextmanager
def as_shipped(app: str, more: Mapping[str, str], path: str = "/healthz") -> Iterator[Running]:
    """Start a WSGI app on gunicorn with the options of the shop, yield it, and stop it afterwards.

    `more` are environment variables. The app runs in another folder than the shop, so that gunicorn does
    not load the shop's gunicorn.conf.py.
    """
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **more}
    options = ("--worker-class", "gthread", *AS_SHIPPED)
    with gunicorn(app, Path(__file__).parent, environ, *options, path=path) as server:
        yield server


@contextlib.contextmanager
def gunicorn(
    app: str, folder: Path, environ: Mapping[str, str], *options: str, path: str = "/healthz"
) -> Iterator[Running]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", app, *options, "--bind", f"127.0.0.1:{port}"]
    with running(command, folder, environ, port, path) as server:
        yield server


@contextlib.contextmanager
def running(
    command: list[str], folder: Path, environ: Mapping[str, str], port: int, path: str
) -> Iterator[Running]:
    """Run the command of a server, and yield when it answers at `path`; stop it afterwards."""
    with subprocess.Popen(
        command, cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(server, f"http://127.0.0.1:{port}{path}")
            yield Running(port, server.pid)
        finally:
            server.send_signal(signal.SIGTERM)


def _wait_for(server, url):
    for _ in range(600):
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit(f"A server did not start: {' '.join(map(str, server.args))}")
