"""What the README promises to clients in figures and tables is what the code does."""

import re
from datetime import timedelta
from pathlib import Path

import config
from app.errors import every_refusal
from app.models import accounts
from app.web import deprecated_paths, transactions

HOUSE = Path(__file__).parents[2]
README = (HOUSE / "README.md").read_text(encoding="utf-8")
PROMISES = README.partition("## What clients may rely on\n")[2].partition("\n## ")[0]
IN_ONE_LINE = " ".join(PROMISES.split())
DEFAULTS = config.read({"FLASK_ENV": "testing"})


def table_of_codes():
    rows = [
        f"| {each.status} | `{each.code}` | {each.meaning()} | {each.remedy()} |"
        for each in every_refusal()
    ]
    return "\n".join(
        ["| Status | Code | What it means | What to do |", "|---|---|---|---|", *rows, ""]
    )


def test_the_table_of_codes_is_complete():
    assert table_of_codes() in PROMISES, f"put this into the README:\n\n{table_of_codes()}"


def test_the_limits_are_those_a_shop_has_by_default():
    promised = re.findall(r"\| (\d+/\w+) \|", PROMISES)
    names = ("LIMIT_READS", "LIMIT_WRITES", "LIMIT_SIGN_IN", "LIMIT_REGISTER", "GLOBAL_RATE_LIMIT")
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
    assert not re.search(r"^##? |<\w|\]\((?!https?://)", text, re.MULTILINE)
