"""What docs/api.md promises to clients in figures and tables is what the code does."""

import re
from datetime import timedelta
from pathlib import Path

import config
from app.models import accounts
from app.web import deprecated_paths, transactions

HOUSE = Path(__file__).parents[2]
PROMISES = (HOUSE / "docs" / "api.md").read_text(encoding="utf-8")
IN_ONE_LINE = " ".join(PROMISES.split())
DEFAULTS = config.read({"FLASK_ENV": "testing"})


def test_the_limits_are_those_a_shop_has_by_default():
    promised = re.findall(r"\| (\d+/\w+) \|", PROMISES)
    names = (
        *("LIMIT_READS", "LIMIT_WRITES", "LIMIT_SIGN_IN", "LIMIT_REGISTER"),
        *("LIMIT_APPROVALS", "LIMIT_PDF", "GLOBAL_RATE_LIMIT"),
    )
    assert promised == [DEFAULTS[name] for name in names]
    assert f"{DEFAULTS['MAX_CONTENT_LENGTH'] // 1024} KiB" in IN_ONE_LINE


def test_sign_ins_and_stored_answers_last_as_long_as_they_do():
    assert DEFAULTS["TOKEN_TTL"] == timedelta(hours=1)
    assert f"a refresh token for {accounts.SESSION_LIFETIME.days} days" in IN_ONE_LINE
    assert f"within {accounts.REFRESH_GRACE.seconds} seconds" in IN_ONE_LINE
    assert f"wait for {accounts.FIRST_DELAY.seconds} seconds" in IN_ONE_LINE
    assert f"up to {accounts.LONGEST_DELAY.seconds // 60} minutes" in IN_ONE_LINE
    assert f"for {transactions.KEPT.total_seconds() / 3600:.0f} hours" in IN_ONE_LINE


def test_the_dates_of_older_paths_are_those_their_headers_tell():
    for said in deprecated_paths.HEADERS.items():
        assert f"`{': '.join(said)}`" in IN_ONE_LINE
    changes = (HOUSE / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"{deprecated_paths.SUNSET:%d %B %Y}" in changes


def test_the_promises_read_as_well_in_the_document():
    text = re.sub(r"`[^`]*`", "", PROMISES)
    assert not re.search(r"^### |<\w|\]\((?!https?://)", text, re.MULTILINE)
