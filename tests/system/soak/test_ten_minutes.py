"""Ten minutes of mixed work: the books are right, and the shop holds no more than at the start."""

import os
import time

import pytest

from tests.system.faults.crowd import a_crowd
from tests.system.faults.verdict import verdict
from tests.system.soak.processes import connections, mebibytes, open_files, slope, workers_of

SECONDS = 600
A_SAMPLE = 5
WARM = 0.5  # of the time: until then caches and pools fill
POOL = 12  # connections that a worker may hold, as config.py has it
FEW = 10  # open files more or less, by how many are being served just then


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks into /proc, which Linux has")
def test_ten_minutes_of_work_leave_nothing_behind(live, settings, figures):
    kind = settings["DATABASE_URL"].partition(":")[0].partition("+")[0]
    workers = workers_of(live.server)
    memory, files = ({pid: [] for pid in workers} for _ in range(2))
    began = time.monotonic()
    with a_crowd(live) as crowd:
        while (minutes := (time.monotonic() - began) / 60) < SECONDS / 60:
            time.sleep(A_SAMPLE)
            for pid in workers:
                memory[pid].append((minutes, mebibytes(pid)))
                files[pid].append((minutes, open_files(pid)))
        books = verdict(crowd, settings)
    done = sum(len(person.answers) for person in crowd.people)

    grows = max(slope(settled(memory[pid])) for pid in workers)
    largest = max(value for samples in memory.values() for _, value in samples)
    more_files = max(open_files(pid) - settled(files[pid])[0][1] for pid in workers)
    said = f"{minutes:.0f} minutes, {done:,} requests: {books}; a worker has {largest:.0f} MiB at most,"
    said += f" growing by {grows:.2f} MiB a minute; {more_files:+d} open files"
    if kind == "postgresql":
        held, resting = connections(settings["DATABASE_URL"])
        said += f"; {held} connections, {resting} in a transaction"
        assert held <= POOL * len(workers)
        assert resting == 0
    figures(said)
    assert workers_of(live.server) == workers, "a worker has died"
    assert more_files <= FEW, "files or connections are left open"
    assert grows <= 1, "memory leaks"


def settled(samples):
    return samples[int(len(samples) * WARM) :]
