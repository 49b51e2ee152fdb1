"""Many clients that sign in at the same time, while one client measures how fast /healthz is."""

import contextlib
import http.client
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event


def sign_in(port, email, password):
    """Sign in on a new connection; return (status, seconds of `Retry-After`)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    said = json.dumps({"email": email, "password": password})
    with contextlib.closing(connection):
        connection.request("POST", "/auth/login", said, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
    return answer.status, int(answer.getheader("Retry-After", 0))


def signing_in_while_watched(port, addresses, password, *, seconds):
    """Sign in with all addresses at the same time, again and again, for so many seconds.

    Return all statuses, and the seconds that each /healthz took meanwhile.
    """
    over = Event()

    def again_and_again(email):
        statuses, pause = [], 0
        while not over.wait(pause):
            status, pause = sign_in(port, email, password)
            statuses.append(status)
        return statuses

    with ThreadPoolExecutor(len(addresses)) as crowd:
        going_on = [crowd.submit(again_and_again, email) for email in addresses]
        try:
            health = looks_at_health(port, seconds)
        finally:
            over.set()
        statuses = [status for each in going_on for status in each.result()]
    return statuses, health


def looks_at_health(port, seconds):
    """Return the seconds of each /healthz, every one on a new connection, as monitoring does."""
    looks, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with contextlib.closing(connection):
            connection.request("GET", "/healthz")
            assert connection.getresponse().status == 200
        looks.append(time.monotonic() - began)
        time.sleep(0.01)  # the pace of the requests
    return looks


def in_ms(looks):
    """Return (median, 99th percentile) in milliseconds; `looks` are seconds."""
    return tuple(round(1000 * statistics.quantiles(looks, n=100)[at]) for at in (49, 98))
