"""Authentication by bearer tokens (RFC 6750).

A token only names a session. For each request it is found out whether the session is still live, and
which role the person has now: see arrivals.py.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache, wraps

import jwt
from flask import Flask, current_app, g, request

from app.actors import Actor, Role
from app.addresses import household
from app.errors import Forbidden, InvalidToken, Unauthenticated
from app.web.declared import declare
from app.web.keys import KeyRing

ISSUER, AUDIENCE, KIND = "mechanic-shop", "mechanic-shop-api", "at+jwt"
LEEWAY = 5  # seconds by which the clocks of two machines may differ
OVER = "The session of this token has ended, or its role has changed; refresh it, or sign in again."
CLAIMS = ["iss", "aud", "sub", "sid", "role", "iat", "exp"]


LookUp = Callable[[str], Actor | None]  # from the id of a session


def init_app(app: Flask, actor_in_act: LookUp) -> None:
    """Make the keys of access tokens; set the look-up of the actor in an act.

    `actor_in_act` takes the id of a session and returns its Actor, or None. It is called before a view
    that may write; it also locks the session.
    """
    app.extensions["key_ring"] = KeyRing(app.config)
    app.extensions["actor_in_act"] = actor_in_act


def demand_the_same_actor() -> None:
    """Raise InvalidToken if the caller's session has ended since the request arrived.

    Raise it also if the caller's role has changed since then. The session is locked, so that it can't be
    ended before this transaction ends. The routes of the `auth` blueprint end sessions themselves, so
    they are not checked.
    """
    if g.actor is None or request.blueprint == "auth":
        return
    if current_app.extensions["actor_in_act"](g.actor.session_id) != g.actor:
        raise InvalidToken(OVER)


def access_token(actor: Actor) -> str:
    """Return a signed access token (RFC 9068) for the actor's session, valid for TOKEN_TTL."""
    issued = datetime.now(UTC)
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(actor.account_id),
        "sid": actor.session_id,
        "role": actor.role,
        "iat": issued,
        "exp": issued + current_app.config["TOKEN_TTL"],
    }
    ring = key_ring()
    headers = {"typ": KIND, "kid": ring.current.kid}
    return jwt.encode(claims, ring.signs, algorithm=ring.current.algorithm, headers=headers)


def key_ring() -> KeyRing:
    return current_app.extensions["key_ring"]


def session_of(header: str) -> str:
    """Return the session's id from an Authorization header; raise InvalidToken if the token is invalid."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise InvalidToken("Send `Authorization: Bearer <token>`.")
    try:
        session_id, expires = _verified(key_ring(), token.strip())
    except (jwt.InvalidTokenError, ValueError):
        raise InvalidToken() from None
    if expires + LEEWAY <= time.time():
        raise InvalidToken()
    return session_id


@lru_cache(maxsize=1024)
def _verified(ring: KeyRing, token: str) -> tuple[str, int]:
    """Verify a token with the keys in `ring`; return `(session id, expiry in seconds since 1970)`.

    Raise InvalidToken, jwt.InvalidTokenError or ValueError for a bad token. Results are cached, because
    verifying is slow. A token may expire while its result is cached, so the calling function has to
    compare the expiry with the current time.
    """
    key = ring.by_kid.get(jwt.get_unverified_header(token).get("kid", ""))
    if key is None:
        raise InvalidToken()
    decoded = jwt.decode_complete(
        token,
        key.verifies,
        algorithms=[key.algorithm],
        audience=AUDIENCE,
        issuer=ISSUER,
        leeway=LEEWAY,
        options={"require": CLAIMS},
    )
    claims = decoded["payload"]
    if decoded["header"].get("typ") != KIND or not isinstance(claims["sid"], str):
        raise InvalidToken()
    return claims["sid"], int(claims["exp"])


def device() -> str | None:
    """Return the printable characters of the User-Agent header, at most 200; None if there are none."""
    said = "".join(filter(str.isprintable, request.user_agent.string))
    return said.strip()[:200].strip() or None


def callers_address() -> str:
    """Return the caller's network address, for counting requests: IPv4, or a /64 network for IPv6."""
    return household(request.remote_addr)


def requires(*roles: Role):
    """Return a decorator that admits only callers with one of these `roles`.

    Without roles, every signed-in caller is admitted. Other callers are refused: without a token by
    Unauthenticated, with an invalid token by InvalidToken, with another role by Forbidden.
    """

    def decorate(view):
        @wraps(view)
        def guarded(*args, **kwargs):
            _refuse_bad_token()
            if g.actor is None:
                raise Unauthenticated()
            if roles and g.actor.role not in roles:
                raise Forbidden(f"Only a {' or '.join(roles)} may do this.")
            return view(*args, **kwargs)

        return declare(guarded, roles=roles or tuple(Role), is_for_all_roles=not roles)

    return decorate


def public(view):
    """Decorate a view to admit every caller, signed in or not; an invalid token is still refused."""

    @wraps(view)
    def open_to_all(*args, **kwargs):
        _refuse_bad_token()
        return view(*args, **kwargs)

    return declare(open_to_all, roles=())


def anonymous(view):
    """Decorate a view to admit every caller without reading the token.

    So an invalid token in the request, such as an expired one, does not prevent a sign-in.
    """
    return declare(view, roles=(), identifies=False)


def _refuse_bad_token():
    if g.token_problem is not None:
        raise g.token_problem
