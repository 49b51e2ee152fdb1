"""What PostgreSQL says is wrong decides what the caller is told, and whether the connection stays."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.database.session import db
from tests.factories import a_manager, a_part, signed_in

BROKEN = ("08006", "25006", "53100", "53200", "53300", "57P01", "57P03", "58030", "XX000", "XX001")


@pytest.fixture
def failing(app):
    """`failing("53100")`: each write of a part fails with this SQLSTATE, as PostgreSQL itself sends it."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("PostgreSQL alone: SQLite has no SQLSTATE")

    def plant(state):
        with db.engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN RAISE EXCEPTION 'secret words' USING ERRCODE = '{state}'; END $$"
            )
            connection.exec_driver_sql(
                "CREATE TRIGGER fails BEFORE UPDATE ON parts FOR EACH ROW EXECUTE FUNCTION fail()"
            )

    def remove():
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP FUNCTION IF EXISTS fail() CASCADE")

    plant.over = remove
    yield plant
    db.session.rollback()
    remove()


def backends():
    """The server's processes behind the connections that wait in the pool."""
    db.session.remove()
    connections = [db.engine.connect() for _ in range(db.engine.pool.checkedin())]
    try:
        return {each.scalar(sa.text("SELECT pg_backend_pid()")) for each in connections}
    finally:
        for each in connections:
            each.close()


def renamed(client, part):
    return client.patch(f"/inventory/{part.id}", json={"name": "Clutch"})


def adjusted(client, part):
    """By statements past SQLAlchemy's own."""
    return client.patch(f"/inventory/{part.id}/adjust-quantity", json={"adjustment": 1})


@pytest.mark.parametrize("write", [renamed, adjusted])
@pytest.mark.parametrize("state", BROKEN)
def test_a_server_that_can_not_work_is_a_503_and_its_connection_is_dropped(
    as_, failing, state, write
):
    marge, part = as_(a_manager()), a_part(5)
    failing(state)
    before = backends()

    refused = write(marge, part)

    assert (refused.status_code, refused.json["code"]) == (503, "unavailable")
    assert int(refused.headers["Retry-After"]) >= 1
    assert b"secret words" not in refused.get_data()
    assert len(before - backends()) == 1
    failing.over()
    assert write(marge, part).status_code == 200


@pytest.mark.parametrize("state", ["57014", "40001", "40P01", "55P03"])
def test_a_server_that_is_busy_is_a_503_and_its_connection_stays(as_, failing, state):
    marge, part = as_(a_manager()), a_part(5)
    failing(state)
    before = backends()

    assert renamed(marge, part).status_code == 503
    assert backends() >= before


@pytest.mark.parametrize("state", ["42703", "22012", "P0001"])
def test_a_mistake_of_the_shop_is_a_500(app, failing, state):
    marge, part = signed_in(app, a_manager()), a_part(5)
    failing(state)

    refused = FlaskClient.open(marge, f"/inventory/{part.id}", method="PATCH", json={"name": "Hub"})
    assert (refused.status_code, refused.json["code"]) == (500, "internal_error")
    assert b"secret words" not in refused.get_data()
