"""`dev.py` tells the demo shop and one's own shop apart: whose passwords it tells, and what it puts aside."""

import contextlib
import sqlite3

import pytest

from tests.live import ROOT


@pytest.fixture
def dev(tmp_path, monkeypatch):
    """dev.py as a module, with an instance of its own and a demo shop that costs nothing to make."""
    monkeypatch.syspath_prepend(str(ROOT))
    import dev as module

    monkeypatch.setattr(module, "INSTANCE", tmp_path)
    monkeypatch.setattr(module, "DATABASE", tmp_path / "mechanic_shop.db")
    return module


def a_shop(path, people=1):
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE customers (id INTEGER)")
        db.executemany("INSERT INTO customers VALUES (?)", [(n,) for n in range(people)])
        db.commit()
    return path


def test_the_demos_passwords_are_told_of_its_own_database_only(dev, capsys):
    demo = a_shop(dev.DATABASE)
    dev.mark(demo)
    dev.keep(dev.sign_in_of(demo), "  manager dana the-password\n")
    dev.welcome("5000", embedded=True)
    assert "the-password" in capsys.readouterr().out

    demo.unlink()
    a_shop(dev.DATABASE)
    dev.welcome("5000", embedded=True)
    told = capsys.readouterr().out
    assert "the-password" not in told
    assert "flask set-password" in told


def test_a_demo_is_put_aside_whole_and_not_while_it_is_open(dev):
    demo = a_shop(dev.DATABASE, people=3)
    with contextlib.closing(sqlite3.connect(demo)) as somebody:
        somebody.execute("SELECT * FROM customers").fetchone()
        with pytest.raises(dev.Failed, match="open"):
            dev.put_aside(demo)
    assert demo.exists()

    dev.put_aside(demo)

    assert not demo.exists()
    [aside] = dev.INSTANCE.glob("demo-*.db")
    with contextlib.closing(sqlite3.connect(aside)) as db:
        assert db.execute("SELECT count(*) FROM customers").fetchone() == (3,)


def test_a_shop_of_ones_own_is_never_put_aside(dev, monkeypatch):
    monkeypatch.setattr(dev, "settings", lambda: ({}, True))
    a_shop(dev.DATABASE)

    with pytest.raises(dev.Failed, match="of your own already"):
        dev.open_empty()

    assert dev.DATABASE.exists()


def test_an_empty_shop_at_a_database_of_ones_own_is_a_flask_command(dev, monkeypatch):
    monkeypatch.setattr(dev, "settings", lambda: ({}, False))
    with pytest.raises(dev.Failed, match="flask open-shop"):
        dev.open_empty()
