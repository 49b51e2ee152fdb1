"""Signing in, staying signed in, and signing out: what a session gives and when it ends."""

import warnings

import jwt
import pytest

from app.extensions import db
from app.models import Session, SignInAttempts
from app.models.accounts import REFRESH_GRACE
from app.moments import now
from tests.factories import PASSWORD, a_customer, a_manager, a_mechanic, token_of

LOGINS = ("/auth/login", "/customers/login", "/mechanics/login")


def sign_in(client, person, path="/auth/login", password=PASSWORD):
    db.session.remove()  # as between two requests in production
    return client.post(path, json={"email": person.email, "password": password})


def bearing(token):
    return {"Authorization": f"Bearer {token}"}


def is_in(client, signed_in):
    """Whether this answer to a sign-in still opens the door."""
    return client.get("/auth/me", headers=bearing(signed_in["access_token"])).status_code == 200


def refresh(client, token):
    return client.post("/auth/refresh", json={"refresh_token": token})


def without_request_id(answer):
    headers = {name: value for name, value in answer.headers if name != "X-Request-ID"}
    return answer.data.replace(answer.headers["X-Request-ID"].encode(), b"?"), headers


def let_the_grace_pass():
    db.session.execute(db.update(Session).values(rotated_at=now() - 1.1 * REFRESH_GRACE))
    db.session.commit()


# Signing in


def test_alice_signs_in_and_is_told_who_she_is(client):
    alice = a_customer(PASSWORD, name="Alice", email="alice@example.com")

    answer = sign_in(client, alice)

    assert answer.status_code == 200
    told = answer.json
    assert told["token"] == told["access_token"]
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 3600)
    assert told["account"].pop("created_at").endswith("Z")
    assert told["account"] == {
        "id": alice.account_id,
        "email": "alice@example.com",
        "role": "customer",
        "name": "Alice",
        "customer_id": alice.id,
        "mechanic_id": None,
    }


@pytest.mark.parametrize(
    ("somebody", "role"),
    [(a_mechanic, "mechanic"), (a_manager, "manager"), (a_customer, "customer")],
)
def test_anybody_signs_in_at_auth_login(client, somebody, role):
    assert sign_in(client, somebody(PASSWORD)).json["account"]["role"] == role


@pytest.mark.parametrize(
    ("somebody", "opens", "stays_shut"),
    [
        (a_customer, "/customers/login", "/mechanics/login"),
        (a_mechanic, "/mechanics/login", "/customers/login"),
        (a_manager, "/mechanics/login", "/customers/login"),
    ],
)
def test_each_kind_has_a_door_and_the_other_stays_shut(client, somebody, opens, stays_shut):
    person = somebody(PASSWORD)

    assert sign_in(client, person, opens).status_code == 200
    refused = sign_in(client, person, stays_shut)
    assert (refused.status_code, refused.json["code"]) == (401, "wrong_credentials")


def test_the_older_login_is_the_customers(client):
    assert sign_in(client, a_customer(PASSWORD), "/login").status_code == 200
    assert sign_in(client, a_mechanic(PASSWORD), "/login").status_code == 401


def test_an_address_is_the_same_in_any_case(client):
    a_customer(PASSWORD, email="alice@example.com")
    said = {"email": " Alice@Example.COM ", "password": PASSWORD}

    assert client.post("/auth/login", json=said).status_code == 200


def test_signing_in_does_not_mind_a_stale_token(client):
    said = {"email": a_customer(PASSWORD).email, "password": PASSWORD}

    assert client.post("/auth/login", json=said, headers=bearing("stale")).status_code == 200


@pytest.mark.parametrize("path", LOGINS)
def test_a_wrong_password_and_an_unknown_address_sound_the_same(client, path):
    alice = a_customer(PASSWORD)

    wrong = sign_in(client, alice, path, "not her password")
    unknown = client.post(path, json={"email": "nobody@example.com", "password": PASSWORD})

    assert wrong.status_code == unknown.status_code == 401
    assert without_request_id(wrong) == without_request_id(unknown)
    assert "WWW-Authenticate" in wrong.headers


