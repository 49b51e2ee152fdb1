"""A disk fills up under a crowd: writes are refused whole and reads go on until there is room again.

PostgreSQL's disk is on another machine, and is full for it alone: its answer is an error like others.
"""

import time

import pytest

from tests.live import serving
from tests.system.faults.crowd import PEOPLE, a_crowd
from tests.system.faults.verdict import verdict

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def test_a_full_disk_refuses_writes_and_answers_reads(settings, figures, tmp_path):
    disk_full = tmp_path / "full"
    environ = settings | {"DISK_FULL": str(disk_full)}
    shop = serving(environ, 1, "tests.system.faults.full_disk:app", has_manager=True)
    with shop as live, a_crowd(live) as crowd:
        disk_full.touch()
        full = time.monotonic()
        while len(crowd.said("unavailable")) < 100:
            assert time.monotonic() < full + 30, "the disk does not fill up"
            status, _, page = live.ask("GET", "/inventory?per_page=100")
            assert (status, len(page["items"])) == (200, PEOPLE)
        assert live.ask("GET", "/readyz")[0] == 200
        disk_full.unlink()
        room = time.monotonic()
        crowd.at_work()

        books = verdict(crowd, settings)
        late = crowd.recovery(room)
        figures(f"the disk full: {books}, back after {late:.2f} s")
        assert crowd.said("nobody") == []
        assert late <= 5  # as long as SQLite lets one writer wait for the others
