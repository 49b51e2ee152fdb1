"""The settings of gunicorn, which reads this file from the working directory by itself.

The default is one worker, because without Redis each worker would have its own rate limits and cache.
WEB_CONCURRENCY sets the number. The application isn't preloaded, because workers must not share the
connections of a forked parent.
"""

import ctypes
import importlib
import os
import shutil
import sys
import tempfile

from flask.cli import load_dotenv
from flask.helpers import get_load_dotenv
from gunicorn.glogging import Logger

if get_load_dotenv():  # .env counts here, too; the environment has precedence
    load_dotenv()
PORT = os.environ.get("PORT", "").strip()
bind = f"0.0.0.0:{PORT if PORT.isdecimal() else 5000}"  # on_starting refuses a bad number
workers = int(os.environ.get("WEB_CONCURRENCY") or 1)
worker_class = "gthread"
threads = 32  # created on demand; app/passwords limits how many may hash
timeout = 30
graceful_timeout = 30
keepalive = 5
control_socket_disable = True
# The application alone trusts headers of proxies, as TRUSTED_PROXIES says.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
limit_request_line = 8190  # RFC 9112 recommends at least 8000
# Without the query, which may have names of people, and without the referring page.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s "%(a)s" %({x-request-id}o)s'
accesslog = None if os.environ.get("FLASK_ENV") == "development" else "-"

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # mallopt(3)
APPROVALS = "/approvals/"  # what follows it in a path is a secret
METRICS = "PROMETHEUS_MULTIPROC_DIR"
OURS = "mechanic-shop-metrics-"


class AccessLog(Logger):
    """The access log of gunicorn, with `{token}` for the secret in the path of an approval link."""

    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        before, found, _token = atoms["U"].partition(APPROVALS)
        return atoms | {"U": f"{before}{APPROVALS}{{token}}"} if found else atoms


logger_class = AccessLog
NOT_BOOTED = 3  # the exit code of a worker that makes gunicorn stop instead of starting another


def on_starting(server):
    """Exit if a setting is bad, before any worker starts; set up what all workers share.

    That is imported libraries, options of malloc and, for several workers, the folder of their metrics.
    """
    import config  # here, because gunicorn takes global names of this file for settings

    # Import once for all workers, to replace a dead one sooner. Not the shop, which SIGHUP reloads.
    for library in (
        "flask_limiter",
        "flask_marshmallow",
        "flask_migrate",
        "marshmallow_sqlalchemy",
    ):
        importlib.import_module(library)

    # By default, glibc gives each thread its own heap, so that a worker grows with each thread, and does
    # not return the 19 MiB that hashing a password takes.
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
    """Stop gunicorn if the database's schema is not current; go on if the database is unreachable."""
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
    """Remove a dead worker's gauges from the metrics."""
    if os.environ.get(METRICS):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(_server):
    """Remove the folder of metrics that on_starting made."""
    if OURS in (folder := os.environ.get(METRICS, "")):
        shutil.rmtree(folder, ignore_errors=True)
