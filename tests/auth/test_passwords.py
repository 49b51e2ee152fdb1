"""Which passwords may be chosen, and how many are hashed at once."""

from threading import Event, Thread

import pytest

from app import passwords
from app.cli.managers import create_manager
from app.database.session import db
from app.models import Account, Mechanic, SignInAttempts
from app.passwords.common import is_common
from tests.auth.door import bearing, sign_in
from tests.factories import PASSWORD, a_customer, a_manager, a_mechanic, a_walk_in

COMMON = ["password", "12345678", "QWERTYUIOP", "iLoveYou", " password1 ", "Football1"]
SAID = {"name": "Alice", "email": "alice@example.com"}
OTHERS = [
    "a long enough password",
    "securepass123",
    "correct horse battery staple",
    "пароль-длинный",
]


def refused_at(answer, pointer):
    assert answer.status_code == 422, answer.text
    [error] = answer.json["errors"]
    assert error["pointer"] == pointer
    return error["detail"]


def change(client, signed_in, new):
    said = {"current_password": PASSWORD, "new_password": new}
    return client.put("/auth/password", json=said, headers=bearing(signed_in["access_token"]))


@pytest.mark.parametrize("password", COMMON)
@pytest.mark.parametrize("path", ["/customers", "/auth/register"])
def test_nobody_opens_an_account_with_a_password_that_is_tried_first(client, path, password):
    answer = client.post(path, json=SAID | {"password": password})

    assert "common" in refused_at(answer, "/password")
    assert db.session.scalar(db.select(db.func.count(Account.id))) == 0


@pytest.mark.parametrize("path", ["/customers", "/mechanics"])
def test_nor_is_anybody_taken_in_or_hired_with_one(as_, path):
    answer = as_(a_manager()).post(path, json=SAID | {"password": "password1"})

    assert "common" in refused_at(answer, "/password")


@pytest.mark.parametrize(
    ("path", "somebody"), [("/customers", a_walk_in), ("/mechanics", a_mechanic)]
)
def test_nor_is_anybody_given_one_later(as_, path, somebody):
    at = f"{path}/{somebody(email='alice@example.com').id}"

    for password in ("password1", "alice@example.com"):
        answer = as_(a_manager()).patch(at, json={"password": password})
        assert refused_at(answer, "/password")


def test_nor_does_anybody_change_to_one(client):
    signed_in = sign_in(client, a_customer(PASSWORD)).json

    assert "common" in refused_at(change(client, signed_in, "Password1"), "/new_password")


@pytest.mark.parametrize("password", ["wanda.driver@example.com", "Wanda.Driver", "WANDA.DRIVER "])
def test_an_address_or_the_name_in_it_is_no_password(client, password):
    said = {"name": "Wanda", "email": "wanda.driver@example.com"}
    for path in ("/customers", "/auth/register"):
        answer = client.post(path, json=said | {"password": password})
        assert "address" in refused_at(answer, "/password")
    signed_in = sign_in(client, a_customer(PASSWORD, **said)).json
    assert "address" in refused_at(change(client, signed_in, password), "/new_password")


def test_a_new_password_that_is_refused_counts_as_no_guess(client):
    alice = a_customer(PASSWORD, email="wanda.driver@example.com")
    signed_in = sign_in(client, alice).json
    for password in ("password1", "wanda.driver") * 4:
        assert change(client, signed_in, password).status_code == 422

    assert change(client, signed_in, "another long password").status_code == 204


@pytest.mark.parametrize("password", OTHERS)
def test_any_other_is_welcome(client, password):
    assert client.post("/customers", json=SAID | {"password": password}).status_code == 201
    assert client.post("/auth/login", json=SAID | {"password": password}).status_code == 422
    said = {"email": SAID["email"], "password": password}
    assert client.post("/auth/login", json=said).status_code == 200


