"""A barrage of every aim with every case, its figure, and what the other database said to the same."""

from itertools import product

import pytest

from tests.system.hostile.fire import Battery


@pytest.fixture(scope="session")
def said_by_the_other():
    return {}


@pytest.fixture
def battery(app, monkeypatch):
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)  # a bug is a 500, as in a shop
    battery = Battery(app)
    yield battery
    battery.targets.snapshot.close()


@pytest.fixture
def barrage(battery, figures, at_length, said_by_the_other):
    """Fire each case once, at every so many-th aim; in the long form every so many-th pair, a prime."""

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
