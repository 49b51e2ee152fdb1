"""Functions that several tests use to sign in, refresh tokens and change passwords."""

from app.clock import utc_now
from app.database.session import db
from app.models import Session
from app.models.accounts import REFRESH_GRACE
from tests.factories import PASSWORD

LOGINS = ("/auth/login", "/customers/login", "/mechanics/login")


def sign_in(client, person, path="/auth/login", password=PASSWORD):
    db.session.remove()  # as between two requests in production
    return client.post(path, json={"email": person.email, "password": password})


def bearing(token):
    return {"Authorization": f"Bearer {token}"}


def is_in(client, signed_in):
    """Return whether the access token from this sign-in is still accepted."""
    return client.get("/auth/me", headers=bearing(signed_in["access_token"])).status_code == 200


def refresh(client, token):
    return client.post("/auth/refresh", json={"refresh_token": token})


def but_for_its_number(answer):
    """Return the body and the headers of an answer without its request id and `RateLimit`."""
    own = ("X-Request-ID", "RateLimit")
    headers = {name: value for name, value in answer.headers if name not in own}
    return answer.data.replace(answer.headers["X-Request-ID"].encode(), b"?"), headers


def let_the_grace_pass():
    db.session.execute(db.update(Session).values(rotated_at=utc_now() - 1.1 * REFRESH_GRACE))
    db.session.commit()


def from_address(shop, address):
    """Return a client that has this network address."""
    client = shop.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def change_password(client, signed_in, current, new="another long password"):
    db.session.remove()
    said = {"current_password": current, "new_password": new}
    return client.put("/auth/password", json=said, headers=bearing(signed_in["access_token"]))
