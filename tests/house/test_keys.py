"""Keys can be changed: what the old one signed is good until it leaves the ring, and not a moment longer."""

import base64
import hashlib
import json

import jwt
import pytest

import config
from app.database.session import db
from app.models import Part, Session
from app.web.keys import KeyRing
from tests.auth.door import bearing, is_in, let_the_grace_pass, refresh, sign_in
from tests.factories import PASSWORD, a_customer, a_manager, signed_in, token_of
from tests.house.test_config import PEM, assert_one_line, read
from tests.house.test_config_of_production import PRODUCTION
from tests.keys import a_key_pair
from tests.web.second_shop import second_shop

pytestmark = pytest.mark.one_database

OLD = "an old secret for the tests that is long enough"
NEW = "a new secret for the tests that is as long"
# The three steps: it is accepted everywhere, then it signs, then the old one goes.
BEFORE, ACCEPTED, SIGNS, AFTER = (
    {"SECRET_KEY": OLD},
    {"SECRET_KEY": OLD, "SECRET_KEYS_ACCEPTED": NEW},
    {"SECRET_KEY": NEW, "SECRET_KEYS_ACCEPTED": OLD},
    {"SECRET_KEY": NEW},
)
SIDE_BY_SIDE = [(BEFORE, ACCEPTED), (ACCEPTED, SIGNS), (SIGNS, ACCEPTED), (SIGNS, AFTER)]
KEY = {"Idempotency-Key": "once"}
OF_NO_KNOWN_KIND = "-----BEGIN PUBLIC KEY-----\nMAswBQYDKgMEAwIAAA==\n-----END PUBLIC KEY-----"


def ring(**environ):
    return KeyRing(config.read({"FLASK_ENV": "testing"} | environ))


def a_ring_of_pairs(*accepted, alg="RS256"):
    private, public = a_key_pair()
    others = {"JWT_PUBLIC_KEYS_ACCEPTED": "\\n".join(accepted)}
    return {"JWT_ALG": alg, "JWT_PRIVATE_KEY": private, "JWT_PUBLIC_KEY": public} | others


def test_a_token_names_the_key_that_signed_it(app):
    header = jwt.get_unverified_header(token_of(a_customer()))

    assert header["kid"] == ring(SECRET_KEY=app.config["SECRET_KEY"]).current.kid
    assert header["kid"] != ring(SECRET_KEY=NEW).current.kid


def test_the_name_of_a_secret_is_the_same_wherever_it_stands():
    assert list(ring(**ACCEPTED).by_kid) == list(reversed(ring(**SIGNS).by_kid))
    assert len(ring(SECRET_KEY=OLD, SECRET_KEYS_ACCEPTED=f" {OLD}, {NEW},{NEW}").by_kid) == 2


@pytest.mark.parametrize(("here", "there"), SIDE_BY_SIDE)
def test_each_step_reads_what_the_step_beside_it_signs(app, settings, here, there):
    alice = a_customer(PASSWORD)
    with second_shop(settings, **here) as one, second_shop(settings, **there) as other:
        one, other = one.test_client(), other.test_client()
        ours, theirs = sign_in(one, alice).json, sign_in(other, alice).json
        assert is_in(other, ours)
        assert is_in(one, theirs)


def test_a_key_that_has_left_the_ring_opens_nothing(app, settings):
    alice = a_customer(PASSWORD)
    with second_shop(settings, **BEFORE) as shop:
        signed_in = sign_in(shop.test_client(), alice).json
    with second_shop(settings, **AFTER) as shop:
        assert not is_in(shop.test_client(), signed_in)
        assert refresh(shop.test_client(), signed_in["refresh_token"]).status_code == 200


def test_a_token_that_names_another_key_of_the_ring_than_its_own_is_refused(app, settings):
    with second_shop(settings, **ACCEPTED) as shop:
        claims = jwt.decode(token_of(a_customer()), options={"verify_signature": False})
        kids = list(shop.extensions["key_ring"].by_kid)
        for kid, key, status in ((kids[1], NEW, 200), (kids[1], OLD, 401), (kids[0], NEW, 401)):
            token = jwt.encode(claims, key, "HS256", {"typ": "at+jwt", "kid": kid})
            answer = shop.test_client().get("/auth/me", headers=bearing(token))
            assert answer.status_code == status


@pytest.mark.parametrize(("here", "there"), SIDE_BY_SIDE)
def test_a_retry_beside_it_acts_once(app, settings, here, there):
    marge = a_manager()
    with second_shop(settings, **here) as one, second_shop(settings, **there) as other:
        for first, then in ((one, other), (other, one)):
            said = {"name": f"Brake pad of {id(first)}", "price_cents": 900}
            headers = KEY | {"Idempotency-Key": f"once-{id(first)}"}
            with first.app_context():
                made = signed_in(first, marge).post("/inventory", json=said, headers=headers)
            with then.app_context():
                again = signed_in(then, marge).post("/inventory", json=said, headers=headers)
                other_act = signed_in(then, marge).post("/inventory", json={}, headers=headers)
            assert (again.status_code, again.data) == (201, made.data)
            assert other_act.status_code == 422
    assert db.session.scalar(db.select(db.func.count(Part.id))) == 2


