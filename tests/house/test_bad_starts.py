"""A shop with bad settings does not open: the real server says why in one line, and ends at once."""

import os
import subprocess
import sys

import pytest

from tests.keys import a_key_pair
from tests.live import NO_FILES, ROOT

SECONDS = 3
KEY = "0123456789abcdef0123456789abcdef"
GOOD = {"SECRET_KEY": KEY, "DATABASE_URL": "sqlite:////nowhere/shop.db"}


def rs256(bits=2048):
    private, public = a_key_pair(bits)
    return {"JWT_ALG": "RS256", "JWT_PRIVATE_KEY": private, "JWT_PUBLIC_KEY": public}


def mixed_up():
    return rs256() | {"JWT_PUBLIC_KEY": rs256()["JWT_PUBLIC_KEY"]}


BAD = {
    "no secret": ("SECRET_KEY", {"SECRET_KEY": ""}),
    "a short secret": ("SECRET_KEY", {"SECRET_KEY": "hunter2"}),
    "an example secret": ("SECRET_KEY", {"SECRET_KEY": "change-me-" + KEY}),
    "a short old secret": ("SECRET_KEYS_ACCEPTED", {"SECRET_KEYS_ACCEPTED": "hunter2"}),
    "no database": ("DATABASE_URL", {"DATABASE_URL": ""}),
    "another database": ("DATABASE_URL", {"DATABASE_URL": "mysql://root:hunter2@db/shop"}),
    "no such environment": ("FLASK_ENV", {"FLASK_ENV": "prod"}),
    "workers without Redis": ("RATELIMIT_STORAGE_URI", {"WEB_CONCURRENCY": "2"}),
    "more workers than a host has": ("WEB_CONCURRENCY", {"WEB_CONCURRENCY": "257"}),
    "no such algorithm": ("JWT_ALG", {"JWT_ALG": "none"}),
    "keys of two pairs": ("JWT_PRIVATE_KEY", mixed_up()),
    "a short pair": ("JWT_PUBLIC_KEY", rs256(1024)),
    "no such limit": ("LIMIT_READS", {"LIMIT_READS": "often"}),
    "a pattern of origins": ("CORS_ORIGINS", {"CORS_ORIGINS": "https://*.example.com"}),
    "proxies that are no number": ("TRUSTED_PROXIES", {"TRUSTED_PROXIES": "all"}),
    "a port that is none": ("PORT", {"PORT": "http"}),
    "a port beyond the last": ("PORT", {"PORT": "65536"}),
    "what is no service of Kubernetes": ("SHOP_PORT", {"SHOP_PORT": "5001"}),
    "a setting that is none": ("SHOP_SECRET", {"SHOP_SECRET": "anything"}),
    "a mistaken name": ("RATELIMIT_STORAGE_URL", {"RATELIMIT_STORAGE_URL": "redis://redis/0"}),
}
QUICK = ("a short secret", "workers without Redis")


def start(settings):
    """Return (exit code, stderr, seconds of CPU) of a server with these settings; it ends within 30 s.

    The CPU's seconds, because other work on the machine makes the clock's as many as it likes.
    """
    environ = {"PATH": os.environ["PATH"], "FLASK_ENV": "production"} | NO_FILES | GOOD | settings
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "flask_app:app"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    after = os.times()
    user, system = (after[n] - before[n] for n in (2, 3))  # of children that have ended
    return done.returncode, done.stderr, user + system


def told(stderr):
    """What is said for people, without the log lines of gunicorn."""
    return [line for line in stderr.splitlines() if line and not line.startswith("[")]


@pytest.mark.parametrize("why", BAD)
def test_it_says_why_in_one_line_and_ends_at_once(why, at_length):
    if why not in at_length(QUICK, slow=BAD):
        pytest.skip("in the long form")
    name, settings = BAD[why]

    code, stderr, seconds = start(settings)

    assert code != 0
    [line] = told(stderr)
    assert line.startswith("The shop does not start: ")
    assert name in line
    assert "hunter2" not in stderr
    assert seconds < SECONDS
