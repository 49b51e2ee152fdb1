"""`flask backup` and `flask restore`: a shop goes into one file and comes back as it was, or nothing does."""

import os
import re
import stat

import pytest
import sqlalchemy as sa
from flask_migrate import check, downgrade, upgrade

from app.cli.backups.contents import MAIN_TABLES
from app.database.session import db
from app.models import Customer, Session
from app.web.transactions import IdempotencyRecord
from tests.factories import a_customer, a_manager, a_part, a_ticket, saved, token_of
from tests.house.history import HEAD, STEPS
from tests.system.backups import books
from tests.system.backups.conftest import close, inside

pytestmark = pytest.mark.one_database


@pytest.fixture
def backup(app, flask, tmp_path):
    """A file with a shop that has a manager, who is signed in, a ticket and a part."""
    a_part(7)
    a_ticket()
    saved(IdempotencyRecord(key_fingerprint="k", request_fingerprint="r", status=201))
    app.token = token_of(a_manager(name="Marge"))
    app.books = books.whole()
    close()
    file = tmp_path / "shop.backup"
    done = flask("backup", file)
    assert done.exit_code == 0, done.stderr
    app.said = done.stdout
    return file


def there(settings):
    with inside(settings):
        return books.whole()


def test_a_backup_says_what_is_in_it_and_is_for_its_owner_only(app, backup):
    assert f"Wrote {backup}, {backup.stat().st_size:,} bytes, schema {HEAD}:" in app.said
    counted = dict(re.findall(r"^  (\w+) +([\d,]+)$", app.said, re.MULTILINE))
    assert counted["customers"] == counted["service_tickets"] == counted["mechanics"] == "1"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert list(backup.parent.glob("*unfinished*")) == []


def test_what_is_restored_is_what_was_there_but_for_sessions_and_id(app, backup, flask, elsewhere):
    done = flask("restore", backup, at=elsewhere)

    assert done.exit_code == 0, done.stderr
    assert "Every session has ended" in done.stdout
    with inside(elsewhere) as restored:
        after = books.whole()
        assert len(after.pop("sessions")) == 1
        assert db.session.scalars(sa.select(Session.ended_at)).one() is not None
        assert len(set(after.pop("shop_id") + app.books["shop_id"])) == 2
        assert app.books.keys() - after.keys() == {"sessions", "shop_id"}
        assert after == {name: rows for name, rows in app.books.items() if name in after}
        assert len(after["stored_answers"]) == 1
        signed_out = restored.test_client().get(
            "/auth/me", headers={"Authorization": f"Bearer {app.token}"}
        )
        assert signed_out.json["code"] == "invalid_token"
        a_ticket()  # ids go on where they were


ACTS = {
    "sqlite": [
        "CREATE TRIGGER raised AFTER UPDATE ON parts BEGIN"
        " UPDATE mechanics SET role = 'manager'; END",
        "CREATE VIEW seen AS SELECT * FROM accounts",
    ],
    "postgresql": [
        "CREATE FUNCTION raise_all() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " UPDATE mechanics SET role = 'manager'; RETURN NEW; END $$",
        "CREATE TRIGGER raised AFTER UPDATE ON parts FOR EACH ROW EXECUTE FUNCTION raise_all()",
        "CREATE RULE raised AS ON UPDATE TO parts DO ALSO UPDATE mechanics SET role = 'manager'",
        "CREATE VIEW seen AS SELECT * FROM accounts",
    ],
}
DROPPED = {
    "sqlite": ["DROP TRIGGER raised", "DROP VIEW seen"],
    "postgresql": [
        "DROP RULE raised ON parts",
        "DROP FUNCTION raise_all CASCADE",
        "DROP VIEW seen",
    ],
}


def test_what_would_act_by_itself_is_left_out(app, backup, flask, settings, elsewhere, tmp_path):
    """Not even a trigger, rule or view of the shop that the backup was taken of comes along."""
    with db.engine.begin() as connection:
        for each in ACTS[db.engine.dialect.name]:
            connection.exec_driver_sql(each)
    close()
    file = tmp_path / "acts.backup"
    try:
        assert flask("backup", file).exit_code == 0
    finally:
        with db.engine.begin() as connection:
            for each in DROPPED[db.engine.dialect.name]:
                connection.exec_driver_sql(each)
        close()

    done = flask("restore", file, at=elsewhere)

    assert done.exit_code == 0, done.stderr
    with inside(elsewhere):
        part = db.session.execute(sa.text("SELECT id FROM parts")).scalar_one()
        db.session.execute(sa.text("UPDATE mechanics SET role = 'mechanic'"))
        db.session.execute(sa.text("UPDATE parts SET name = 'x' WHERE id = :id"), {"id": part})
        assert db.session.scalar(sa.text("SELECT role FROM mechanics")) == "mechanic"
        db.session.rollback()
        assert "seen" not in sa.inspect(db.engine).get_view_names()


def test_a_backup_with_a_command_for_psql_is_refused(app, backup, flask, elsewhere, tmp_path):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite's backups are no statements")
    sign = tmp_path / "done"
    with inside(elsewhere), db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num varchar(32))")
        planted = f"x\n\\! touch {sign}\n"
        connection.execute(sa.text("SELECT 1"))
        connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS '{planted}'")
        connection.exec_driver_sql("COMMENT ON COLUMN alembic_version.version_num IS '\\! ls'")
        for table in MAIN_TABLES:
            connection.exec_driver_sql(f"CREATE TABLE {table} (id int)")
    file = tmp_path / "planted.backup"

    done = flask("backup", file, at=elsewhere)

    assert done.exit_code == 1
    assert "a command for psql" in done.stderr
    assert not sign.exists()


def test_a_backup_replaces_no_file(backup, flask):
    before = backup.read_bytes()
    done = flask("backup", backup)
    assert done.exit_code == 1
    assert "is there already" in done.stderr
    assert backup.read_bytes() == before


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
        bays = "CREATE TABLE bays (id INTEGER PRIMARY KEY, part_id INTEGER REFERENCES parts (id))"
        connection.execute(sa.text(bays))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'tomorrow'"))

    done = flask("restore", "--replace", backup, at=elsewhere)

    assert done.exit_code == 0, done.stderr
    with inside(elsewhere):
        assert "bays" not in sa.inspect(db.engine).get_table_names()
        check()


def test_a_backup_gets_its_name_when_it_is_on_the_disk(app, backup, flask, monkeypatch, tmp_path):
    told = []

    def watch(name):
        really = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *said: (told.append(name), really(*said))[1])

    watch("fsync")
    watch("rename")
    assert flask("backup", tmp_path / "another").exit_code == 0
    assert told == ["fsync", "rename", "fsync"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of a file")
def test_a_full_disk_leaves_no_file(app, backup, flask, tmp_path):
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        refused = flask("backup", tmp_path / "another")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[-1].startswith("Error: ")
    assert list(tmp_path.glob("*another*")) == []


def test_a_database_without_a_shop_has_nothing_to_back_up(flask, elsewhere, tmp_path):
    refused = flask("backup", tmp_path / "none", at=elsewhere)
    assert refused.exit_code == 1
    assert "flask db upgrade" in refused.stderr
    assert list(tmp_path.glob("*none*")) == []
