"""nginx with the configuration in deploy/, on free ports."""

import contextlib
import http.client
import shutil
import subprocess
import time
from pathlib import Path

from tests.servers import Unavailable, free_port

CONFIGURATION = Path(__file__).parents[3] / "deploy" / "nginx.conf"
AROUND_IT = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/shop.conf;
}}
"""


def nginx() -> str:
    """Return the path of nginx."""
    if found := shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin"):
        return found
    raise Unavailable("no nginx: apt install nginx-light")


@contextlib.contextmanager
def in_front_of(shop_port: int, program: str, folder: Path):
    """Run nginx, and yield the port from which it forwards every request to the shop's port."""
    port, said = free_port(), CONFIGURATION.read_text()
    assert "listen 80;" in said
    assert "server 127.0.0.1:5000;" in said
    said = said.replace("listen 80;", f"listen 127.0.0.1:{port};")
    said = said.replace("server 127.0.0.1:5000;", f"server 127.0.0.1:{shop_port};")
    (folder / "shop.conf").write_text(said.replace("/var/log/nginx", str(folder)))
    (folder / "nginx.conf").write_text(AROUND_IT.format(folder=folder))
    command = [program, "-e", str(folder / "error.log"), "-p", str(folder), "-c", "nginx.conf"]
    server = subprocess.Popen(command)
    try:
        _wait_for(port, server, folder)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port, server, folder):
    for _ in range(100):
        assert server.poll() is None, (folder / "error.log").read_text()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.05)
    raise AssertionError("nginx did not pass /healthz on within 5 s")
