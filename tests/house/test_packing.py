"""What the shop is packed in: a lock that fits requirements.txt, a container, and its neighbours."""

import re

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import config
from tests.live import ROOT

SECRETS = {"SECRET_KEY": "0123456789abcdef" * 4, "POSTGRES_PASSWORD": "abc123"}
ENTRY = re.compile(
    r"(?m)^([\w.-]+)==(\S+)((?: ; .*?)?) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
)


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def locked():
    """{name: version} of each line of the lock, which is nothing but such lines, with their hashes."""
    lock = text("requirements.lock")
    lines = [line for line in lock.splitlines() if not line.startswith(("#", "    #"))]
    entries = ENTRY.findall("\n".join(lines) + "\n")
    assert len(entries) == sum(line[:1].isalnum() for line in lines)
    return {canonicalize_name(name): version for name, version, *_ in entries}


def test_the_lock_says_what_the_requirements_say(locked):
    lines = [line.partition("#")[0].strip() for line in text("requirements.txt").splitlines()]
    for wanted in map(Requirement, filter(None, lines)):
        version = locked.get(canonicalize_name(wanted.name))
        assert version is not None, f"{wanted.name} is not in requirements.lock"
        assert wanted.specifier.contains(version), f"{wanted} is locked at {version}"


def test_the_lock_names_no_place_of_its_own():
    assert "://" not in text("requirements.lock")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(text("compose.yaml"))["services"]


def test_only_nginx_can_be_reached_and_everybody_waits_for_whom_they_need(compose):
    assert [name for name, service in compose.items() if "ports" in service] == ["nginx"]
    waits = {
        (name, other): how["condition"]
        for name, service in compose.items()
        for other, how in service.get("depends_on", {}).items()
    }
    assert waits == {
        ("migrate", "postgres"): "service_healthy",
        ("shop", "migrate"): "service_completed_successfully",
        ("shop", "valkey"): "service_healthy",
        ("nginx", "shop"): "service_healthy",
    }


@pytest.mark.parametrize("service", ["shop", "migrate"])
def test_the_settings_in_compose_start_a_shop(compose, service):
    def filled(value):
        return re.sub(r"\$\{(\w+):\?.*?\}", lambda name: SECRETS[name[1]], value)

    given = {name: filled(value) for name, value in compose[service]["environment"].items()}
    read = config.read(given)
    assert read["ENVIRONMENT"] == "production"
    assert read["SQLALCHEMY_DATABASE_URI"].endswith(
        "://mechanic_shop:abc123@postgres/mechanic_shop"
    )


def test_no_secret_is_written_into_it(compose):
    for service in compose.values():
        for name, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|DATABASE_URL", name):
                assert re.search(r"\$\{\w+:\?", value), name


def test_nginx_gets_the_shipped_configuration_with_the_shop_at_its_name(compose):
    assert "./deploy/nginx.conf:/shop.conf:ro" in compose["nginx"]["volumes"]
    assert "sed s/127.0.0.1:5000/shop:5000/ /shop.conf" in compose["nginx"]["command"][-1]
    assert text("deploy/nginx.conf").count("127.0.0.1:5000;") == 1


def test_the_image_has_all_that_it_copies_and_runs_as_nobody_in_particular():
    docker, ignored = text("Dockerfile"), text(".dockerignore").splitlines()
    copied = re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", docker)
    for name in " ".join(copied).split():
        assert (ROOT / name).exists(), name
        assert f"!{name}" in ignored, name
    assert "--require-hashes" in docker
    assert re.search(r"(?m)^USER 10001:10001$", docker)
    assert "db upgrade" not in re.search(r"(?m)^CMD .+$", docker)[0]


@pytest.mark.parametrize("name", ["ci.yml", "nightly.yml"])
def test_actions_are_pinned_by_commit(name):
    used = re.findall(r"uses: (.+)", text(f".github/workflows/{name}"))
    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action
