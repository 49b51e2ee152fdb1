"""Settings come from the environment, are read once, and a bad one stops the shop with one line."""

from datetime import timedelta

import pytest

import config
from app import create_app
from tests.keys import a_key_pair
from tests.web.second_shop import limiter_put_back

KEY = "0123456789abcdef0123456789abcdef"
PRODUCTION = {
    "FLASK_ENV": "production",
    "SECRET_KEY": KEY,
    "DATABASE_URL": "postgresql://shop@db/shop",
}
REDIS = {"CACHE_REDIS_URL": "redis://redis/0", "RATELIMIT_STORAGE_URI": "redis://redis/0"}
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


@pytest.mark.parametrize(
    "secret",
    [
        None,
        "",
        "   ",
        "hunter2",
        "x" * 31,
        "x" * 64,
        "change-me" * 8,
        "CHANGEME-" + KEY,
        "your-secret-key-" + KEY,
    ],
)
def test_production_needs_a_secret_of_its_own(secret):
    given = {"FLASK_ENV": "production"} | ({} if secret is None else {"SECRET_KEY": secret})

    with pytest.raises(config.BadSetting) as refusal:
        config.read(given)

    assert_one_line(refusal, "SECRET_KEY")
    assert "hunter2" not in str(refusal.value)


def test_production_is_what_it_is_unless_told_otherwise():
    with pytest.raises(config.BadSetting, match="SECRET_KEY"):
        config.read({})
    with pytest.raises(config.BadSetting, match="DATABASE_URL"):
        config.read({"SECRET_KEY": KEY})
    given = {name: PRODUCTION[name] for name in ("SECRET_KEY", "DATABASE_URL")}
    assert config.read(given)["ENVIRONMENT"] == "production"


@pytest.mark.parametrize(("debug", "means"), [("1", "development"), ("0", "production")])
def test_a_debugger_is_for_developers(debug, means):
    given = PRODUCTION | {"FLASK_ENV": "", "FLASK_DEBUG": debug}
    assert config.read(given)["ENVIRONMENT"] == means
    assert config.read(PRODUCTION | {"FLASK_DEBUG": debug})["ENVIRONMENT"] == "production"


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL"])
def test_who_only_wants_to_try_the_shop_is_told_how(name):
    with pytest.raises(config.BadSetting) as refusal:
        config.read({each: PRODUCTION[each] for each in PRODUCTION if each != name})

    assert_one_line(refusal, "python3 dev.py")
    assert_one_line(refusal, "FLASK_ENV=development")


def test_a_kubernetes_service_that_is_called_shop_is_no_setting():
    links = {
        "SHOP_SERVICE_HOST": "10.0.0.11",
        "SHOP_SERVICE_PORT": "5000",
        "SHOP_SERVICE_PORT_HTTP": "5000",
        "SHOP_PORT": "tcp://10.0.0.11:5000",
        "SHOP_PORT_5000_TCP": "tcp://10.0.0.11:5000",
        "SHOP_PORT_5000_TCP_PROTO": "tcp",
        "SHOP_PORT_5000_TCP_PORT": "5000",
        "SHOP_PORT_5000_TCP_ADDR": "10.0.0.11",
        "SHOP_DB_SERVICE_HOST": "10.0.0.12",
        "SHOP_DB_PORT": "tcp://10.0.0.12:5432",
    }
    assert config.read(PRODUCTION | links)["PORT"] == 5000


def test_a_developers_key_is_made_once_and_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "INSTANCE", tmp_path / "instance")
    made = config.read({"FLASK_ENV": "development"})["SECRET_KEY"]
    kept = tmp_path / "instance" / "secret_key"

    assert config.read({"FLASK_ENV": "development"})["SECRET_KEY"] == made == kept.read_text()
    assert len(made) >= 32
    given = config.read({"FLASK_ENV": "development", "SECRET_KEY": KEY})
    assert given["SECRET_KEY"] == KEY
    kept.write_text(" \n")
    assert len(config.read({"FLASK_ENV": "development"})["SECRET_KEY"]) >= 32


def test_elsewhere_a_secret_is_made_up_and_never_the_same():
    assert read()["SECRET_KEY"] != read()["SECRET_KEY"]
    assert len(read()["SECRET_KEY"]) >= 32


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


@pytest.mark.parametrize("missing", REDIS)
def test_several_workers_in_production_need_redis_for_both(missing):
    with_redis = {name: url for name, url in REDIS.items() if name != missing}

    with pytest.raises(config.BadSetting) as refusal:
        config.read(PRODUCTION | with_redis | {"WEB_CONCURRENCY": "4"})

    assert_one_line(refusal, missing)
    assert "WEB_CONCURRENCY" in str(refusal.value)


@pytest.mark.parametrize(
    "given", [REDIS, {"CACHE_TYPE": "NullCache", "RATELIMIT_ENABLED": "false"}]
)
def test_with_it_or_without_a_memory_they_are_welcome(given):
    said = config.read(PRODUCTION | given | {"WEB_CONCURRENCY": "4"})

    assert said["CACHE_TYPE"] in (config.REDIS_MEMORY, "NullCache")


def test_elsewhere_several_workers_are_warned_and_keep_nothing(capsys):
    said = read(WEB_CONCURRENCY="2")

    assert said["CACHE_TYPE"] == "NullCache"
    assert "RATELIMIT_STORAGE_URI" in capsys.readouterr().err


def test_one_worker_in_production_needs_nothing_else():
    assert config.read(PRODUCTION)["CACHE_TYPE"] == "SimpleCache"
