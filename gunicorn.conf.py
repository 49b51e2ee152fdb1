"""How gunicorn serves the shop; it reads this file from the working directory by itself.

One worker by default: without Redis, rate limits and caches live in a process, and would be kept
once per worker. WEB_CONCURRENCY asks for more. The application isn't preloaded, because workers
must not share the connections of a forked parent.
"""

import ctypes
import importlib
import os
import shutil
import sys
import tempfile

from flask.cli import load_dotenv
from flask.helpers import get_load_dotenv

if get_load_dotenv():  # what stands in .env counts here, too; the environment itself comes first
    load_dotenv()
PORT = os.environ.get("PORT", "").strip()
bind = f"0.0.0.0:{PORT if PORT.isdecimal() else 5000}"  # what is no number is refused below
workers = int(os.environ.get("WEB_CONCURRENCY") or 1)
worker_class = "gthread"
threads = 32  # made when they are needed; see app/passwords for how many may be signing in
timeout = 30
graceful_timeout = 30
keepalive = 5
control_socket_disable = True
# Whose headers are believed is said by TRUSTED_PROXIES, to the application alone.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
limit_request_line = 8190  # RFC 9112 asks for at least 8000
# Without the query, in which people are searched for by name, and the page that it was asked from.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s "%(a)s" %({x-request-id}o)s'
accesslog = None if os.environ.get("FLASK_ENV") == "development" else "-"

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # mallopt(3)
METRICS = "PROMETHEUS_MULTIPROC_DIR"
OURS = "mechanic-shop-metrics-"


NOT_BOOTED = 3  # gunicorn stops, rather than trying again, when a worker ends with this


def on_starting(server):
    """Refuse bad settings before any worker does; let several workers count into one folder."""
    import config  # here, because gunicorn takes the names of this file for settings

    # Once for all workers: one that has died is back sooner. Not the shop itself, which SIGHUP loads anew.
    for library in (
        "flask_limiter",
        "flask_marshmallow",
        "flask_migrate",
        "marshmallow_sqlalchemy",
    ):
        importlib.import_module(library)

    # glibc would give each thread a heap of its own, and a worker would grow by what each keeps to itself;
    # and it would keep the 19 MiB that hashing a password takes.
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(M_ARENA_MAX, 2)
        libc.mallopt(M_MMAP_THRESHOLD, 1024 * 1024)

    os.environ["WEB_CONCURRENCY"] = str(server.cfg.workers)
    try:
        config.read(os.environ)
    except config.BadSetting as problem:
        sys.exit(f"The shop does not start: {problem}")
    given = os.environ.get(METRICS, "")
    if server.cfg.workers > 1 and (not given or OURS in given):
        os.environ[METRICS] = tempfile.mkdtemp(prefix=OURS)


def post_worker_init(worker):
    """A shop whose tables are not today's does not open; one whose database is away waits for it."""
    from sqlalchemy.exc import SQLAlchemyError

    from app.blueprints.health.queries import why_not_ready
    from app.database.session import db

    with worker.wsgi.app_context():
        try:
            reason = why_not_ready(worker.wsgi.extensions["migrate"].directory)
        except SQLAlchemyError as away:
            worker.log.warning("The database is away: %s", away)
            return
        finally:
            db.session.remove()
    if reason:
        worker.log.error(reason)
        sys.exit(NOT_BOOTED)


def child_exit(_server, worker):
    """Take a dead worker out of the gauges."""
    if os.environ.get(METRICS):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(_server):
    """Remove the folder that on_starting made."""
    if OURS in (folder := os.environ.get(METRICS, "")):
        shutil.rmtree(folder, ignore_errors=True)
