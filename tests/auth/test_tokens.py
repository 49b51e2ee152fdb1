"""Tokens that open nothing."""

import hmac
import json
import time

import jwt
import pytest

from tests.auth.door import bearing, refresh, sign_in
from tests.factories import PASSWORD, a_customer, a_manager, a_mechanic, token_of
from tests.forgery import KEY, forged
from tests.keys import a_key_pair
from tests.web.second_shop import second_shop


def is_refused(answer):
    assert (answer.status_code, answer.json["code"]) == (401, "invalid_token")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    return True


def test_a_token_made_like_the_shops_own_is_good(app, client):
    """Else the refusals below would prove nothing."""
    token = forged(app, a_customer())

    assert client.get("/auth/me", headers=bearing(token)).status_code == 200


@pytest.mark.parametrize(("name", "seconds"), [("iat", 3), ("exp", -3)])
def test_the_clocks_of_two_machines_may_differ_by_a_little(app, client, name, seconds):
    token = forged(app, a_customer(), **{name: int(time.time()) + seconds})
    assert client.get("/auth/me", headers=bearing(token)).status_code == 200

    token = forged(app, a_customer(), **{name: int(time.time()) + 10 * seconds})
    assert is_refused(client.get("/auth/me", headers=bearing(token)))


@pytest.mark.parametrize(
    "flaw",
    [
        {"exp": None},
        {"exp": 1},
        {"iat": 2**33},
        {"iss": "another-shop"},
        {"aud": "another-api"},
        {"sid": "0" * 32},
        {"sid": 1},
        {"typ": "JWT"},
        {"typ": None},
        {"key": KEY},
        {"algorithm": "none"},
        {"kid": "0123456789abcdef"},
        {"algorithm": "HS384"},
        {"algorithm": "HS512"},
        {"iss": None},
        {"aud": None},
        {"sub": None},
        {"sid": None},
        {"role": None},
        {"iat": None},
    ],
    ids=str,
)
def test_a_token_with_one_flaw_is_refused(app, client, flaw):
    token = forged(app, a_customer(), **flaw)

    assert is_refused(client.get("/auth/me", headers=bearing(token)))


def test_a_token_whose_role_was_changed_is_refused(client):
    header, body, signature = token_of(a_customer()).split(".")
    said = jwt.utils.base64url_decode(body).replace(b'"customer"', b'"manager"')
    token = f"{header}.{jwt.utils.base64url_encode(said).decode()}.{signature}"

    assert is_refused(client.get("/customers", headers=bearing(token)))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer a.b.c",
        "Bearer ...",
        "Basic YTpi",
        "Bearer ä.b.c",
    ],
)
def test_what_is_no_bearer_token_is_refused(client, header):
    assert is_refused(client.get("/auth/me", headers={"Authorization": header}))


def test_a_bad_token_is_refused_even_where_none_is_needed(client):
    assert is_refused(client.get("/inventory", headers=bearing("stale")))
    assert client.get("/inventory").status_code == 200


def test_without_a_token_the_answer_says_how_to_bring_one(client):
    answer = client.get("/auth/me")

    assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_refresh_token_is_no_access_token(client):
    signed_in = sign_in(client, a_customer(PASSWORD)).json

    assert is_refused(client.get("/auth/me", headers=bearing(signed_in["refresh_token"])))


def test_a_deactivated_mechanic_is_out_at_once(client, as_):
    bob = a_mechanic(PASSWORD)
    signed_in = sign_in(client, bob).json

    as_(a_manager()).put(f"/mechanics/{bob.id}", json={"is_active": False})

    assert is_refused(client.get("/auth/me", headers=bearing(signed_in["access_token"])))
    assert refresh(client, signed_in["refresh_token"]).status_code == 401
    assert sign_in(client, bob).status_code == 401


def test_an_erased_customer_is_out_at_once(client, as_):
    alice = a_customer(PASSWORD)
    signed_in = sign_in(client, alice).json

    as_(a_manager()).delete(f"/customers/{alice.id}")

    assert is_refused(client.get("/auth/me", headers=bearing(signed_in["access_token"])))
    assert refresh(client, signed_in["refresh_token"]).status_code == 401


def test_with_a_key_pair_the_public_key_opens_nothing(app, settings):
    alice = a_customer(PASSWORD)
    private, public = a_key_pair()
    keys = {"JWT_ALG": "RS256", "JWT_PRIVATE_KEY": private, "JWT_PUBLIC_KEY": public}
    with second_shop(settings, **keys) as shop:
        client = shop.test_client()
        token = sign_in(client, alice).json["access_token"]
        assert jwt.get_unverified_header(token)["alg"] == "RS256"
        assert client.get("/auth/me", headers=bearing(token)).json["email"] == alice.email
        said = jwt.decode(token, options={"verify_signature": False})
        header, claims = (
            jwt.utils.base64url_encode(json.dumps(each).encode()).decode()
            for each in (jwt.get_unverified_header(token) | {"alg": "HS256"}, said)
        )
        signature = hmac.new(
            public.replace("\\n", "\n").encode(), f"{header}.{claims}".encode(), "sha256"
        ).digest()
        mixed_up = f"{header}.{claims}.{jwt.utils.base64url_encode(signature).decode()}"
        assert is_refused(client.get("/auth/me", headers=bearing(mixed_up)))
