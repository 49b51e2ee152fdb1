"""Production needs a secret, a database and a memory for all its workers; elsewhere they are made up."""

import pytest

import config
import config_keys
from tests.house.test_config import assert_one_line, read

KEY = "0123456789abcdef0123456789abcdef"
PRODUCTION = {
    "FLASK_ENV": "production",
    "SECRET_KEY": KEY,
    "DATABASE_URL": "postgresql://shop@db/shop",
}
REDIS = {"CACHE_REDIS_URL": "redis://redis/0", "RATELIMIT_STORAGE_URI": "redis://redis/0"}


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
    monkeypatch.setattr(config_keys, "INSTANCE", tmp_path / "instance")
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
