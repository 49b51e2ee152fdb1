"""The settings of gunicorn, which reads this file from the working directory by itself.

The default is one worker, because without Redis each worker would have its own rate limits and cache.
WEB_CONCURRENCY sets the number. The application isn't preloaded, because workers must not share the
connections of a forked parent.
"""

import ctypes
import importlib
import json
import logging
import mmap
import os
import select
import shutil
import sys
import tempfile
import time
from urllib.parse import quote

from flask.cli import load_dotenv
from flask.helpers import get_load_dotenv
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

if get_load_dotenv():  # .env counts here, too; the environment has precedence
    load_dotenv()
PORT = os.environ.get("PORT", "").strip()
bind = f"0.0.0.0:{PORT if PORT.isdecimal() else 5000}"  # on_starting refuses a bad number
workers = int(os.environ.get("WEB_CONCURRENCY") or 1)
threads = 32  # created on demand; app/passwords limits how many may hash
timeout = 30
graceful_timeout = 30
keepalive = 5
control_socket_disable = True
# The application alone trusts headers of proxies, as TRUSTED_PROXIES says.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
limit_request_line = 8190  # RFC 9112 recommends at least 8000
accesslog = None if os.environ.get("FLASK_ENV") == "development" else "-"

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # mallopt(3)
APPROVALS = "/approvals/"  # what follows it in a path is a secret
METRICS = "PROMETHEUS_MULTIPROC_DIR"
OURS = "mechanic-shop-metrics-"
REQUEST_ID = "X-Request-ID"
WAITS = 250  # milliseconds
# The number of connections of each worker, in memory that all of them share.
WORKERS, NO_WORKER, PATIENCE = 256, 255, 5
CONNECTIONS = mmap.mmap(-1, WORKERS)
CONNECTIONS[:] = bytes([NO_WORKER]) * WORKERS


class AccessLog(Logger):
    """The access log: address, time, request, status, bytes, browser and request id of each answer.

    It has neither the query, which may have names of people, nor the secret in the path of an approval
    link. gunicorn's own class makes a hundred values of each answer before it formats nine of them.
    """

    _clock = 0, ""  # a second, and the text for it

    def access(self, resp, req, environ, request_time):
        if not self.access_log_enabled:
            return
        if self._clock[0] != (second := int(time.time())):
            self._clock = second, self.now()
        path, browser = environ["PATH_INFO"], environ.get("HTTP_USER_AGENT", "-")
        before, found, _token = path.partition(APPROVALS)
        if found:
            path = f"{before}{APPROVALS}{{token}}"
        if not path.isprintable():  # no line break that was sent as %0A makes a second line
            path = quote(path, encoding="latin-1")
        request = f"{environ['REQUEST_METHOD']} {path} {environ['SERVER_PROTOCOL']}"
        request_id = next((value for name, value in resp.headers if name == REQUEST_ID), "-")
        line = (
            f'{environ["REMOTE_ADDR"]} {self._clock[1]} "{request}" {resp.status[:3]} {resp.sent}'
            f" {json.dumps(browser)} {request_id}"
        )
        self.access_log.handle(logging.LogRecord("access", logging.INFO, "", 0, line, (), None))


class Worker(ThreadWorker):
    """gunicorn's worker with threads, which shares the connections and the threads in another way.

    gunicorn's own gives a connection back to the main thread after each answer, so that each request
    changes threads twice, which takes longer than reading it. Here the thread waits for the next request,
    as long as there are at most half as many connections as threads, so that nobody waits for a thread
    that waits. And gunicorn's own accepts all connections that it sees first, so that one worker may serve
    all clients of a quiet shop. Here a worker leaves a connection to one that has fewer.
    """

    _left = (
        0  # how often it has left a connection to another worker since the last one that it took
    )

    @property
    def nr_conns(self):
        return self._connections

    @nr_conns.setter
    def nr_conns(self, number):
        self._connections = number
        if self.booted and self.alive:
            CONNECTIONS[self.age % WORKERS] = min(number, NO_WORKER - 1)

    def run(self):
        self.nr_conns = 0  # from now on others leave connections to this worker
        super().run()

    def handle_exit(self, sig, frame):
        CONNECTIONS[self.age % WORKERS] = NO_WORKER
        super().handle_exit(sig, frame)

    def accept(self, listener):
        if self._left < PATIENCE and min(CONNECTIONS[:]) < self.nr_conns:
            self._left += 1
            time.sleep(0.0005)  # then the socket is still readable, or another worker has accepted
            return
        self._left = 0
        super().accept(listener)

    def handle(self, conn):
        keep = super().handle(conn)
        while keep is True and self.nr_conns <= self.cfg.threads // 2 and _is_readable(conn):
            keep = super().handle(conn)
        return keep


def _is_readable(conn):
    """Return whether the next request of a connection arrives within WAITS milliseconds.

    If it was read together with the one before, the main thread takes care of it.
    """
    if conn.parser.unreader.buf.getvalue():
        return False
    poll = select.poll()
    poll.register(conn.sock, select.POLLIN)
    return bool(poll.poll(WAITS))


worker_class = Worker
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
    """Forget a dead worker's connections, and remove its gauges from the metrics."""
    CONNECTIONS[worker.age % WORKERS] = NO_WORKER
    if os.environ.get(METRICS):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(_server):
    """Remove the folder of metrics that on_starting made."""
    if OURS in (folder := os.environ.get(METRICS, "")):
        shutil.rmtree(folder, ignore_errors=True)
