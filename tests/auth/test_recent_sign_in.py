"""To erase or move one's own account takes a session begun within the last 10 minutes (RFC 9470)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.clock import utc_now
from app.database.session import db
from app.errors import SignInAgain
from app.models import Session
from tests.factories import PASSWORD, a_customer, a_manager, a_mechanic

ALICE = "alice@example.com"
MOVED = {"email": "moved@example.com"}


def begin_earlier(seconds):
    """Move the beginning of every session back, as if so much time had passed."""
    begun = utc_now() - timedelta(seconds=seconds)
    db.session.execute(update(Session).values(created_at=begun))
    db.session.commit()


@pytest.fixture(params=[a_customer, a_mechanic, a_manager], ids=lambda each: each.__name__)
def person(request):
    if request.param is a_manager:
        a_manager(password=PASSWORD)  # so that the other one isn't the last
    return request.param(password=PASSWORD, email=ALICE)


def own(person):
    return f"/{person.__tablename__}/{person.id}"


def refused(answer):
    return (answer.status_code, answer.json["code"]) == (401, "insufficient_user_authentication")


def test_an_old_session_cannot_move_its_account(as_, client, person):
    alice = as_(person)
    begin_earlier(SignInAgain.max_age + 1)

    answer = alice.patch(own(person), json=MOVED)

    assert refused(answer)
    challenge = answer.headers["WWW-Authenticate"]
    assert 'error="insufficient_user_authentication"' in challenge
    assert f'max_age="{SignInAgain.max_age}"' in challenge
    assert alice.patch(own(person), json={"email": ALICE, "phone": "0301234567"}).status_code == 200
    again = client.post("/auth/login", json={"email": ALICE, "password": PASSWORD}).json
    header = {"Authorization": f"Bearer {again['access_token']}"}
    assert client.patch(own(person), json=MOVED, headers=header).json["email"] == MOVED["email"]


def test_a_recent_session_may(as_, person):
    alice = as_(person)
    begin_earlier(SignInAgain.max_age - 60)

    assert alice.patch(own(person), json=MOVED).status_code == 200


@pytest.mark.parametrize("path", ["/customers/", "/customers/{id}"])
def test_an_old_session_cannot_erase_its_customer(as_, path):
    customer = a_customer(password=PASSWORD)
    alice = as_(customer)
    path = path.format(id=customer.id)
    begin_earlier(SignInAgain.max_age + 1)

    assert refused(alice.delete(path))
    begin_earlier(0)
    assert alice.delete(path).status_code == 204


def test_an_old_session_cannot_delete_its_manager(as_):
    a_manager(password=PASSWORD)
    dana = a_manager(password=PASSWORD)
    session = as_(dana)
    begin_earlier(SignInAgain.max_age + 1)

    assert refused(session.delete(own(dana)))
    begin_earlier(0)
    assert session.delete(own(dana)).status_code == 204


def test_a_refresh_is_no_sign_in(client):
    made = {"name": "Alice", "email": ALICE, "password": PASSWORD}
    begun = client.post("/auth/register", json=made).json
    begin_earlier(SignInAgain.max_age + 1)
    token = client.post("/auth/refresh", json={"refresh_token": begun["refresh_token"]}).json
    header = {"Authorization": f"Bearer {token['access_token']}"}

    assert refused(client.put("/customers/", json=MOVED, headers=header))


def test_what_is_done_to_others_takes_no_recent_sign_in(as_):
    dana, customer, mechanic = as_(a_manager()), a_customer(password=PASSWORD), a_mechanic()
    begin_earlier(SignInAgain.max_age + 1)

    assert dana.patch(own(customer), json=MOVED).status_code == 200
    assert dana.delete(own(customer)).status_code == 204
    assert dana.patch(own(mechanic), json={"email": "m@example.com"}).status_code == 200
    assert dana.delete(own(mechanic)).status_code == 204
