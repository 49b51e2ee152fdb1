"""The keys of access tokens: one key signs, but several keys verify, so that keys can be rotated.

A token names its key in its header (`kid`). The algorithm comes from the key, never from the token.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jwt.algorithms import RSAAlgorithm


@dataclass(frozen=True)
class Key:
    kid: str
    algorithm: str
    verifies: str
    shown: Mapping[str, str] | None = None  # the public key as a JWK (RFC 7517), None for a secret


class KeyRing:
    """The keys for access tokens.

    `by_kid` has all keys that verify tokens. New tokens are signed by the key `current`; `signs` is the
    secret or private key for this.
    """

    def __init__(self, config: Mapping[str, Any]):
        if config["JWT_ALG"] == "HS256":
            keys, self.signs = map(_secret, config["SECRET_KEYS"]), config["SECRET_KEY"]
        else:
            keys, self.signs = map(_rsa, config["JWT_PUBLIC_KEYS"]), config["JWT_PRIVATE_KEY"]
        self.current, *others = keys
        self.by_kid = {key.kid: key for key in (self.current, *others)}

    def shown(self) -> list[Mapping[str, str]]:
        """Return the public keys as JWKs (RFC 7517), for others who verify tokens; [] for HS256."""
        return [key.shown for key in self.by_kid.values() if key.shown]


def _secret(secret: str) -> Key:
    """Return the HS256 Key for a secret. Its `kid` is an HMAC, which does not reveal the secret."""
    kid = hmac.new(secret.encode(), b"kid", hashlib.sha256).hexdigest()[:16]
    return Key(kid, "HS256", secret)


def _rsa(pem: str) -> Key:
    """Return the RS256 Key for a public key in PEM format. Its `kid` is the thumbprint (RFC 7638)."""
    jwk = RSAAlgorithm.to_jwk(RSAAlgorithm(RSAAlgorithm.SHA256).prepare_key(pem), as_dict=True)
    shown = {name: jwk[name] for name in ("e", "kty", "n")}
    said = json.dumps(shown, separators=(",", ":"), sort_keys=True).encode()
    kid = base64.urlsafe_b64encode(hashlib.sha256(said).digest()).decode().rstrip("=")
    return Key(kid, "RS256", pem, shown | {"kid": kid, "use": "sig", "alg": "RS256"})
