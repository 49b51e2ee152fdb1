"""`flask backup` and `flask restore`: a shop goes into one file, whole, and comes back as it was."""

import os
import re
import stat

import pytest
import sqlalchemy as sa

from app.cli.backups.contents import MAIN_TABLES
from app.database.session import db
from app.models import Session
from tests.factories import a_ticket
from tests.house.history import HEAD
from tests.system.backups import books
from tests.system.backups.conftest import close, inside

pytestmark = pytest.mark.one_database


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


@pytest.mark.parametrize("before", ["x", "COPY parts (id) FROM stdin;"])
def test_a_backup_with_a_command_for_psql_is_refused(
    app, backup, flask, elsewhere, tmp_path, before
):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite's backups are no statements")
    sign = tmp_path / "done"
    with inside(elsewhere), db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num varchar(32))")
        planted = f"x\n{before}\n\\! touch {sign}\n"
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
