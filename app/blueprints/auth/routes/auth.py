"""Signing in, staying signed in, signing out."""

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

    The access token goes into `Authorization: Bearer`; the refresh token gets the next pair.
    After five wrong passwords the next try waits, longer each time and never for good.
    """
    return sign_in(email, password)


@bp.post("/customers/login")
@sign_ins
@anonymous
@accepts(SignIn())
@returns(SignedIn(), replayed=False)
@refuses(WrongCredentials, TooManyAttempts)
def login_customer(email, password):
    """Sign in as a customer; staff are refused here.

    The access token goes into `Authorization: Bearer`; the refresh token gets the next pair.
    After five wrong passwords the next try waits, longer each time and never for good.
    """
    return sign_in(email, password, (Role.CUSTOMER,))


@bp.post("/mechanics/login")
@sign_ins
@anonymous
@accepts(SignIn())
@returns(SignedIn(), replayed=False)
@refuses(WrongCredentials, TooManyAttempts)
def login_mechanic(email, password):
    """Sign in as one of the staff; customers are refused here.

    The access token goes into `Authorization: Bearer`; the refresh token gets the next pair.
    After five wrong passwords the next try waits, longer each time and never for good.
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
    """Open a customer account and sign in at once.

    An older path: POST /customers makes the account, POST /auth/login signs in.
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
    """Get the next pair of tokens.

    Each refresh token counts once, because a second use may be a thief's: it ends the session. Only
    within 10 seconds it is answered with the same next one, for a client that lost it on the way.
    """
    keys = current_app.config["SECRET_KEYS"]
    return signed_in(*services.refresh(refresh_token=refresh_token, keys=keys))


@bp.post("/auth/logout")
@writes
@requires()
@returns(None, 204)
def logout():
    """Sign out: this session ends at once.

    Its access token and its refresh token are worth nothing from then on.
    """
    services.sign_out(g.actor)


@bp.post("/auth/logout-all")
@writes
@requires()
@returns(None, 204)
def logout_all():
    """Sign out everywhere: every session of this account ends at once.

    For whoever has lost a phone.
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
    """Change your password; every other session of the account ends.

    A password has no version: any If-Match but `*` is overtaken.
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
    """Show who you are: the account, and the customer or mechanic behind it.

    Where a front end begins: `role` says what to offer, `profile` whom to greet, and `currency` what
    every `*_cents` counts.
    """
    return queries.me(g.actor) | {"currency": current_app.config["CURRENCY"]}


@bp.get("/.well-known/jwks.json")
@anonymous
@returns(KeySetOut())
def keys():
    """Show the public keys that access tokens can be verified with (RFC 7517).

    A token names its key in `kid`. There are none where tokens are signed with a secret (HS256).
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