def test_whoever_has_a_common_one_still_signs_in(client):
    alice = a_customer()
    kept = {"password_hash": passwords.hasher.hash("password")}
    db.session.execute(db.update(Account).values(kept))
    db.session.commit()

    assert sign_in(client, alice, password="password").status_code == 200


@pytest.mark.parametrize("password", ["password1", "first.manager"])
def test_a_manager_from_the_command_line_is_told_so(app, password):
    options = ["--email", "first.manager@example.com", "--name", "Marge", "--password-stdin"]
    result = app.test_cli_runner().invoke(create_manager, options, input=password + "\n")

    assert result.exit_code == 1
    assert "That does not fit" in result.output
    assert db.session.scalar(db.select(db.func.count(Mechanic.id))) == 0


def test_the_list_is_long_and_knows_no_case():
    assert all(map(is_common, COMMON))
    assert not any(is_common(word) for word in (*OTHERS, "password of mine", ""))


# How many at once


@pytest.fixture
def a_full_line():
    """As many as may be inside are inside."""
    places = passwords.AT_ONCE + passwords.WAITING
    for _ in range(places):
        passwords._inside.acquire(blocking=False)
    yield
    for _ in range(places):
        passwords._inside.release()


def test_whoever_finds_no_place_is_told_to_come_back_and_not_counted(client, as_, a_full_line):
    alice = a_customer()
    answers = [sign_in(client, alice), sign_in(client, alice, "/mechanics/login")]
    answers.append(client.post("/customers", json=SAID | {"password": PASSWORD}))
    said = {"current_password": PASSWORD, "new_password": "another long password"}
    answers.append(as_(alice).put("/auth/password", json=said))

    for answer in answers:
        assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
        assert answer.headers["Retry-After"] == "1"
    assert db.session.scalar(db.select(db.func.count()).select_from(SignInAttempts)) == 0


def test_a_place_is_given_back_whatever_comes_of_it(client):
    alice = a_customer(PASSWORD)
    for n in range(passwords.AT_ONCE + passwords.WAITING + 1):
        assert sign_in(client, alice, password=f"wrong {n}").status_code in (401, 429)
        refused = client.post("/customers", json=SAID | {"password": SAID["email"]})
        assert refused.status_code == 422


def test_who_waits_for_a_turn_holds_no_connection(app, as_, client, monkeypatch):
    """On SQLite a writer that waits would make every other wait; on PostgreSQL connections run out."""
    alice, marge = a_customer(PASSWORD), a_manager()
    requests = [
        lambda: sign_in(client, alice),
        lambda: client.post("/customers", json=SAID | {"password": PASSWORD}),
        lambda: as_(marge).post(
            "/customers",
            json=SAID | {"email": "bob@example.com", "password": PASSWORD},
            headers={"Idempotency-Key": "once"},
        ),
        lambda: as_(alice).put(
            "/auth/password",
            json={"current_password": PASSWORD, "new_password": "another long password"},
        ),
    ]
    held = []

    class Watched:
        def __enter__(self):
            held.append(db.engine.pool.checkedout())

        def __exit__(self, *_):
            pass

    db.session.remove()
    monkeypatch.setattr(passwords, "_at_work", Watched())
    assert [request().status_code for request in requests] == [200, 201, 201, 204]
    assert held == [0] * 5


def test_four_are_hashed_at_once_and_no_more():
    at_work, four, five, over = [], Event(), Event(), Event()

    def turn():
        with passwords.hashing_slot():
            at_work.append(1)
            (
                four if len(at_work) == passwords.AT_ONCE else five if four.is_set() else Event()
            ).set()
            over.wait(5)

    crowd = [Thread(target=turn) for _ in range(2 * passwords.AT_ONCE)]
    for each in crowd:
        each.start()
    assert four.wait(5)
    assert not five.wait(0.3)
    over.set()
    for each in crowd:
        each.join(5)
    assert len(at_work) == 2 * passwords.AT_ONCE
