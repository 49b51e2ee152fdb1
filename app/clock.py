"""Times: always with a time zone and in UTC, in Python and on every database."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, TypeDecorator


def utc_now() -> datetime:
    return datetime.now(UTC)


def date_in(zone: str, moment: datetime) -> date:
    """Return the date of a moment in an IANA time zone, such as America/Los_Angeles."""
    return moment.astimezone(ZoneInfo(zone)).date()


def start_of(day: date, zone: str) -> datetime:
    """Return the moment at which a day begins in an IANA time zone, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


class UTCDateTime(TypeDecorator):
    """The column type of a time with a time zone, in UTC; on SQLite, reading adds the time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True
    python_type = datetime

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone names no moment.")
        return value.astimezone(UTC)

    def result_processor(self, dialect, coltype):
        """Return the function that converts values read from the database; None on PostgreSQL.

        There, no conversion is needed, because config.py sets the time zone of the connections to UTC.
        """
        return None if dialect.name == "postgresql" else super().result_processor(dialect, coltype)

    def process_result_value(self, value, dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
