"""Amounts, quantities and times as text."""

import pytest

from app.pdf.formats import date, duration, moment, money, number, time


@pytest.mark.parametrize(
    ("cents", "currency", "text"),
    [
        (0, "USD", "$0.00"),
        (5, "USD", "$0.05"),
        (-960, "USD", "-$9.60"),
        (123_456, "USD", "$1,234.56"),
        (123_456, "CHF", "CHF 1,234.56"),
        (-123_456, "CHF", "-CHF 1,234.56"),
        (100, "EUR", "€1.00"),
        (100, "GBP", "£1.00"),
        (100, "CAD", "CA$1.00"),
        (100, "AUD", "A$1.00"),
        (2**53 - 1, "USD", "$90,071,992,547,409.91"),
        (10**18 + 1, "USD", "$10,000,000,000,000,000.01"),
    ],
)
def test_money_is_written_from_whole_cents(cents, currency, text):
    assert money(cents, currency) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((1, "1"), (100, "100"), (1.0, "1"), (0.25, "0.25"), (8.25, "8.25"), (9.975, "9.975")),
        *((1200.5, "1,200.5"), (0.0001, "0.0001"), (0.00001, "0.00001"), (9999.99, "9,999.99")),
    ],
)
def test_a_number_has_no_zeros_at_its_end(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        *((0, "0.0 h"), (6, "0.1 h"), (60, "1.0 h"), (90, "1.5 h"), (50, "50 min")),
        *((65, "1 h 5 min"), (100_000, "1,666 h 40 min"), (600_000, "10,000.0 h")),
    ],
)
def test_a_time_of_work_is_exact(minutes, text):
    assert duration(minutes) == text


@pytest.mark.parametrize(
    ("at", "zone", "text"),
    [
        ("2026-12-01T14:05:00Z", "America/Los_Angeles", "Dec 1, 2026, 6:05 AM PST"),
        ("2026-07-01T19:00:00Z", "America/Los_Angeles", "Jul 1, 2026, 12:00 PM PDT"),
        ("2026-07-01T07:00:59.5Z", "America/Los_Angeles", "Jul 1, 2026, 12:00 AM PDT"),
        ("2026-12-31T23:30:00Z", "Asia/Kolkata", "Jan 1, 2027, 5:00 AM IST"),
        ("2026-06-01T12:00:00Z", "America/Sao_Paulo", "Jun 1, 2026, 9:00 AM UTC-03"),
        ("2026-06-01T12:00:00+02:00", "UTC", "Jun 1, 2026, 10:00 AM UTC"),
        ("2026-06-01T12:00:00", None, "Jun 1, 2026, 12:00 PM UTC"),
        ("2026-06-01T12:00:00Z", "No/Where", "Jun 1, 2026, 12:00 PM UTC"),
        ("2026-06-01T12:00:00Z", "America", "Jun 1, 2026, 12:00 PM UTC"),
        ("2026-06-01T12:00:00Z", "../etc/passwd", "Jun 1, 2026, 12:00 PM UTC"),
        ("0001-01-01T00:00:00Z", "America/New_York", "Jan 1, 1, 12:00 AM UTC"),
        (None, "UTC", ""),
        ("", "UTC", ""),
    ],
)
def test_a_time_is_shown_in_its_zone(at, zone, text):
    assert time(at, zone) == text
    assert date(at, zone) == text.rpartition(", ")[0]


def test_no_text_is_no_moment():
    assert moment(None) is None


@pytest.mark.parametrize(
    ("cents", "currency", "text"),
    [(1_000, "JPY", "JPY 1,000"), (-1_234_567, "KWD", "-KWD 1,234.567"), (5, "KWD", "KWD 0.005")],
)
def test_a_currency_has_its_own_number_of_decimals(cents, currency, text):
    assert money(cents, currency) == text
