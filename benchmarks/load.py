"""A load of several connections that stay open, on one of which a request always follows an answer."""

import json
import re
import selectors
import socket
import time
from collections.abc import Iterator
from typing import Self

from benchmarks.work import Request

CONNECTIONS, PATIENCE = 8, 10  # seconds
A_READ = 256 * 1024
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
WITHOUT_BODY = 304


class Failed(RuntimeError):
    """Raised for an answer with another status than the expected one, and for a lost connection."""


class Load:
    """The connections to a server on this machine; use it as a context manager.

    `requests` yields the requests to send, on whichever connection is free, and `status` is the one that
    each answer must have.
    """

    def __init__(self, port: int, token: str, requests: Iterator[Request], status: int):
        self._port, self._token = port, token
        self._requests, self._status = requests, status
        self._selector = selectors.DefaultSelector()
        self._open: list[_Connection] = []

    def __enter__(self) -> Self:
        """Open the connections, each after the one before has got an answer; send a request on each.

        A server whose processes share a socket would give connections that come at the same moment to
        the process that wakes up first.
        """
        for _ in range(CONNECTIONS):
            connection = _Connection(self._port, self._status)
            self._open.append(connection)
            connection.send(encoded(next(self._requests), self._token))
            while not connection.has_answer():
                pass
        for connection in self._open:
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(encoded(next(self._requests), self._token))
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._open:
            connection.socket.close()
        self._selector.close()

    def run(self, seconds: float) -> tuple[int, float]:
        """Send requests for so many seconds; return the number of answers, and the seconds it took.

        At the end, each connection still waits for an answer.
        """
        answers, began = 0, time.perf_counter()
        while (now := time.perf_counter()) < began + seconds:
            for connection in self._ready():
                if connection.has_answer():
                    answers += 1
                    connection.send(encoded(next(self._requests), self._token))
        return answers, now - began

    def finish(self) -> None:
        """Wait for the answers to the requests that were sent."""
        waiting = len(self._open)
        while waiting:
            for connection in self._ready():
                waiting -= connection.has_answer()

    def _ready(self):
        found = self._selector.select(PATIENCE)
        if not found:
            raise Failed(f"Port {self._port} has not answered for {PATIENCE} seconds.")
        return [key.data for key, _ in found]


def encoded(request: Request, token: str) -> bytes:
    """Return the bytes of a request as HTTP/1.1."""
    method, path, members, headers = request
    lines = [
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n",
        *(f"{name}: {value}\r\n" for name, value in headers.items()),
    ]
    body = ""
    if members is not None:
        body = json.dumps(members)
        lines.append(f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n")
    return f"{''.join(lines)}\r\n{body}".encode()


class _Connection:
    def __init__(self, port, status):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._status, self._head, self._missing = status, b"", 0

    def send(self, request):
        self._head = b""
        self.socket.sendall(request)

    def has_answer(self):
        """Read what has come, and return whether the answer is complete."""
        data = self.socket.recv(A_READ)
        if not data:
            raise Failed("A server has closed a connection.")
        if self._missing:
            self._missing -= len(data)
            return self._missing == 0
        self._head += data
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            return False
        status = int(self._head[9:12])
        if status != self._status:
            raise Failed(f"The answer should be {self._status}: {self._head.decode()[:2000]}")
        if status == WITHOUT_BODY:
            return True
        self._missing = int(LENGTH.search(self._head, 0, end)[1]) - (len(self._head) - end - 4)
        return self._missing == 0
