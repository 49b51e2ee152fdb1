"""The peers as they are started: each with two processes, on a port of its own, on the shop's database."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import sqlalchemy as sa

from benchmarks.measure import Shop
from benchmarks.servers import ROOT, WORKERS, Running, as_shipped, running
from tests.servers import free_port

PEERS = Path(__file__).parent / "peers"
OURS = "ours"
NODE = "The peer on Node.js needs node and npm: install Node.js 20 or newer."


def install_node_packages() -> None:
    """Install what the peer on Node.js needs, as its lock file says, unless it is there."""
    if not all(map(shutil.which, ("node", "npm"))):
        raise SystemExit(NODE)
    if not (PEERS / "node_modules").exists():
        command = [str(shutil.which("npm")), "ci", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=PEERS, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{done.stdout}{done.stderr}\nnpm ci failed in {PEERS}")


@contextlib.contextmanager
def all_servers(shop: Shop) -> Iterator[dict[str, Running]]:
    """Start all peers of a shop, and yield `{name: server}`, the shop among them; stop the peers."""
    environ = _settings(shop)
    with contextlib.ExitStack() as stack:
        found = {OURS: Running(shop.port, shop.pid)}
        for name, start in STARTS.items():
            found[name] = stack.enter_context(start(environ))
        yield found


def _settings(shop: Shop) -> dict[str, str]:
    """Return the environment of a peer: the key of the shop's tokens, and the shop's database."""
    url = sa.make_url(shop.dsn)
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "NODE_ENV": "production",
        "WORKERS": str(WORKERS),
        "SECRET_KEY": shop.environ["SECRET_KEY"],
        "PGHOST": str(url.query.get("host") or url.host),
        "PGPORT": str(url.query.get("port") or url.port),
        "PGUSER": str(url.username),
        "PGDATABASE": str(url.database),
    }


@contextlib.contextmanager
def _fastify(environ: Mapping[str, str]) -> Iterator[Running]:
    port = free_port()
    command = [str(shutil.which("node")), "fastify.mjs"]
    with running(command, PEERS, {**environ, "PORT": str(port)}, port, "/healthz") as server:
        yield server


@contextlib.contextmanager
def _litestar(environ: Mapping[str, str]) -> Iterator[Running]:
    port = free_port()
    options = ("--workers", str(WORKERS), "--port", str(port), "--no-access-log")
    command = [sys.executable, "-m", "uvicorn", "benchmarks.peers.on_litestar:app", *options]
    with running(command, PEERS.parent, environ, port, "/healthz") as server:
        yield server


STARTS = {
    "fastify": _fastify,
    "litestar": _litestar,
    "flask_orm": lambda environ: as_shipped("benchmarks.peers.on_flask:app", environ),
    "raw": lambda environ: as_shipped("benchmarks.peers.on_wsgi:app", environ),
}
