"""One instance of each Flask extension, bound to the app by create_app()."""

from flask import current_app, g, request
from flask_caching import Cache
from flask_limiter import Limiter
from flask_marshmallow import Marshmallow
from flask_migrate import Migrate

from app.addresses import household
from app.database.session import db

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def rate_limit_key() -> str:
    """Return the key for counting a caller's requests: the account if signed in, else the address."""
    actor = g.get("actor")
    return f"account:{actor.account_id}" if actor else f"address:{household(request.remote_addr)}"


def country() -> str:
    """Return the ISO code of the shop's country: phone numbers without a country code belong to it."""
    return str(current_app.config["COUNTRY"])


def currency() -> str:
    """Return the ISO 4217 code of the shop's currency, in which all amounts are."""
    return str(current_app.config["CURRENCY"])


ma = Marshmallow()
migrate = Migrate(db=db, render_as_batch=True)
cache = Cache()
limiter = Limiter(
    key_func=rate_limit_key,
    application_limits=[lambda: current_app.config["GLOBAL_RATE_LIMIT"]],
)