def test_the_wrong_door_sounds_like_a_wrong_password(client):
    alice = a_customer(PASSWORD)

    wrong_door = sign_in(client, alice, "/mechanics/login")
    wrong_password = sign_in(client, alice, "/mechanics/login", "not her password")

    assert without_request_id(wrong_door) == without_request_id(wrong_password)


@pytest.mark.parametrize(
    "said", [{}, {"email": "a@b.co"}, {"password": "x"}, {"email": 1, "password": 2}]
)
def test_half_a_sign_in_is_no_sign_in(client, said):
    assert client.post("/auth/login", json=said).status_code == 422


# Who am I


def test_me_is_the_account_and_the_customer_behind_it(as_):
    alice = a_customer(name="Alice", phone="555-0100")

    me = as_(alice).get("/auth/me").json

    assert (me["role"], me["customer_id"], me["mechanic_id"]) == ("customer", alice.id, None)
    assert (me["profile"]["id"], me["profile"]["phone"]) == (alice.id, "555-0100")


def test_me_is_the_account_and_the_mechanic_behind_it(as_):
    bob = a_mechanic(name="Bob", specialty="Brakes")

    me = as_(bob).get("/auth/me").json

    assert (me["role"], me["customer_id"], me["mechanic_id"]) == ("mechanic", None, bob.id)
    assert (me["profile"]["id"], me["profile"]["specialty"]) == (bob.id, "Brakes")


def test_customer_one_is_not_mechanic_one(as_):
    alice, bob = a_customer(), a_mechanic()

    assert alice.account_id != bob.account_id
    assert as_(alice).get("/customers").status_code == 403


# Staying signed in


def test_a_refresh_token_gives_the_next_pair(client):
    first = sign_in(client, a_customer(PASSWORD)).json

    second = refresh(client, first["refresh_token"])

    assert second.status_code == 200
    assert second.json["refresh_token"] != first["refresh_token"]
    assert second.json["account"] == first["account"]
    assert is_in(client, second.json)


def test_a_refresh_token_used_twice_at_once_gives_the_same_follower(client):
    first = sign_in(client, a_customer(PASSWORD)).json["refresh_token"]

    once, again = refresh(client, first), refresh(client, first)

    assert again.status_code == 200
    assert again.json["refresh_token"] == once.json["refresh_token"]


def test_a_refresh_token_used_again_after_the_grace_ends_the_session(client):
    first = sign_in(client, a_customer(PASSWORD)).json
    second = refresh(client, first["refresh_token"]).json
    let_the_grace_pass()

    stolen = refresh(client, first["refresh_token"])

    assert (stolen.status_code, stolen.json["code"]) == (401, "invalid_token")
    assert refresh(client, second["refresh_token"]).status_code == 401
    assert not is_in(client, second)


def test_only_the_immediate_predecessor_has_a_grace(client):
    first = sign_in(client, a_customer(PASSWORD)).json
    second = refresh(client, first["refresh_token"]).json
    third = refresh(client, second["refresh_token"]).json

    assert refresh(client, first["refresh_token"]).status_code == 401
    assert refresh(client, third["refresh_token"]).status_code == 401


def test_a_theft_in_one_session_leaves_the_others_alone(client):
    alice = a_customer(PASSWORD)
    phone, laptop = sign_in(client, alice).json, sign_in(client, alice).json
    refresh(client, phone["refresh_token"])
    let_the_grace_pass()

    refresh(client, phone["refresh_token"])

    assert not is_in(client, phone)
    assert is_in(client, laptop)


def test_a_session_that_nobody_refreshed_in_time_is_over(client):
    signed_in = sign_in(client, a_customer(PASSWORD)).json
    db.session.execute(db.update(Session).values(expires_at=now()))
    db.session.commit()

    assert not is_in(client, signed_in)
    assert refresh(client, signed_in["refresh_token"]).status_code == 401


