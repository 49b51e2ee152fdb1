"""A crowd at the door, and somebody who watches what it does to everybody else."""

import contextlib
import http.client
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event


def sign_in(port, email, password):
    """One sign-in on a connection of its own: (status, seconds to wait for the next)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    said = json.dumps({"email": email, "password": password})
    with contextlib.closing(connection):
        connection.request("POST", "/auth/login", said, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
    return answer.status, int(answer.getheader("Retry-After", 0))


def signing_in_while_watched(port, addresses, password, *, seconds):
    """Everybody signs in again and again, all at once: the statuses, and how long /healthz took."""
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
    """How long /healthz takes, each time on a connection of its own, as those who watch a shop do."""
    looks, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with contextlib.closing(connection):
            connection.request("GET", "/healthz")
            assert connection.getresponse().status == 200
        looks.append(time.monotonic() - began)
        time.sleep(0.01)  # a pace, not a wait
    return looks


def in_ms(looks):
    """(median, 99th percentile) in milliseconds."""
    return tuple(round(1000 * statistics.quantiles(looks, n=100)[at]) for at in (49, 98))
