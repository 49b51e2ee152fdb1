"""The commands that let somebody in: the first manager, and one who forgot the password."""

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from app import create_app
from app.database.session import db
from app.models import AuditEntry, Mechanic, SignInAttempts
from tests.factories import PASSWORD, a_customer, a_manager, a_walk_in

MARGE = ("--name", "Marge Rivers", "--email", "marge@example.com", "--password-stdin")
NEW = "a new and long password"


@pytest.fixture
def flask(app):
    """`flask("open-shop", said="a password")`: (exit code, what it said)."""

    def run(*words, said=""):
        db.session.rollback()
        done = app.test_cli_runner().invoke(args=words, input=said)
        return done.exit_code, done.output

    return run


def sign_in(client, email, password):
    return client.post("/auth/login", json={"email": email, "password": password})


def test_an_empty_shop_gets_its_first_manager(flask, client):
    code, said = flask("open-shop", *MARGE, said=PASSWORD)

    assert (code, "marge@example.com" in said) == (0, True)
    assert sign_in(client, "marge@example.com", PASSWORD).json["account"]["role"] == "manager"
    assert db.session.scalar(sa.select(sa.func.count(Mechanic.id))) == 1


def test_it_asks_for_what_is_left_out(flask, client):
    answers = "\n".join(["Marge Rivers", "marge@example.com", PASSWORD, PASSWORD])

    assert flask("open-shop", said=answers)[0] == 0

    assert sign_in(client, "marge@example.com", PASSWORD).status_code == 200


@pytest.mark.parametrize("somebody", [a_walk_in, a_manager])
def test_a_shop_with_people_is_open_already(flask, somebody):
    somebody()

    code, said = flask("open-shop", *MARGE, said=PASSWORD)

    assert (code, "create-manager" in said) == (1, True)
    assert db.session.scalar(sa.select(Mechanic.id).filter_by(name="Marge Rivers")) is None


def test_a_password_from_elsewhere_comes_with_who_it_is_for(flask):
    code, said = flask("open-shop", "--name", "Marge", "--password-stdin", said=PASSWORD)
    assert (code, "needs --name and --email" in said) == (2, True)


@pytest.mark.parametrize("kind", ["SimpleCache", "NullCache"])
def test_a_new_manager_may_be_listed_late_by_a_shop_with_memory_of_its_own(flask, app, kind):
    app.config["CACHE_TYPE"] = kind

    code, said = flask("create-manager", *MARGE, said=PASSWORD)

    assert (code, "60 seconds late" in said) == (0, kind == "SimpleCache")


def test_an_empty_shop_is_migrated_on_the_way(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    shop = create_app({"FLASK_ENV": "testing", "DATABASE_URL": url})
    assert shop.test_cli_runner().invoke(args=["open-shop", *MARGE], input=PASSWORD).exit_code == 0
    with shop.app_context():
        assert db.session.scalar(sa.select(Mechanic.name)) == "Marge Rivers"
        upgrade()
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("somebody", [a_manager, a_customer])
def test_who_forgot_gets_a_new_password_and_every_session_ends(flask, client, as_, somebody):
    person = somebody(PASSWORD)
    email, before = person.email, as_(person)

    assert flask("set-password", "--email", email.upper(), "--password-stdin", said=NEW)[0] == 0

    assert before.get("/auth/me").status_code == 401
    assert sign_in(client, email, PASSWORD).status_code == 401
    assert sign_in(client, email, NEW).status_code == 200


def test_who_tried_in_vain_need_not_wait_any_more(flask, client):
    email = a_manager(PASSWORD).email
    for _ in range(5):
        sign_in(client, email, "not my password")
    assert sign_in(client, email, PASSWORD).status_code == 429

    flask("set-password", "--email", email, "--password-stdin", said=NEW)

    assert sign_in(client, email, NEW).status_code == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SignInAttempts)) == 0


def test_a_new_password_is_on_record_and_not_what_it_is(flask):
    email = a_manager(PASSWORD).email
    flask("set-password", "--email", email, "--password-stdin", said=NEW)
    db.session.rollback()
    entry = db.session.scalar(sa.select(AuditEntry).filter_by(operation="flask set-password"))
    assert (entry.entity, entry.after) == ("account", {"password_hash": "withheld"})


@pytest.mark.parametrize(
    ("email", "password", "why"),
    [
        ("nobody@example.com", NEW, "Nobody signs in as nobody@example.com."),
        ("marge@example.com", "password1", "Too common"),
        ("marge@example.com", "marge@example.com", "Not your e-mail address"),
    ],
)
def test_what_is_no_new_password_changes_nothing(flask, client, email, password, why):
    a_manager(PASSWORD, email="marge@example.com")

    code, said = flask("set-password", "--email", email, "--password-stdin", said=password)

    assert (code, why in said) == (1, True)
    assert sign_in(client, "marge@example.com", PASSWORD).status_code == 200
