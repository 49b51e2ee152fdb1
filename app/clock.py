"""Moments are aware and in UTC, in Python and on every database."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, TypeDecorator


def utc_now() -> datetime:
    return datetime.now(UTC)


class UTCDateTime(TypeDecorator):
    """An aware time, kept in UTC. SQLite would forget the zone and with it the moment."""

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
        """Leave the value as it is: PostgreSQL tells times with their zone, and config.py asks for UTC."""
        return None if dialect.name == "postgresql" else super().result_processor(dialect, coltype)

    def process_result_value(self, value, dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
