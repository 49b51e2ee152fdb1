"""PostgreSQL goes away under a crowd: right answers or 503, and all is well a second after it is back.

SQLite has no server that could go away.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.postgres import read_only
from tests.system.faults.frozen import children_of, frozen
from tests.system.faults.verdict import verdict

pytestmark = pytest.mark.parametrize("settings", ["postgres"], indirect=True)
READY, HEALTHY = "/readyz", "/healthz"


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restart_loses_nothing(crowd, live, database, settings, figures, mode):
    spans = []
    for _ in range(3):
        database.stop(mode)
        database.start()
        back = time.monotonic()
        crowd.at_work()
        spans.append((back, time.monotonic()))

    judged(crowd, settings, figures, f"restarted {mode} three times", *spans)


def test_a_restart_that_nobody_saw_is_never_told_of(live, database):
    many_look(live)
    database.stop("fast")
    database.start()

    assert many_look(live) == {200}


def many_look(live):
    """The statuses that sixteen at once are answered, so that many connections are in use."""
    with ThreadPoolExecutor(16) as threads:
        return set(threads.map(lambda _: asked(live, READY), range(64)))


def test_a_shop_without_its_database_says_so(crowd, live, database, settings, figures):
    database.stop("fast")
    away = time.monotonic()
    while time.monotonic() < away + 5:
        assert asked(live, HEALTHY) == 200
        assert asked(live, READY) == 503
        time.sleep(0.05)
    database.start()
    back = time.monotonic()
    while asked(live, READY) != 200:
        time.sleep(0.05)
    assert time.monotonic() - back <= 1
    crowd.at_work()

    judged(crowd, settings, figures, "PostgreSQL away for 5 s", (back,))


def test_a_server_that_only_reads_is_read_and_writes_wait(crowd, live, database, settings, figures):
    stranger = {"email": "nobody@example.com", "password": "a wrong guess"}
    with read_only(database.url):
        began = time.monotonic()
        while time.monotonic() < began + 5:
            assert asked(live, HEALTHY) == 200
            assert asked(live, "/inventory") == 200
            status, headers, _ = live.ask("POST", "/auth/login", stranger)
            assert status in (503, 401 if time.monotonic() < began + 1 else 503)
            assert status == 401 or int(headers["Retry-After"]) >= 1
            time.sleep(0.05)
    back = time.monotonic()
    crowd.at_work()

    judged(crowd, settings, figures, "PostgreSQL read-only for 5 s", (back,))


def test_nobody_waits_for_ever_for_a_database_that_stands_still(
    crowd, live, database, settings, figures
):
    with frozen(database.pid, *children_of(database.pid)):
        stopped = time.monotonic()
        while time.monotonic() < stopped + 12:
            assert asked(live, HEALTHY) == 200
            time.sleep(0.05)
    back = time.monotonic()
    crowd.at_work()

    judged(crowd, settings, figures, "PostgreSQL frozen for 12 s", (back,))
    assert crowd.slowest() <= 10


def asked(live, path):
    """The status, and nobody waits for it."""
    began = time.monotonic()
    status = live.ask("GET", path)[0]
    assert time.monotonic() - began <= 2
    return status


def judged(crowd, settings, figures, fault, *spans):
    books = verdict(crowd, settings)
    late = max(crowd.recovery(*each) for each in spans)
    figures(f"{fault}: {books}, back after {late:.2f} s, slowest answer {crowd.slowest():.2f} s")
    assert crowd.said("nobody") == []
    assert late <= 1
