"""Fixtures that send hostile requests, report the counts, and compare the two databases."""

from itertools import product

import pytest

from tests.system.hostile.fire import Battery


@pytest.fixture(scope="session")
def said_by_the_other():
    return {}


@pytest.fixture
def battery(app, monkeypatch):
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)  # exceptions become a 500
    battery = Battery(app)
    yield battery
    battery.targets.snapshot.close()


@pytest.fixture
def barrage(battery, figures, at_length, said_by_the_other):
    """Return a function that sends cases to aims; it fails on wrong answers or if databases differ.

    The quick form sends each case once, to every `quick`-th aim. The long form sends every `slow`-th
    pair of aim and case; if this is a prime, every aim and every case occurs.
    """

    def fired(what, aims, cases, shot, *, quick=1, slow=1):
        aims, kinds = list(aims), list(cases)
        some = at_length(aims[::quick], slow=aims)
        once = range(max(len(some), len(kinds)))
        few = [(some[n % len(some)], kinds[n % len(kinds)]) for n in once]
        pairs = at_length(few, slow=list(product(aims, kinds))[::slow])
        missed = {*some, *kinds} - {each for pair in pairs for each in pair}
        assert not missed, f"never tried: {missed}"
        for aim, kind in pairs:
            battery.fire(aim[0], shot, aim, kind, cases[kind])
        figures(battery.figure(what, len(cases)))
        statuses = battery.statuses
        before = said_by_the_other.setdefault(what, statuses)
        assert before.keys() == statuses.keys()
        differ = [
            f"{name}: {before[name]} on the one database, {status} on the other"
            for name, status in statuses.items()
            if status != before[name]
        ]
        wrong = battery.surprises + differ
        assert not wrong, f"{len(wrong)} surprises:\n" + "\n".join(wrong[:40])

    return fired
