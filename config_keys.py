"""The signing keys, from the environment; in development a key is made once and stored in a file."""

import contextlib
import os
import re
import secrets
import tempfile
from pathlib import Path

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

INSTANCE = Path(__file__).parent / "instance"
TRY_IT = "To try the shop: `python3 dev.py`, or FLASK_ENV=development."
REMEDY = 'Make one: python3 -c "import secrets; print(secrets.token_hex(32))"'
PEM = re.compile("-----BEGIN [A-Z ]+-----.+?-----END [A-Z ]+-----", re.DOTALL)
RSA_BITS = 2048
EXAMPLE_SECRETS = ("change-me", "changeme", "your-secret-key")


class BadSetting(Exception):
    """Raised when a setting is missing or wrong; the message names it and says what to do."""


def secret_of(given, environment):
    """Return SECRET_KEY; in production, raise BadSetting if it is missing or weak.

    `given` has the environment variables. In development, a missing key is made once and stored in a
    file; in tests, it is a new one each time.
    """
    secret = given.get("SECRET_KEY", "")
    if environment == "production":
        if not secret:
            raise BadSetting(f"SECRET_KEY is missing. {REMEDY} {TRY_IT}")
        return _no_weaker("SECRET_KEY", secret)
    return secret or (kept_key() if environment == "development" else secrets.token_hex(32))


def kept_key() -> str:
    """Return the key in instance/secret_key, made if missing; so tokens stay valid after a restart."""
    path = INSTANCE / "secret_key"
    try:
        with contextlib.suppress(FileNotFoundError):
            if key := path.read_text(encoding="utf-8").strip():
                return key
            path.unlink()
        INSTANCE.mkdir(mode=0o700, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=INSTANCE)
        with open(handle, "w", encoding="utf-8") as new:
            new.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
        os.unlink(name)
        return path.read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise BadSetting(f"{path} can't be written ({problem.strerror}): set SECRET_KEY.") from None


def accepted_secrets(given, secret, production):
    """Return the secrets in SECRET_KEYS_ACCEPTED, which only verify signatures and make no new ones.

    `secret`, the current one, is left out. In production, raise BadSetting for a weak secret. `given`
    has the environment variables.
    """
    name = "SECRET_KEYS_ACCEPTED"
    others = [other.strip() for other in given.get(name, "").split(",")]
    others = list(dict.fromkeys(other for other in others if other and other != secret))
    return [_no_weaker(name, other) for other in others] if production else others


def _no_weaker(name, secret):
    if len(secret.encode()) < 32:
        raise BadSetting(f"{name}: a key is shorter than 32 bytes. {REMEDY}")
    if any(word in secret.lower() for word in EXAMPLE_SECRETS) or len(set(secret)) < 8:
        raise BadSetting(f"{name}: that is an example key. {REMEDY}")
    return secret


def key_pairs(given):
    """Return the settings of JWT_ALG: HS256 signs with SECRET_KEY, RS256 with a key pair in PEM.

    Raise BadSetting if a key is missing, wrong or too short. `given` has the environment variables; a
    new line in a PEM may be written there as `\\n`.
    """
    if one_of(given, "JWT_ALG", ("HS256", "RS256"), "HS256") == "HS256":
        return {"JWT_ALG": "HS256"}
    pair = {
        name: given.get(name, "").replace("\\n", "\n")
        for name in ("JWT_PRIVATE_KEY", "JWT_PUBLIC_KEY")
    }
    for name, pem in pair.items():
        if not pem.startswith("-----BEGIN"):
            raise BadSetting(f"JWT_ALG=RS256 needs {name} as PEM.")
    try:
        _demand_a_long_key("JWT_PUBLIC_KEY", pair["JWT_PUBLIC_KEY"])
        probe = jwt.encode({}, pair["JWT_PRIVATE_KEY"], algorithm="RS256")
        jwt.decode(probe, pair["JWT_PUBLIC_KEY"], algorithms=["RS256"])
    except (jwt.PyJWTError, ValueError, TypeError):
        raise BadSetting("JWT_PRIVATE_KEY and JWT_PUBLIC_KEY are no pair of RSA keys.") from None
    others = given.get("JWT_PUBLIC_KEYS_ACCEPTED", "").replace("\\n", "\n")
    for pem in (accepted := _pems(others)):
        _demand_a_long_key("JWT_PUBLIC_KEYS_ACCEPTED", pem)
    ring = [pair["JWT_PUBLIC_KEY"], *accepted]
    return {"JWT_ALG": "RS256", "JWT_PUBLIC_KEYS": ring} | pair


def _pems(text):
    """Return the PEM keys in a text; raise BadSetting if it has anything else."""
    if PEM.sub("", text).strip(" \n\r,"):
        raise BadSetting(
            "JWT_PUBLIC_KEYS_ACCEPTED must be public keys as PEM, one after the other."
        )
    return PEM.findall(text)


def _demand_a_long_key(name, pem):
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPublicKey):
        raise BadSetting(f"{name} holds what is no public RSA key.")
    if key.key_size < RSA_BITS:
        raise BadSetting(f"{name}: a key of {key.key_size} bits is too short; take {RSA_BITS}.")


def one_of(given, name, choices, default):
    value = given.get(name, default)
    if value not in choices:
        raise BadSetting(f"{name} must be one of {', '.join(choices)}.")
    return value
