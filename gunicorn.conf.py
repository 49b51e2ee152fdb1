"""How gunicorn serves the shop; it reads this file from the working directory by itself.

One worker by default: without Redis, rate limits and caches live in a process, and would be kept
once per worker. WEB_CONCURRENCY asks for more. The application isn't preloaded, because workers
must not share the connections of a forked parent.
"""

import os
import shutil
import tempfile

bind = f"0.0.0.0:{os.environ.get('PORT') or 5000}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 1)
worker_class = "gthread"
threads = 8
timeout = 30
graceful_timeout = 30
keepalive = 5
control_socket_disable = True
accesslog = None if os.environ.get("FLASK_ENV") == "development" else "-"

METRICS = "PROMETHEUS_MULTIPROC_DIR"
OURS = "mechanic-shop-metrics-"


def on_starting(server):
    """Let several workers count into one folder, fresh unless given: /metrics adds them up."""
    given = os.environ.get(METRICS, "")
    if server.cfg.workers > 1 and (not given or OURS in given):
        os.environ[METRICS] = tempfile.mkdtemp(prefix=OURS)


def child_exit(_server, worker):
    """Take a dead worker out of the gauges."""
    if os.environ.get(METRICS):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(_server):
    """Remove the folder that on_starting made."""
    if OURS in (folder := os.environ.get(METRICS, "")):
        shutil.rmtree(folder, ignore_errors=True)
