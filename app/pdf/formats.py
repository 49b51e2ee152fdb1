"""Money, quantities, percentages and times as text. Money is formatted with whole numbers only."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

# Decimal places of the currencies that have not two (ISO 4217).
PLACES = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
MINUTES = 60
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def money(cents: int, currency: str) -> str:
    """Return an amount in cents as text, such as `-$1,234.56` or `CHF 1,234.56`.

    `currency` is an ISO 4217 code; its smallest unit counts as the cent. A currency that is not in
    SYMBOLS is written as its code.
    """
    places = PLACES.get(currency, 2)
    units, rest = divmod(abs(cents), 10**places)
    decimals = f".{rest:0{places}}" if places else ""
    return f"{'-' if cents < 0 else ''}{SYMBOLS.get(currency, f'{currency} ')}{units:,}{decimals}"


def number(value: float) -> str:
    """Return a quantity or percentage, an int or float, as text without trailing zeros: `1,200.5`."""
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def duration(minutes: int) -> str:
    """Return a time of work as text: `1.5 h`, or `1 h 5 min` if it is not whole tenths of an hour."""
    if minutes % 6 == 0:
        tenths = minutes // 6
        return f"{tenths // 10:,}.{tenths % 10} h"
    hours, rest = divmod(minutes, MINUTES)
    return f"{hours:,} h {rest} min" if hours else f"{rest} min"


def moment(text: str | None) -> datetime | None:
    """Return a text in ISO 8601 as a datetime, in UTC if it has no time zone; None for None or ""."""
    if not text:
        return None
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def date(text: str | None, zone: str | None) -> str:
    """Return the date of a time as text, such as `Dec 1, 2026`; "" for None.

    The arguments are those of `time`.
    """
    at = _local(text, zone)
    return f"{MONTHS[at.month - 1]} {at.day}, {at.year}" if at else ""


def day(text: str | None) -> str:
    """Return a date in ISO 8601, such as `2026-12-01`, as text: `Dec 1, 2026`; "" for None."""
    on = datetime.fromisoformat(text) if text else None
    return f"{MONTHS[on.month - 1]} {on.day}, {on.year}" if on else ""


def time(text: str | None, zone: str | None) -> str:
    """Return date, time and zone, such as `Dec 1, 2026, 6:05 AM PST`; "" for None.

    `text` is in ISO 8601, and `zone` is the name of an IANA time zone.
    """
    at = _local(text, zone)
    if not at:
        return ""
    name = at.tzname() or ""
    name = f"UTC{name}" if name[:1] in ("+", "-") else name
    clock = f"{at.hour % 12 or 12}:{at.minute:02} {'AM' if at.hour < 12 else 'PM'}"
    return f"{date(text, zone)}, {clock} {name}"


def _local(text: str | None, zone: str | None) -> datetime | None:
    """Return a time in a time zone; the arguments are those of `time`, and None for no text.

    Without `zone`, it is in UTC. If there is no such zone, or the time can't be converted to it, the
    time is returned in the zone that it has.
    """
    at = moment(text)
    try:
        return at.astimezone(ZoneInfo(zone or "UTC")) if at else None
    except (LookupError, ValueError, OSError, OverflowError):
        return at
