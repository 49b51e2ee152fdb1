"""Settings come from the environment, are read once, and a bad one stops the shop with one line."""

from datetime import timedelta

import pytest

import config
from app import create_app
from tests.keys import a_key_pair
from tests.web.second_shop import limiter_put_back

PEM = "-----BEGIN KEY-----\\nMIIB\\n-----END KEY-----"


def read(**environ):
    return config.read({"FLASK_ENV": "testing"} | environ)


BAD = {
    "FLASK_ENV": ["prod", "Production", "debug"],
    "DATABASE_URL": [
        "shop.db",
        "mysql://root@db/shop",
        "postgresql+asyncpg://db/shop",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
    ],
    "JWT_ALG": ["none", "hs256", "RS512", "HS256,RS256"],
    "TOKEN_TTL_MIN": ["0", "-1", "1.5", "an hour", "1441", "٣", "9" * 30],
    "GLOBAL_RATE_LIMIT": ["often", "60", "60/fortnight", "-1/minute", "60/minute,often"],
    "LIMIT_READS": ["many"],
    "LIMIT_WRITES": ["many"],
    "LIMIT_SIGN_IN": ["many"],
    "LIMIT_REGISTER": ["many"],
    "RATELIMIT_ENABLED": ["yes", "True", "2", "on"],
    "METRICS_ENABLED": ["maybe"],
    "CACHE_TYPE": ["FileSystemCache", "redis", "simplecache"],
    "TRUSTED_PROXIES": ["-1", "11", "all", "1.0"],
    "CURRENCY": ["usd", "DOLLAR", "$", "US1", "ÄÖÜ"],
    "COUNTRY": ["us", "USA", "ZZ", "$"],
    "PORT": ["0", "65536", "http", "80.0"],
    "WEB_CONCURRENCY": ["0", "auto", "257"],
    "SHOP_SECRET": ["anything", ""],
    "SHOP_DATABASE_URL": ["sqlite:///shop.db", "tcp://10.0.0.1:5432"],
    "SHOP_PORT": ["5001"],
    "RATELIMIT_STORAGE_URL": ["redis://redis/0"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in BAD.items() for value in values]
)
def test_a_bad_setting_is_refused_in_one_line_that_names_it(name, value):
    with pytest.raises(config.BadSetting) as refusal:
        read(**{name: value})

    assert_one_line(refusal, name)


def assert_one_line(refusal, name):
    said = str(refusal.value)
    assert name in said
    assert "\n" not in said
    assert len(said) < 200


# These look right and are found out by whoever uses them: still before the shop serves.
FOUND_OUT = {
    "RATELIMIT_STORAGE_URI": ["nonsense://redis", "redis"],
    "CACHE_REDIS_URL": ["nonsense://redis", "redis"],
    "DATABASE_URL": ["postgresql://db:port/shop"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in FOUND_OUT.items() for value in values]
)
def test_so_is_one_that_only_looks_right(name, value):
    with limiter_put_back(), pytest.raises(config.BadSetting) as refusal:
        create_app({"FLASK_ENV": "testing", name: value})

    assert_one_line(refusal, name)


@pytest.mark.parametrize("name", ["JWT_PRIVATE_KEY", "JWT_PUBLIC_KEY"])
def test_rs256_needs_both_keys(name):
    pair = {"JWT_PRIVATE_KEY": PEM, "JWT_PUBLIC_KEY": PEM}

    for key in ("", "not PEM"):
        with pytest.raises(config.BadSetting, match=name):
            read(JWT_ALG="RS256", **pair | {name: key})


def test_a_key_may_be_written_on_one_line():
    private, public = a_key_pair()

    said = read(JWT_ALG="RS256", JWT_PRIVATE_KEY=private, JWT_PUBLIC_KEY=public)

    assert said["JWT_PUBLIC_KEY"] == public.replace("\\n", "\n")


def test_keys_that_are_no_pair_are_found_out_at_the_start():
    (private, _), (_, public) = a_key_pair(), a_key_pair()
    with pytest.raises(config.BadSetting, match="no pair"):
        read(JWT_ALG="RS256", JWT_PRIVATE_KEY=private, JWT_PUBLIC_KEY=public)


def test_an_origin_is_no_pattern():
    with pytest.raises(config.BadSetting, match="CORS_ORIGINS"):
        read(CORS_ORIGINS="https://shop.example.com, https://*.example.com")


def test_a_cache_in_redis_needs_to_know_which():
    with pytest.raises(config.BadSetting, match="CACHE_REDIS_URL"):
        read(CACHE_TYPE="RedisCache")


OLDER = {
    "DATABASE_URI": "SQLALCHEMY_DATABASE_URI",
    "DEV_DATABASE_URL": "SQLALCHEMY_DATABASE_URI",
    "JWT_SECRET_KEY": "SECRET_KEY",
}


@pytest.mark.parametrize("older", OLDER)
def test_an_older_name_means_today_s(older):
    assert read(**{older: "sqlite:///older.db"})[OLDER[older]] == "sqlite:///older.db"


@pytest.mark.parametrize(
    ("older", "todays"), [("DATABASE_URI", "DATABASE_URL"), ("JWT_SECRET_KEY", "SECRET_KEY")]
)
def test_today_s_name_wins_over_an_older_one(older, todays):
    said = read(**{older: "sqlite:///older.db", todays: "sqlite:///todays.db"})

    assert said[OLDER[older]] == "sqlite:///todays.db"


def test_an_older_name_counts_where_today_s_is_blank():
    said = read(DATABASE_URL="", DATABASE_URI="sqlite:///older.db")

    assert said["SQLALCHEMY_DATABASE_URI"] == "sqlite:///older.db"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_way_to_say_postgresql_is_one(scheme):
    said = read(DATABASE_URL=f"{scheme}://marge:a%40b@db:5432/shop?sslmode=require")

    url = "postgresql+psycopg2://marge:a%40b@db:5432/shop?sslmode=require"
    assert said["SQLALCHEMY_DATABASE_URI"] == url


def test_a_refused_database_url_keeps_its_password_to_itself():
    with pytest.raises(config.BadSetting) as refusal:
        read(DATABASE_URL="mysql://root:hunter2@db/shop")

    assert "hunter2" not in str(refusal.value)


def test_postgresql_is_given_little_patience():
    connect = read(DATABASE_URL="postgresql://db/shop")["SQLALCHEMY_ENGINE_OPTIONS"]["connect_args"]

    assert connect["connect_timeout"] <= 3
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        assert name in connect["options"]


def test_nothing_said_means_one_modest_shop():
    said = read()

    assert said["TOKEN_TTL"] == timedelta(minutes=60)
    assert said["TRUSTED_PROXIES"] == 0
    assert said["CORS_ORIGINS"] == []
    assert (said["CURRENCY"], said["COUNTRY"]) == ("USD", "US")
    assert said["RATELIMIT_ENABLED"] is True
    assert said["CACHE_TYPE"] == "SimpleCache"
    assert (said["LIMIT_SIGN_IN"], said["LIMIT_REGISTER"]) == ("5/minute", "10/hour")
    assert (said["LIMIT_WRITES"], said["LIMIT_READS"]) == ("60/minute", "300/minute")


def test_blanks_around_a_value_mean_nothing():
    assert read(PORT=" 8080 ", CURRENCY="EUR\n")["PORT"] == 8080