@pytest.mark.parametrize("token", ["", ".", "nonsense", "no.such", "a" * 5000, "\x00.\x00", "٣.٣"])
def test_a_refresh_token_that_never_was_is_refused(client, token):
    assert refresh(client, token).status_code in (401, 422)


def test_an_access_token_refreshes_nothing(client):
    signed_in = sign_in(client, a_customer(PASSWORD)).json

    assert refresh(client, signed_in["access_token"]).status_code == 401
    assert is_in(client, signed_in)


def test_refresh_tokens_are_not_kept_readable(client):
    session_id, _, secret = (
        sign_in(client, a_customer(PASSWORD)).json["refresh_token"].partition(".")
    )

    row = db.session.get_one(Session, session_id)
    assert secret not in (row.refresh_fingerprint, row.previous_fingerprint)
    db.session.rollback()


# Signing out


def test_signing_out_ends_this_session_at_once_and_no_other(client):
    alice = a_customer(PASSWORD)
    phone, laptop = sign_in(client, alice).json, sign_in(client, alice).json

    answer = client.post("/auth/logout", headers=bearing(phone["access_token"]))

    assert answer.status_code == 204
    assert not is_in(client, phone)
    assert refresh(client, phone["refresh_token"]).status_code == 401
    assert is_in(client, laptop)


def test_signing_out_everywhere_ends_every_session_of_the_account_and_of_no_other(client):
    alice, charlie = a_customer(PASSWORD), a_customer(PASSWORD)
    phone, laptop = sign_in(client, alice).json, sign_in(client, alice).json
    elsewhere = sign_in(client, charlie).json

    answer = client.post("/auth/logout-all", headers=bearing(phone["access_token"]))

    assert answer.status_code == 204
    assert not is_in(client, phone)
    assert not is_in(client, laptop)
    assert refresh(client, laptop["refresh_token"]).status_code == 401
    assert is_in(client, elsewhere)


# Another password


def change_password(client, signed_in, current, new="another long password"):
    db.session.remove()
    said = {"current_password": current, "new_password": new}
    return client.put("/auth/password", json=said, headers=bearing(signed_in["access_token"]))


def test_a_new_password_ends_every_other_session(client):
    alice = a_customer(PASSWORD)
    phone, laptop = sign_in(client, alice).json, sign_in(client, alice).json

    assert change_password(client, phone, PASSWORD).status_code == 204

    assert is_in(client, phone)
    assert not is_in(client, laptop)
    assert sign_in(client, alice).status_code == 401
    assert sign_in(client, alice, password="another long password").status_code == 200


def test_a_new_password_needs_the_current_one(client):
    alice = a_customer(PASSWORD)
    phone, laptop = sign_in(client, alice).json, sign_in(client, alice).json

    refused = change_password(client, phone, "not her password")

    assert (refused.status_code, refused.json["code"]) == (403, "wrong_password")
    assert is_in(client, laptop)
    assert sign_in(client, alice).status_code == 200


@pytest.mark.parametrize("new", ["", "1234567", "x" * 129, None, 12345678])
def test_a_new_password_has_eight_to_128_characters(client, new):
    signed_in = sign_in(client, a_customer(PASSWORD)).json

    assert change_password(client, signed_in, PASSWORD, new).status_code == 422


def test_guessing_the_current_password_is_slowed_like_signing_in(client):
    signed_in = sign_in(client, a_customer(PASSWORD)).json
    for _ in range(5):
        assert change_password(client, signed_in, "not her password").status_code == 403

    refused = change_password(client, signed_in, PASSWORD)

    assert (refused.status_code, refused.json["code"]) == (429, "too_many_attempts")


# Guessing


def guess(client, email, path="/auth/login"):
    db.session.remove()
    return client.post(path, json={"email": email, "password": "a wrong guess"})


def guess_five_times(client, email):
    assert [guess(client, email).status_code for _ in range(5)] == [401] * 5


