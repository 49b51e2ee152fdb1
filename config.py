"""Every setting of the shop, read once from the environment. .env.example describes them all."""

import re
import sys
from collections.abc import Mapping
from datetime import timedelta

import orjson
from limits import parse_many
from phonenumbers import SUPPORTED_REGIONS
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from config_keys import TRY_IT, BadSetting, accepted_secrets, key_pairs, one_of, secret_of

OLDER_NAMES = {
    "DATABASE_URI": "DATABASE_URL",
    "DEV_DATABASE_URL": "DATABASE_URL",
    "JWT_SECRET_KEY": "SECRET_KEY",
}
# Variables that Kubernetes sets in all containers for a service named `shop` or `shop-...`.
SERVICE_LINK = re.compile(
    r"SHOP_(\w+_)?(SERVICE_(HOST|PORT(_\w+)?)|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?)"
)
LINKED = ("tcp://", "udp://", "sctp://")
REDIS = ("redis://", "rediss://")
ENVIRONMENTS = ("production", "development", "testing")
CACHE_TYPES = ("SimpleCache", "RedisCache", "NullCache")
REDIS_MEMORY = "app.web.redis_memory.RedisMemory"
REDIS_PATIENCE = {
    "socket_timeout": 0.25,
    "socket_connect_timeout": 0.25,
    "retry": Retry(NoBackoff(), 0),
}


