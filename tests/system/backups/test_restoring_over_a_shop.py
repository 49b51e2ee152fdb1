"""What is restored takes the place of the shop that is there, older or newer, wholly or not at all."""

import re

import pytest
import sqlalchemy as sa
from flask_migrate import check, downgrade, upgrade

from app.database.session import db
from app.models import Customer
from tests.factories import a_customer, a_ticket
from tests.house.history import HEAD, STEPS
from tests.system.backups import books
from tests.system.backups.conftest import close, inside

pytestmark = pytest.mark.one_database


def there(settings):
    with inside(settings):
        return books.whole()


def test_a_shop_with_people_is_replaced_only_when_told_and_kept_safe(
    app, backup, flask, settings, elsewhere
):
    a_customer(name="Later")
    later = books.whole()
    close()

    refused = flask("restore", backup)
    assert refused.exit_code == 1
    assert "--replace" in refused.stderr
    assert there(settings) == later

    done = flask("restore", "--replace", backup)
    assert done.exit_code == 0, done.stderr
    assert there(settings)["customers"] == app.books["customers"]
    [kept] = re.findall(r"What was there before is in (.+)\.$", done.stderr, re.MULTILINE)
    back = flask("restore", kept, at=elsewhere)
    assert back.exit_code == 0, back.stderr
    assert there(elsewhere)["customers"] == later["customers"]


def test_a_shop_that_is_open_is_not_replaced(app, backup, flask, settings):
    with db.engine.connect() as somebody:
        somebody.execute(sa.select(Customer.id)).all()
        somebody.rollback()
        refused = flask("restore", "--replace", backup)
    assert refused.exit_code == 1
    assert "The shop is open" in refused.stderr
    assert there(settings) == app.books


def nothing(_whole):
    return b""


def a_text(_whole):
    return b"customers: 7\n" * 100


def the_first_half(whole):
    return whole[: len(whole) // 2]


def all_but_the_end(whole):
    return whole[:-600]


def a_hole_in_it(whole):
    """All of it but for both ends: pages that SQLite has no use for just now may say anything."""
    return whole[:4096] + bytes(len(whole) - 8192) + whole[-4096:]


BROKEN = [nothing, a_text, the_first_half, all_but_the_end, a_hole_in_it]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_file_changes_nothing(app, backup, flask, settings, tmp_path, broken):
    file = tmp_path / "broken"
    file.write_bytes(broken(backup.read_bytes()))
    refused = flask("restore", "--replace", file)
    assert refused.exit_code == 1, refused.stdout
    assert refused.stderr.splitlines()[-1].startswith("Error: ")
    assert there(settings) == app.books


def test_a_schema_that_this_code_does_not_know_is_refused(
    app, flask, elsewhere, settings, tmp_path
):
    renamed = sa.text("UPDATE alembic_version SET version_num = :revision")
    with db.engine.begin() as connection:
        connection.execute(renamed, {"revision": "tomorrow"})
    try:
        done = flask("backup", tmp_path / "tomorrow")
    finally:
        with db.engine.begin() as connection:
            connection.execute(renamed, {"revision": HEAD})
    assert done.exit_code == 0, done.stderr

    refused = flask("restore", tmp_path / "tomorrow", at=elsewhere)
    assert refused.exit_code == 1
    assert "tomorrow, which this code does not know" in refused.stderr


@pytest.mark.skipif(len(STEPS) == 1, reason="there is but one schema yet")
def test_an_older_backup_takes_the_place_of_a_newer_shop(app, backup, flask, elsewhere, tmp_path):
    first = flask("restore", backup, at=elsewhere)
    assert first.exit_code == 0, first.stderr
    with inside(elsewhere):
        downgrade(revision="0001")
    older = flask("backup", tmp_path / "older", at=elsewhere)
    assert older.exit_code == 0, older.stderr
    with inside(elsewhere):
        upgrade()

    done = flask("restore", "--replace", tmp_path / "older", at=elsewhere)
    assert done.exit_code == 0, done.stderr
    assert "Next: `flask db upgrade`" in done.stdout
    with inside(elsewhere):
        upgrade()
        a_ticket()


def test_a_later_shop_leaves_nothing_in_the_way_of_the_next_upgrade(app, backup, flask, elsewhere):
    """A deploy that went wrong: the code of before is back, and so shall be its shop."""
    first = flask("restore", backup, at=elsewhere)
    assert first.exit_code == 0, first.stderr
    with inside(elsewhere), db.engine.begin() as connection:
        later_rows = "CREATE TABLE later_rows (id INTEGER PRIMARY KEY, part_id INTEGER REFERENCES parts (id))"
        connection.execute(sa.text(later_rows))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'tomorrow'"))

    done = flask("restore", "--replace", backup, at=elsewhere)

    assert done.exit_code == 0, done.stderr
    with inside(elsewhere):
        assert "later_rows" not in sa.inspect(db.engine).get_table_names()
        check()
