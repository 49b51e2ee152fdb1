"""Routes for signing in and out, registering, tokens, passwords, and the account of the caller."""

from flask import after_this_request, current_app, g

from app.actors import STAFF, Role
from app.blueprints.auth import bp, queries, services
from app.blueprints.auth.schemas import (
    KeySetOut,
    MeOut,
    PasswordChange,
    Refresh,
    Registered,
    Registration,
    SignedIn,
    SignIn,
)
from app.blueprints.customers.queries import customers
from app.errors import (
    EmailTaken,
    InvalidToken,
    PreconditionFailed,
    TooManyAttempts,
    WrongCredentials,
    WrongPassword,
)
from app.web.auth import access_token, anonymous, callers_address, device, key_ring, requires
from app.web.caching import cached
from app.web.declared import deprecated
from app.web.limits import reads, registrations, sign_ins, writes
from app.web.shapes import accepts, checks_if_match, refuses, returns

KEYS_KEPT_SECONDS = 300


@bp.post("/auth/login")
@sign_ins
@anonymous
@accepts(SignIn())
@returns(SignedIn(), replayed=False)
@refuses(WrongCredentials, TooManyAttempts)
def login(email, password):
    """Sign in with any account.

    Send the access token as `Authorization: Bearer <token>`; get the next pair of tokens with the
    refresh token at `POST /auth/refresh`. After five wrong passwords in a row, the next attempt must
    wait: first 30 seconds, then longer each time, up to 15 minutes.
    """
    return sign_in(email, password)


@bp.post("/customers/login")
@sign_ins
@anonymous
@accepts(SignIn())
@returns(SignedIn(), replayed=False)
@refuses(WrongCredentials, TooManyAttempts)
def login_customer(email, password):
    """Sign in as a customer; staff can't sign in here.

    Send the access token as `Authorization: Bearer <token>`; get the next pair of tokens with the
    refresh token at `POST /auth/refresh`. After five wrong passwords in a row, the next attempt must
    wait: first 30 seconds, then longer each time, up to 15 minutes.
    """
    return sign_in(email, password, (Role.CUSTOMER,))


@bp.post("/mechanics/login")
@sign_ins
@anonymous
@accepts(SignIn())
@returns(SignedIn(), replayed=False)
@refuses(WrongCredentials, TooManyAttempts)
def login_mechanic(email, password):
    """Sign in as a mechanic or manager; customers can't sign in here.

    Send the access token as `Authorization: Bearer <token>`; get the next pair of tokens with the
    refresh token at `POST /auth/refresh`. After five wrong passwords in a row, the next attempt must
    wait: first 30 seconds, then longer each time, up to 15 minutes.
    """
    return sign_in(email, password, STAFF)


@bp.post("/auth/register")
@deprecated("/customers")
@registrations
@anonymous
@accepts(Registration())
@returns(Registered(), 201, location="/customers/{customer[id]}", replayed=False)
@refuses(EmailTaken)
def register(**facts):
    """Create a customer with an account, and sign in.

    This path is deprecated: open the account with `POST /customers`, and sign in with
    `POST /auth/login`.
    """
    actor, refresh_token = services.register(
        **facts, from_address=callers_address(), user_agent=device()
    )
    customer = customers.just_taken_in(actor, actor.customer_id)
    return signed_in(actor, refresh_token) | {"customer": customer}


@bp.post("/auth/refresh")
@writes
@anonymous
@accepts(Refresh())
@returns(SignedIn(), replayed=False)
@refuses(InvalidToken)
def refresh(refresh_token):
    """Get a new access token and a new refresh token.

    Use each refresh token only once. A second use ends the session, because the token may have been
    stolen. Only within 10 seconds does a second use succeed, for a client that lost the first response:
    it gets the same new refresh token again.
    """
    keys = current_app.config["SECRET_KEYS"]
    return signed_in(*services.refresh(refresh_token=refresh_token, keys=keys))


@bp.post("/auth/logout")
@writes
@requires()
@returns(None, 204)
def logout():
    """Sign out: end this session.

    Its access token and its refresh token become invalid at once.
    """
    services.sign_out(g.actor)


@bp.post("/auth/logout-all")
@writes
@requires()
@returns(None, 204)
def logout_all():
    """Sign out everywhere: end all sessions of this account.

    Use this, for example, when a phone is lost.
    """
    services.sign_out_everywhere(g.actor)


@bp.put("/auth/password")
@sign_ins
@requires()
@checks_if_match
@accepts(PasswordChange())
@returns(None, 204, replayed=False)
@refuses(WrongPassword, TooManyAttempts)
def change_password(if_match, **passwords):
    """Change your password, and end all your other sessions.

    A password has no version: any `If-Match` other than `*` is answered with 412.
    """
    if if_match is not None:
        raise PreconditionFailed()
    services.change_password(g.actor, **passwords, from_address=callers_address())


@bp.get("/auth/me")
@reads
@requires()
@cached("accounts", "customers", "mechanics", "workloads")
@returns(MeOut())
def me():
    """Show your account, and the customer or mechanic that it belongs to.

    A front end can start here: `role` says which operations to offer, `profile` has the person's name,
    and `currency` is the currency of every `*_cents`.
    """
    return queries.me(g.actor) | {"currency": current_app.config["CURRENCY"]}


@bp.get("/.well-known/jwks.json")
@anonymous
@returns(KeySetOut())
def keys():
    """Show the public keys for verifying access tokens (RFC 7517).

    A token names its key in `kid`. The list is empty if tokens are signed with a secret (HS256).
    """

    @after_this_request
    def may_be_kept(answer):
        answer.cache_control.public, answer.cache_control.max_age = True, KEYS_KEPT_SECONDS
        return answer

    return {"keys": key_ring().shown()}


def sign_in(email, password, as_role=()):
    actor, refresh_token = services.sign_in(
        email=email,
        password=password,
        as_role=as_role,
        from_address=callers_address(),
        user_agent=device(),
    )
    return signed_in(actor, refresh_token)


def signed_in(actor, refresh_token):
    token = access_token(actor)
    return {
        "access_token": token,
        "token": token,
        "token_type": "Bearer",
        "expires_in": int(current_app.config["TOKEN_TTL"].total_seconds()),
        "refresh_token": refresh_token,
        "account": queries.account(actor),
        "currency": current_app.config["CURRENCY"],
    }
