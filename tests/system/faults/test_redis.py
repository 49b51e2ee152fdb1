"""Redis goes away under a crowd: nobody notices but by the clock, and it is used again when it is back.

SQLite's one worker keeps limits and answers in its own memory.
"""

import time

import pytest
from redis import Redis

from tests.live import LiveShop
from tests.refusing import REFUSALS
from tests.system.faults.frozen import frozen
from tests.system.faults.verdict import verdict

pytestmark = pytest.mark.parametrize("settings", ["postgres"], indirect=True)
PROBES = 16
AWAY = 8


def test_a_shop_goes_on_without_redis(crowd, live, memory, settings, figures):
    memory.process.kill()
    memory.process.wait()
    time.sleep(AWAY)
    crowd.at_work()
    memory.start()

    judged(crowd, live, memory, settings, figures, "Redis killed")


def test_nobody_waits_for_a_redis_that_stands_still(crowd, live, memory, settings, figures):
    with frozen(memory.process.pid):
        time.sleep(AWAY)
        crowd.at_work()

    judged(crowd, live, memory, settings, figures, "Redis frozen")


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_redis_that_refuses_to_write_is_not_read(crowd, live, memory, settings, figures, refusal):
    with refusal(Redis.from_url(memory.url)):
        time.sleep(AWAY)
        crowd.at_work()

    judged(crowd, live, memory, settings, figures, f"Redis {refusal.__name__.replace('_', '-')}")


def judged(crowd, live, memory, settings, figures, fault):
    back = time.monotonic()
    while not shared(live, Redis.from_url(memory.url)):
        assert time.monotonic() < back + 60, "Redis is not used again"
        time.sleep(0.05)
    late = time.monotonic() - back
    crowd.at_work()
    books = verdict(crowd, settings)
    figures(f"{fault}: {books}, shared again after {late:.2f} s, slowest {crowd.slowest():.2f} s")
    assert (books.unavailable, crowd.said("nobody")) == (0, [])
    assert crowd.slowest() <= 2
    assert late <= 5


def shared(live, redis):
    """Whether strangers' requests are all counted in Redis, and all their answers kept there."""
    for key in redis.scan_iter("*127.0.0.1*"):
        redis.delete(key)
    pages = [f"/inventory?per_page=1&page={n}" for n in range(1, PROBES + 1)]
    stranger = LiveShop(live.port, live.server)
    for page in pages:
        assert stranger.ask("GET", page)[0] == 200
    counted = [int(redis.get(key)) for key in redis.scan_iter("*127.0.0.1*reads*")]
    kept = list(redis.scan_iter("*:answer:anyone:*"))
    redis.delete(*kept) if kept else None
    return sum(counted) == len(kept) == PROBES
