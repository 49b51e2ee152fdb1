"""Access tokens with a flaw."""

import warnings

import jwt

from tests.factories import token_of

KEY = "a forged key that is as long as a key has to be for the longest of algorithms"


def forged(app, person, *, key=None, algorithm="HS256", typ="at+jwt", kid=None, **claims):
    """Return an access token like the shop's own, with this key, algorithm, headers or claims instead.

    A claim that is None is left out.
    """
    own = jwt.decode(token_of(person), options={"verify_signature": False}) | claims
    said = {name: value for name, value in own.items() if value is not None}
    key = None if algorithm == "none" else key or app.config["SECRET_KEY"]
    with warnings.catch_warnings(action="ignore", category=jwt.InsecureKeyLengthWarning):
        headers = {"typ": typ, "kid": kid or app.extensions["key_ring"].current.kid}
        return jwt.encode(said, key, algorithm=algorithm, headers=headers)