def let_the_delay_pass():
    db.session.execute(db.update(SignInAttempts).values(blocked_until=now()))
    db.session.commit()


def delay(answer):
    assert (answer.status_code, answer.json["code"]) == (429, "too_many_attempts")
    return int(answer.headers["Retry-After"])


def test_after_five_wrong_passwords_even_the_right_one_must_wait(client):
    alice = a_customer(PASSWORD)
    guess_five_times(client, alice.email)

    assert 1 <= delay(sign_in(client, alice)) <= 30


def test_the_delay_grows_with_each_wrong_password(client):
    guess_five_times(client, "alice@example.com")
    delays = [delay(guess(client, "alice@example.com"))]
    for _ in range(3):
        let_the_delay_pass()
        assert guess(client, "alice@example.com").status_code == 401
        delays.append(delay(guess(client, "alice@example.com")))

    assert delays == sorted(set(delays))


def test_asking_during_the_delay_does_not_prolong_it(client):
    guess_five_times(client, "alice@example.com")
    first = delay(guess(client, "alice@example.com"))

    assert all(delay(guess(client, "alice@example.com")) <= first for _ in range(5))


def test_an_unknown_address_is_slowed_in_the_same_words(client):
    alice = a_customer(PASSWORD)
    answers = []
    for email in (alice.email, "nobody@example.com"):
        guess_five_times(client, email)
        answers.append(guess(client, email).json)

    for answer in answers:
        del answer["request_id"], answer["detail"]
    assert answers[0] == answers[1]


def test_one_address_is_slowed_and_another_is_not(client):
    charlie = a_customer(PASSWORD)
    guess_five_times(client, "alice@example.com")

    assert sign_in(client, charlie).status_code == 200


def test_every_door_counts_the_same_guesses_in_any_case(client):
    alice = a_customer(PASSWORD, email="alice@example.com")
    for path in (*LOGINS, "/login", "/api/auth/login"):
        assert guess(client, "ALICE@example.com", path).status_code == 401

    assert delay(sign_in(client, alice))


def test_nobody_is_locked_out_for_good(client):
    alice = a_customer(PASSWORD)
    guess_five_times(client, alice.email)
    db.session.execute(db.update(SignInAttempts).values(failures=100_000, blocked_until=now()))
    db.session.commit()

    assert guess(client, alice.email).status_code == 401
    assert delay(sign_in(client, alice)) <= 15 * 60
    let_the_delay_pass()
    assert sign_in(client, alice).status_code == 200


def test_the_right_password_after_the_delay_forgets_the_wrong_ones(client):
    alice = a_customer(PASSWORD)
    guess_five_times(client, alice.email)
    let_the_delay_pass()

    assert sign_in(client, alice).status_code == 200
    guess_five_times(client, alice.email)


# Tokens that open nothing

KEY = "a forged key that is as long as a key has to be for the longest of algorithms"


def forged(app, person, *, key=None, algorithm="HS256", typ="at+jwt", **claims):
    """A token like the shop's own, but for what is named; None leaves a claim out."""
    own = jwt.decode(token_of(person), options={"verify_signature": False}) | claims
    said = {name: value for name, value in own.items() if value is not None}
    with warnings.catch_warnings(action="ignore", category=jwt.InsecureKeyLengthWarning):
        key = key or app.config["SECRET_KEY"]
        return jwt.encode(said, key, algorithm=algorithm, headers={"typ": typ})


def is_refused(answer):
    assert (answer.status_code, answer.json["code"]) == (401, "invalid_token")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    return True


def test_a_token_made_like_the_shops_own_is_good(app, client):
    """Else the refusals below would prove nothing."""
    token = forged(app, a_customer())

    assert client.get("/auth/me", headers=bearing(token)).status_code == 200


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


def test_a_token_without_a_signature_is_refused(client):
    said = jwt.decode(token_of(a_manager()), options={"verify_signature": False})
    token = jwt.encode(said, None, algorithm="none", headers={"typ": "at+jwt"})

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