@pytest.mark.parametrize(("here", "there"), [(ACCEPTED, SIGNS), (SIGNS, ACCEPTED)])
def test_a_lost_refresh_is_told_again_by_the_step_beside_it(app, settings, here, there):
    alice = a_customer(PASSWORD)
    with second_shop(settings, **here) as one, second_shop(settings, **there) as other:
        one, other = one.test_client(), other.test_client()
        first = sign_in(one, alice).json["refresh_token"]
        lost, told = (refresh(client, first).json["refresh_token"] for client in (one, other))
        assert told == lost
        assert refresh(other, told).status_code == 200
        let_the_grace_pass()
        assert refresh(other, first).status_code == 401
        assert db.session.get_one(Session, first.partition(".")[0]).ended_at


def test_pairs_of_keys_are_changed_alike(app, settings):
    alice = a_customer(PASSWORD)
    private, public = a_key_pair()
    newest = a_ring_of_pairs(public)
    steps = [
        newest
        | {"JWT_PRIVATE_KEY": private, "JWT_PUBLIC_KEY": public}
        | {"JWT_PUBLIC_KEYS_ACCEPTED": newest["JWT_PUBLIC_KEY"]},
        newest,
        newest | {"JWT_PUBLIC_KEYS_ACCEPTED": ""},
    ]
    with second_shop(settings, **steps[0]) as shop:
        signed_in = sign_in(shop.test_client(), alice).json
    for step, good in zip(steps, (True, True, False), strict=True):
        with second_shop(settings, **step) as shop:
            assert is_in(shop.test_client(), signed_in) is good


def test_the_key_set_shows_the_public_keys_of_the_ring_and_nothing_of_the_private(app, settings):
    (_, old), alice = a_key_pair(), a_customer(PASSWORD)
    with second_shop(settings, **a_ring_of_pairs(old)) as shop:
        answer = shop.test_client().get("/.well-known/jwks.json")
        token = sign_in(shop.test_client(), alice).json["access_token"]

    current, accepted = answer.json["keys"]
    for key in (current, accepted):
        assert key.keys() == {"kid", "kty", "use", "alg", "n", "e"}
        assert key["kid"] == thumbprint(key)
        assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")
    assert current["kid"] == jwt.get_unverified_header(token)["kid"] != accepted["kid"]
    verifies = jwt.PyJWK(current).key
    assert jwt.decode(token, verifies, ["RS256"], audience="mechanic-shop-api")["sub"]
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["ETag"]


def thumbprint(key):
    """RFC 7638, 3.1."""
    said = json.dumps({name: key[name] for name in ("e", "kty", "n")}, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(said.encode()).digest()).decode().rstrip("=")


def test_secrets_are_shown_to_nobody(client):
    answer = client.get("/.well-known/jwks.json")

    assert answer.json == {"keys": []}
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/.well-known/jwks.json", headers=tag).status_code == 304


@pytest.mark.parametrize("accepted", ["not PEM", PEM, OF_NO_KNOWN_KIND, f"{PEM} and {PEM}"])
def test_what_is_accepted_beside_a_pair_are_public_keys(accepted):
    private, public = a_key_pair()
    pair = {"JWT_ALG": "RS256", "JWT_PRIVATE_KEY": private, "JWT_PUBLIC_KEY": public}
    for wrong in (accepted, private):
        with pytest.raises(config.BadSetting) as refusal:
            read(**pair, JWT_PUBLIC_KEYS_ACCEPTED=wrong)
        assert_one_line(refusal, "JWT_PUBLIC_KEYS_ACCEPTED")

    assert len(read(**pair, JWT_PUBLIC_KEYS_ACCEPTED=f"{public}\n{public}")["JWT_PUBLIC_KEYS"]) == 3


def test_a_short_pair_is_no_pair_for_a_shop():
    private, public = a_key_pair(1024)
    with pytest.raises(config.BadSetting, match="1024 bits"):
        read(JWT_ALG="RS256", JWT_PRIVATE_KEY=private, JWT_PUBLIC_KEY=public)


@pytest.mark.parametrize("weak", ["x" * 31, f"{NEW},hunter2", "change-me" * 8])
def test_an_accepted_secret_is_no_weaker_than_the_one_that_signs(weak):
    with pytest.raises(config.BadSetting) as refusal:
        config.read(PRODUCTION | {"SECRET_KEYS_ACCEPTED": weak})

    assert_one_line(refusal, "SECRET_KEYS_ACCEPTED")
    assert "hunter2" not in str(refusal.value)