def read(environ: Mapping[str, str]) -> dict:
    """Return the Flask configuration for these environment variables, or raise BadSetting."""
    given = _with_todays_names(environ)
    usual = "development" if _debugs(given) else "production"
    environment = one_of(given, "FLASK_ENV", ENVIRONMENTS, usual)
    production = environment == "production"
    workers = _whole(given, "WEB_CONCURRENCY", 1, least=1, most=256)
    settings = {
        "ENVIRONMENT": environment,
        "TESTING": environment == "testing",
        "SECRET_KEY": (secret := secret_of(given, environment)),
        "SECRET_KEYS": [secret, *accepted_secrets(given, secret, production)],
        "SQLALCHEMY_DATABASE_URI": _database_url(given, production),
        "MAX_CONTENT_LENGTH": 256 * 1024,
        "CURRENCY": _currency(given),
        "COUNTRY": _country(given),
        "TOKEN_TTL": timedelta(minutes=_whole(given, "TOKEN_TTL_MIN", 60, least=1, most=1440)),
        "CORS_ORIGINS": _origins(given),
        "PUBLIC_URL": _public_url(given),
        "TRUSTED_PROXIES": _whole(given, "TRUSTED_PROXIES", 0, least=0, most=10),
        "METRICS_ENABLED": _flag(given, "METRICS_ENABLED", not production),
        "PORT": _whole(given, "PORT", 5000, least=1, most=65535),
    }
    settings |= key_pairs(given)
    settings |= _limits(given)
    settings |= _cache(given)
    settings["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(settings["SQLALCHEMY_DATABASE_URI"])
    settings |= _one_memory_for_all(settings, workers, production)
    redis = settings["CACHE_TYPE"] == REDIS_MEMORY and settings["CACHE_REDIS_URL"]
    counts = settings["RATELIMIT_ENABLED"] and settings["RATELIMIT_STORAGE_URI"]
    return settings | {"ONE_REDIS": bool(redis) and redis == counts}


def _with_todays_names(environ):
    """Return all variables with a value, older names as current ones; raise BadSetting for bad names."""
    if "RATELIMIT_STORAGE_URL" in environ:
        raise BadSetting("RATELIMIT_STORAGE_URL would be ignored: it is RATELIMIT_STORAGE_URI.")
    for name, value in environ.items():
        port = name.endswith("_PORT") and value.startswith(LINKED)
        linked = port or SERVICE_LINK.fullmatch(name)
        if name.startswith("SHOP_") and not linked:
            raise BadSetting(f"{name} is not a setting of this shop; .env.example lists them all.")
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    for older, todays in OLDER_NAMES.items():
        if older in given:
            given.setdefault(todays, given[older])
    return given


def _debugs(given):
    """Return whether Flask runs in debug mode, which makes development the default environment."""
    return given.get("FLASK_DEBUG", "0").lower() not in ("0", "false", "no")


def _database_url(given, production):
    """Return the URL with psycopg2 named as driver, because SQLAlchemy 2.1 would take psycopg 3."""
    if production and "DATABASE_URL" not in given:
        missing = "DATABASE_URL is missing: production says where its books are kept."
        raise BadSetting(f"{missing} {TRY_IT}")
    url = given.get("DATABASE_URL", "sqlite:///mechanic_shop.db")
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgres", "postgresql"):
        scheme = "postgresql+psycopg2"
    if not separator or scheme not in ("postgresql+psycopg2", "sqlite"):
        raise BadSetting("DATABASE_URL must start with postgresql:// or sqlite:///.")
    try:
        make_url(f"{scheme}://{rest}")
    except (ArgumentError, ValueError):
        raise BadSetting("DATABASE_URL is no URL of a database.") from None
    if scheme == "sqlite" and rest.strip("/") in ("", ":memory:"):
        raise BadSetting("DATABASE_URL names no file; an SQLite shop needs one to keep.")
    return f"{scheme}://{rest}"


def _as_json(value):
    """Return the text of a JSON column; SQLAlchemy's own serializer takes several times as long."""
    return orjson.dumps(value).decode()


def _engine_options(url):
    if url.startswith("sqlite"):
        return {
            "pool_size": 16,
            "max_overflow": 16,
            "pool_timeout": 10,
            "hide_parameters": True,
            "json_serializer": _as_json,
            "paramstyle": "named",  # values by name, as to psycopg2: see app/database/statements.py
        }
    theirs = make_url(url).query.get("options", "")
    return {
        "hide_parameters": True,
        "json_serializer": _as_json,
        "pool_size": 8,
        "max_overflow": 4,
        "pool_timeout": 3,
        "connect_args": {
            "connect_timeout": 2,
            "client_encoding": "utf8",
            # A network may drop an idle connection silently: probe it, and give up after a while.
            "keepalives_idle": 60,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
            "options": f"{theirs} -c statement_timeout=5000 -c lock_timeout=2000"
            " -c idle_in_transaction_session_timeout=10000 -c timezone=UTC"
            " -c default_transaction_isolation=read\\ committed"
            " -c random_page_cost=1.1"  # the default suits spinning disks
            " -c jit=off"  # to compile a statement takes longer than any of the shop's takes to run
            " -c plan_cache_mode=force_generic_plan",  # for app/database/prepared.py
        },
    }


def _origins(given):
    """Return the CORS origins. Patterns are refused, because they may allow more than they seem to."""
    origins = [origin.strip() for origin in given.get("CORS_ORIGINS", "").split(",")]
    for origin in filter(None, origins):
        if origin != "*" and not re.fullmatch(r"https?://[\w.-]+(:\d+)?", origin):
            raise BadSetting("CORS_ORIGINS must be origins like https://shop.example.com, or *.")
    return [origin for origin in origins if origin]


def _public_url(given):
    """Return PUBLIC_URL without a slash at its end, or None if it is not set."""
    url = given.get("PUBLIC_URL", "").rstrip("/")
    if url and not re.fullmatch(r"https://[\w.-]+(:\d+)?(/[\w./-]+)?", url):
        raise BadSetting("PUBLIC_URL must be an address like https://shop.example.com.")
    return url or None


def _limits(given):
    storage = given.get("RATELIMIT_STORAGE_URI", "memory://")
    if storage != "memory://" and not storage.startswith(REDIS):
        raise BadSetting("RATELIMIT_STORAGE_URI must be memory:// or start with redis://.")
    limits = {
        "RATELIMIT_ENABLED": _flag(given, "RATELIMIT_ENABLED", True),
        "RATELIMIT_STORAGE_URI": storage,
        "RATELIMIT_STORAGE_OPTIONS": REDIS_PATIENCE if storage.startswith("redis") else {},
        "RATELIMIT_STRATEGY": "fixed-window",
        "GLOBAL_RATE_LIMIT": given.get("GLOBAL_RATE_LIMIT", "1000/minute"),
        "LIMIT_SIGN_IN": given.get("LIMIT_SIGN_IN", "5/minute"),
        "LIMIT_REGISTER": given.get("LIMIT_REGISTER", "10/hour"),
        "LIMIT_WRITES": given.get("LIMIT_WRITES", "60/minute"),
        "LIMIT_READS": given.get("LIMIT_READS", "300/minute"),
        "LIMIT_APPROVALS": given.get("LIMIT_APPROVALS", "30/minute"),
        "LIMIT_PDF": given.get("LIMIT_PDF", "30/minute"),
    }
    for name in ("GLOBAL_RATE_LIMIT", *(key for key in limits if key.startswith("LIMIT_"))):
        try:
            parse_many(limits[name])
        except ValueError:
            raise BadSetting(f"{name} is no limit: write it like 60/minute.") from None
    return limits


def _cache(given):
    url = given.get("CACHE_REDIS_URL")
    kind = one_of(given, "CACHE_TYPE", CACHE_TYPES, "RedisCache" if url else "SimpleCache")
    if kind == "RedisCache" and not (url or "").startswith(REDIS):
        raise BadSetting("CACHE_TYPE=RedisCache needs CACHE_REDIS_URL, which starts with redis://.")
    settings = {"CACHE_KEY_PREFIX": "shop:", "CACHE_THRESHOLD": 1000}
    if kind != "RedisCache":
        return settings | {"CACHE_TYPE": kind}
    settings |= {"CACHE_TYPE": REDIS_MEMORY, "CACHE_OPTIONS": REDIS_PATIENCE}
    return settings | {"CACHE_REDIS_URL": url}


def _one_memory_for_all(settings, workers, production):
    """Return settings without a cache if several workers have no Redis; in production raise BadSetting.

    In memory, each worker would cache its own answers and count its own limits.
    """
    own_cache = settings["CACHE_TYPE"] == "SimpleCache"
    own_limits = settings["RATELIMIT_ENABLED"] and settings["RATELIMIT_STORAGE_URI"] == "memory://"
    if workers == 1 or not (own_cache or own_limits):
        return {}
    remedy = (
        f"WEB_CONCURRENCY={workers} workers share no memory:"
        " set RATELIMIT_STORAGE_URI and CACHE_REDIS_URL to a Redis, or WEB_CONCURRENCY=1."
    )
    if production:
        raise BadSetting(remedy)
    print(f"!! {remedy} Until then nothing is cached and each counts alone.", file=sys.stderr)
    return {"CACHE_TYPE": "NullCache", "CACHE_NO_NULL_WARNING": True}


def _currency(given):
    currency = given.get("CURRENCY", "USD")
    if not (
        len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()
    ):
        raise BadSetting("CURRENCY must be an ISO 4217 code such as USD.")
    return currency


def _country(given):
    country = given.get("COUNTRY", "US")
    if country not in SUPPORTED_REGIONS:
        raise BadSetting("COUNTRY must be an ISO 3166 code of two letters, such as US.")
    return country


def _flag(given, name, default):
    value = one_of(given, name, ("true", "false", "1", "0"), str(default).lower())
    return value in ("true", "1")


def _whole(given, name, default, *, least, most):
    value = given.get(name, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise BadSetting(f"{name} must be a whole number from {least} to {most}.")
    return int(value)
