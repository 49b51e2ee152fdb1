"""What nobody waits for goes to PostgreSQL with what somebody does, and is as much one transaction."""

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade
from psycopg2 import extensions as libpq
from sqlalchemy.exc import IntegrityError

from app.clock import utc_now
from app.database.postgresql import wait_for_postgres
from app.database.prepared import PREPARED
from app.database.session import db
from app.database.statements import execute, fetch
from app.models import Part
from tests.busy_shop import a_busy_shop
from tests.factories import PASSWORD, a_customer, a_part
from tests.postgres import a_database
from tests.web.overheard import overheard
from tests.web.second_shop import second_shop

PARTS = Part.__table__
NAMES = sa.select(Part.name).where(Part.id == sa.bindparam("part")).execution_options(**PREPARED)
CHANGE = sa.update(PARTS).where(PARTS.c.id == sa.bindparam("part")).returning(PARTS.c.name)
RENAME = CHANGE.values(name=sa.bindparam("to"), updated_at=utc_now()).execution_options(**PREPARED)
RENUMBER = CHANGE.values(part_number_key=sa.bindparam("to"), updated_at=utc_now())


@pytest.fixture
def brake(app):
    part = a_part(name="Brake").id
    db.session.rollback()
    return part


@pytest.fixture
def trips(app):
    """One entry for each time that somebody has waited for PostgreSQL."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("PostgreSQL alone; SQLite is in the same process")
    waited = []

    def wait(connection):
        waited.append(connection)
        wait_for_postgres(connection)

    libpq.set_wait_callback(wait)
    yield waited
    libpq.set_wait_callback(wait_for_postgres)


def name_of(part):
    return fetch(NAMES, part=part)[0]["name"]


def rename(part, name):
    """What is found, then a write that nobody waits for."""
    found = execute(NAMES, part=part)
    execute(RENAME, part=part, to=name, wait=False)
    db.session.commit()
    return found


def test_an_act_takes_as_many_trips_as_it_wants_answers_and_its_commit(brake, trips):
    db.engine.dispose()  # one connection from here on, which knows what it has prepared
    for name in ("prepared", "100% new; 'quoted'"):
        trips.clear()
        rename(brake, name)

    assert len(trips) == 2
    assert name_of(brake) == "100% new; 'quoted'"


def test_a_used_part_waits_for_what_it_has_to_know(app, trips):
    busy = a_busy_shop(app)
    path = "/service-tickets/{ticket_id}/parts/{part_id}".format(**busy.ids)
    waited = []
    for _ in range(8):  # each connection of the pool prepares its statements at first
        trips.clear()
        with overheard() as said:
            assert busy.marge.post(path, json={"quantity_used": 1}).status_code == 201
        waited.append(len(trips))

    # `said` lacks the look-up of who asks, and COMMIT. Nobody waits for the stock movement and the audit
    # entries: they are sent together with COMMIT.
    who_asks = commit = 1
    movement = entries = 1
    assert min(waited) == who_asks + len(said) - movement - entries + commit


def test_what_changes_nothing_is_neither_begun_nor_committed(brake, trips):
    db.session.connection()
    db.session.commit()
    db.session.connection()
    db.session.rollback()

    assert trips == []


def test_it_is_seen_by_what_comes_next(brake):
    execute(RENAME, part=brake, to="100% Clutch", wait=False)

    assert execute(NAMES, part=brake) == [{"name": "100% Clutch"}]
    assert db.session.get(Part, brake).name == "100% Clutch"


def test_it_is_committed_though_nothing_comes_before_it(brake):
    execute(RENAME, part=brake, to="Clutch", wait=False)
    db.session.commit()

    assert name_of(brake) == "Clutch"


def test_what_is_undone_was_not_sent(brake):
    execute(RENAME, part=brake, to="Clutch", wait=False)
    db.session.rollback()
    db.session.commit()
    assert name_of(brake) == "Brake"

    execute(RENAME, part=brake, to="Clutch")
    execute(RENAME, part=brake, to="Wheel", wait=False)
    db.session.rollback()
    assert name_of(brake) == "Brake"


@pytest.mark.parametrize("and_then", [lambda: execute(NAMES, part=1), db.session.commit])
def test_what_is_wrong_with_it_is_said_with_what_comes_next(brake, and_then):
    other = a_part(part_number="TAKEN-1").id
    db.session.rollback()

    with pytest.raises(IntegrityError):  # noqa: PT012 - SQLite says so at once
        execute(RENAME, part=brake, to="Clutch")
        execute(RENUMBER, part=brake, to="taken-1", wait=False)
        and_then()

    db.session.rollback()
    assert name_of(brake) == "Brake"
    assert rename(other, "Wheel")
    assert name_of(other) == "Wheel"


def test_a_connection_given_back_halfway_has_done_nothing(brake, trips):
    connection = db.engine.raw_connection()
    connection.dbapi_connection.begin()
    connection.cursor().execute("UPDATE parts SET name = 'Half'")
    connection.dbapi_connection.unsent.append(b"UPDATE parts SET name = 'Unsent'")
    driver = connection.dbapi_connection
    connection.close()

    assert driver.get_transaction_status() == libpq.TRANSACTION_STATUS_IDLE
    assert driver.unsent == []
    assert name_of(brake) == "Brake"


def test_many_at_once_come_after_what_was_said_before(brake, trips):
    connection = db.engine.raw_connection()
    connection.dbapi_connection.begin()
    changes = [{"part": brake, "more": more} for more in ("!", "?")]
    connection.cursor().execute_later(
        "UPDATE parts SET name = 'Clutch' WHERE id = %(part)s", changes[0]
    )
    add = "UPDATE parts SET name = name || %(more)s WHERE id = %(part)s"
    connection.cursor().executemany(add, changes)
    connection.commit()
    connection.close()

    assert name_of(brake) == "Clutch!?"


@pytest.fixture
def server(app, settings):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("PostgreSQL alone; a SQLite file has no server with settings of its own")
    return settings["DATABASE_URL"]


def test_a_database_that_can_not_keep_every_letter_does_not_open(server, settings):
    how = "ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
    with a_database(server, "latin", how) as url, second_shop(settings, DATABASE_URL=url) as shop:
        refused = shop.test_client().get("/readyz")

    assert (refused.status_code, refused.json["code"]) == (503, "unavailable")
    assert "LATIN1" in refused.json["detail"]
    assert "ENCODING 'UTF8'" in refused.json["detail"]


def test_what_the_server_sets_for_others_is_not_the_shop_s(server, settings, monkeypatch):
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    with a_database(server, "stubborn") as url:
        name = sa.make_url(url).database
        with db.engine.connect() as connection:
            for said in (
                "default_transaction_isolation = 'repeatable read'",
                "timezone = 'Asia/Tokyo'",
            ):
                connection.exec_driver_sql(f"ALTER DATABASE {name} SET {said}")
        with second_shop(settings, DATABASE_URL=url) as shop, shop.app_context():
            upgrade()
            a_customer(name="日本", password=PASSWORD, email="j@example.com")
            signed_in = shop.test_client().post(
                "/auth/login", json={"email": "j@example.com", "password": PASSWORD}
            )
            assert signed_in.status_code == 200
            assert signed_in.json["account"]["name"] == "日本"
            shown = [setting(each) for each in ("transaction_isolation", "timezone")]
    assert shown == ["read committed", "UTC"]


def test_options_in_the_address_of_the_database_are_kept(server, settings):
    with a_database(server, "apart") as url:
        with sa.create_engine(url).begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA shop")
        apart = f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3Dshop"
        with second_shop(settings, DATABASE_URL=apart) as shop, shop.app_context():
            upgrade()
            assert sa.inspect(db.engine).get_table_names("shop")
            assert sa.inspect(db.engine).get_table_names("public") == []
            assert setting("statement_timeout") == "5s"


def setting(name):
    return db.session.scalar(sa.select(sa.func.current_setting(name)))
