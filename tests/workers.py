"""Run the tests in several processes (pytest-xdist), each with a PostgreSQL and a Redis of its own.

A process takes a folder or a file at a time and keeps to one database while it can, so that what tests
share, such as a migrated database or a live server, is made once.
"""

import re
from collections import Counter
from zlib import crc32

import pytest
from xdist.scheduler import LoadScopeScheduling

FIGURES = pytest.StashKey[list[str]]()
UNAVAILABLE = pytest.StashKey[dict[str, str]]()
DATABASES = ("postgres", "sqlite")
DATABASE = re.compile(r"\[.*\b(postgres|sqlite)\b.*\]")
# These tests compare the answers of both databases, so one process runs them on both.
COMPARES = "tests/system/hostile"
# The tests of a folder in this one share a live server or a filled database, so they stay together.
# Other tests share nothing, so any process can run any file.
SHARES = "tests/system/"
LONGEST_FIRST = (
    *("plans", "whole_shop", "hostile", "billing_days", "races"),
    *("access", "backups", "house"),
)


def is_controller(config) -> bool:
    """Return whether this process only hands out tests to others."""
    return bool(config.getoption("numprocesses", None)) and not hasattr(config, "workerinput")


def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return ByFolderAndDatabase(config, log)


def pytest_collection_modifyitems(config, items):
    """Sort the slowest folders first, so that all processes end together; deselect some cases.

    In the quick form of the whole suite each case runs on one of the two databases in turn, and with
    --rest on the other. A test marked `one_database("postgres")` runs on that database only; marked
    without a name, on one of the two in turn, because it takes long or the database makes no difference
    to it. A test marked `nightly` runs only with --slow, which runs everything.
    """
    if config.getoption("--sqlite"):
        _leave_out(config, items, [item for item in items if _database_of(item) == "postgres"])
    if not hasattr(config, "workerinput"):
        return
    if not (config.getoption("--slow") or config.getoption("--sqlite")):
        _take_turns(config, items)
    order = {name: n for n, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: order.get(item.path.parent.name, len(order)))


def _take_turns(config, items):
    """Deselect the cases that this form leaves out; report their number at the end of the run."""
    number, due = Counter(), {"quick": [], "rest": [], "nightly": []}
    for item in items:
        database, only = _database_of(item), item.get_closest_marker("one_database")
        test = (item.nodeid.partition("[")[0], database)
        in_turn = DATABASES[(crc32(test[0].encode()) + number[test]) % 2]
        number[test] += 1
        if item.get_closest_marker("nightly"):
            form = "nightly"
        elif only:
            form = "quick" if database in (None, *(only.args or [in_turn])) else "nightly"
        elif item.nodeid.startswith(COMPARES):
            form = "quick"
        else:
            form = "quick" if database in (None, in_turn) else "rest"
        due[form].append(item)
    form = "rest" if config.getoption("--rest") else "quick"
    _leave_out(config, items, [item for other in due.keys() - {form} for item in due[other]])
    if config.workerinput["workerid"] == "gw0" and form == "quick":
        config.stash[FIGURES].append(
            f"left out: {len(due['rest'])} cases on the other database, which run with --rest,"
            f" and {len(due['nightly'])} that run with --slow, as all do"
        )


def _database_of(item):
    """Return the database that a test runs on, or None if it needs none."""
    return item.callspec.params.get("settings") if hasattr(item, "callspec") else None


def _leave_out(config, items, left_out):
    config.hook.pytest_deselected(items=left_out)
    gone = set(left_out)
    items[:] = [item for item in items if item not in gone]


def pytest_sessionfinish(session):
    """Send this process's figures and missing programs to the process that prints them."""
    if hasattr(session.config, "workeroutput"):
        for name, key in (("figures", FIGURES), ("unavailable", UNAVAILABLE)):
            session.config.workeroutput[name] = session.config.stash[key]


def pytest_testnodedown(node):
    """Add the figures and the missing programs that a process has sent."""
    node.config.stash[FIGURES].extend(node.workeroutput.get("figures", []))
    node.config.stash[UNAVAILABLE].update(node.workeroutput.get("unavailable", {}))


def pytest_terminal_summary(terminalreporter, config):
    for name, why in config.stash[UNAVAILABLE].items():
        terminalreporter.write_line(f"!! {name} NOT TESTED: {why}", red=True, bold=True)
    for figure in config.stash[FIGURES]:
        terminalreporter.write_line(figure)


class ByFolderAndDatabase(LoadScopeScheduling):
    """A scheduler of folders and files: each process first gets those on its own database."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        unit = path.rpartition("/")[0] if path.startswith(SHARES) else path
        if unit == COMPARES:
            return f"{unit} sqlite"
        database = DATABASE.search(nodeid)
        return f"{unit} {database[1]}" if database else unit

    def _assign_work_unit(self, node) -> None:
        own = DATABASES[self.nodes.index(node) % len(DATABASES)]
        self.workqueue.move_to_end(
            min(self.workqueue, key=lambda unit: _distance(unit, own)), last=False
        )
        super()._assign_work_unit(node)


def _distance(unit: str, own: str) -> int:
    """Return 0 for a unit on the process's own database, 1 for one on neither, 2 for any other."""
    database = unit.partition(" ")[2]
    return 0 if database == own else 2 if database else 1
