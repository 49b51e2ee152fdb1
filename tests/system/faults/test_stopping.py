"""The shop is stopped or loads itself anew with requests in flight: each of them is answered."""

import contextlib
import signal
import time

import pytest
import sqlalchemy as sa

from tests.system.faults.frozen import children_of
from tests.system.faults.verdict import verdict


def test_who_is_being_served_is_served_when_the_shop_stops(crowd, live, settings, figures):
    with nobody_else_writes(settings):
        time.sleep(1)  # and by now all of them wait for it
        stopped = time.monotonic()
        live.server.send_signal(signal.SIGTERM)
    status = live.server.wait(30)
    ended = time.monotonic() - stopped

    books = verdict(crowd, settings)

    served = [each for each in crowd.said("good") if each.began < stopped < each.ended]
    cut_off = [each for each in crowd.said("nobody") if each.began < stopped - 0.5]
    figures(f"SIGTERM: {books}, {len(served)} in flight were answered, ended after {ended:.2f} s")
    assert (status, cut_off, books.unavailable) == (0, [], 0)
    assert len(served) >= 4
    with pytest.raises(ConnectionRefusedError):
        live.ask("GET", "/healthz")


@contextlib.contextmanager
def nobody_else_writes(settings):
    engine = sa.create_engine(settings["DATABASE_URL"], poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text("UPDATE parts SET name = name"))
        yield
        connection.rollback()


def test_nobody_notices_when_the_shop_loads_itself_anew(crowd, live, settings, figures):
    for _ in range(3):
        before = set(children_of(live.server.pid))
        live.server.send_signal(signal.SIGHUP)
        until = time.monotonic() + 30
        while before & set(children_of(live.server.pid)):
            assert time.monotonic() < until, "the old workers stay"
            time.sleep(0.05)
        crowd.at_work()

    books = verdict(crowd, settings)

    figures(f"SIGHUP three times: {books}, slowest answer {crowd.slowest():.2f} s")
    assert (crowd.said("nobody"), books.unavailable) == ([], 0)
