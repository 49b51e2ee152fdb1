"""Workers that die at work: what was acknowledged stands, and somebody else answers at once."""

import os
import random
import signal
import time

from tests.system.faults.frozen import children_of
from tests.system.faults.verdict import verdict

SEED = 20261121


def test_a_worker_killed_each_second_takes_nothing_along(crowd, live, settings, figures):
    choice, spans = random.Random(SEED), []
    for _ in range(8):
        os.kill(choice.choice(children_of(live.server.pid)), signal.SIGKILL)
        killed = time.monotonic()
        time.sleep(1)
        crowd.at_work()
        spans.append((killed, time.monotonic()))

    books = verdict(crowd, settings)

    late = max(crowd.recovery(*each) for each in spans)
    figures(f"a worker killed each second: {books}, back after {late:.2f} s")
    assert books.unavailable == 0
    assert late <= 2, f"seed {SEED}"
