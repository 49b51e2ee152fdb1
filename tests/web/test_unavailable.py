"""Without its database, or with a bug, the shop answers with a problem, and says what it is ready for."""

import pytest

from tests.factories import a_customer, signed_in
from tests.web.second_shop import POSTGRES_AWAY, second_shop
from tests.web.test_problems import is_problem

pytestmark = pytest.mark.one_database  # what the web layer does is the same on both


@pytest.fixture
def without_database(app, settings):
    with second_shop(settings, **POSTGRES_AWAY) as shop:
        yield shop


def test_a_database_that_is_away_is_a_503_worth_trying_again(without_database):
    answer = without_database.test_client().get("/inventory")

    assert is_problem(answer, 503, "unavailable")
    assert int(answer.headers["Retry-After"]) >= 1


def test_and_so_it_is_for_who_is_signed_in_and_for_who_writes(without_database):
    alice = signed_in(without_database, a_customer())

    assert is_problem(alice.get("/auth/me"), 503, "unavailable")
    assert is_problem(alice.post("/service-tickets", json={}), 503, "unavailable")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}], ids=["", "token"])
def test_a_process_without_its_database_is_healthy_but_not_ready(without_database, headers):
    client = without_database.test_client()

    assert client.get("/healthz", headers=headers).status_code == 200
    assert is_problem(client.get("/readyz", headers=headers), 503, "unavailable")


def test_who_is_signed_in_sees_a_healthy_process_too(without_database):
    alice = signed_in(without_database, a_customer())

    assert alice.get("/healthz").status_code == 200


def test_a_database_without_its_schema_is_not_ready(app, settings, tmp_path):
    with second_shop(settings, DATABASE_URL=f"sqlite:///{tmp_path}/empty.db") as shop:
        answer = shop.test_client().get("/readyz")

    assert is_problem(answer, 503, "unavailable")
    assert "flask db upgrade" in answer.json["detail"]


def test_a_shop_with_its_schema_is_ready(client):
    assert client.get("/readyz").json["status"] == "ready"


@pytest.fixture
def broken(app, settings):
    """A shop with a route that has a bug."""

    def bug():
        raise RuntimeError("connected as marge with password hunter2")

    with second_shop(settings, FLASK_ENV="development") as shop:
        shop.add_url_rule("/bug", view_func=bug)
        yield shop.test_client()


def test_a_bug_is_a_500_that_tells_nothing_but_where_to_look(broken):
    answer = broken.get("/bug")

    assert is_problem(answer, 500, "internal_error")
    assert "hunter2" not in answer.get_data(as_text=True)


def test_after_a_bug_the_shop_goes_on(broken):
    broken.get("/bug")

    assert broken.get("/inventory").status_code == 200
