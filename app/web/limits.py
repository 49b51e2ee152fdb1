"""The four paces at which a route may be asked; the numbers live in config."""

import time

from flask import Flask, current_app, g
from flask_limiter import _extension as flask_limiter
from flask_limiter.util import get_remote_address
from redis import RedisError

from app.extensions import limiter


def _pace(setting: str, scope: str, **but):
    return limiter.shared_limit(lambda: current_app.config[setting], scope=scope, **but)


def _staff_asks():
    return g.actor is not None and g.actor.is_staff


reads = _pace("LIMIT_READS", "reads")
writes = _pace("LIMIT_WRITES", "writes")
sign_ins = _pace("LIMIT_SIGN_IN", "sign-ins")
registrations = _pace(
    "LIMIT_REGISTER", "registrations", exempt_when=_staff_asks, key_func=get_remote_address
)


def is_limited(view) -> bool:
    """Whether a view, or one it wraps, is asked at one of these paces."""
    return hasattr(view, "__wrapper-limiter-instance")


def init_app(app: Flask) -> None:
    """Tell how much is left (draft-ietf-httpapi-ratelimit-headers): `"reads";r=299;t=60`."""
    app.after_request(_tell_what_is_left)
    flask_limiter.MAX_BACKEND_CHECKS = 0  # look for a lost Redis each second, not ever less often
    limiter.init_app(app)


def _tell_what_is_left(response):
    policies, left = [], []
    try:
        for each in limiter.current_limits:
            name, window = each.request_args[-1], each.limit.get_expiry()
            reset = max(0, round(each.window.reset_time - time.time()))
            policies.append(f'"{name}";q={each.limit.amount};w={window}')
            left.append(f'"{name}";r={max(0, each.remaining)};t={reset}')
            if each.breached:
                response.headers["Retry-After"] = str(max(1, reset))
    except RedisError:
        return response  # counting goes on in memory; what is left is not known for now
    if policies:
        response.headers["RateLimit-Policy"] = ", ".join(policies)
        response.headers["RateLimit"] = ", ".join(left)
    return response
