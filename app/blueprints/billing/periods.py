"""A period of days in the shop's time zone, and the moments at which it begins and ends."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.clock import start_of
from app.database.statements import fetch
from app.models import Shop

ZONE = select(Shop.time_zone)


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included, in the time zone `zone`."""

    first: date
    last: date
    zone: str

    @property
    def since(self) -> datetime:
        """Return the first moment of the period."""
        return start_of(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """Return the first moment after the period."""
        return start_of(self.last + timedelta(days=1), self.zone)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def day_of(self, moment: datetime) -> date:
        """Return the day of a moment in the shop."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    @property
    def values(self) -> dict[str, date | datetime]:
        """Return the bind values of statements: `{first, last, since, until}`."""
        return {name: getattr(self, name) for name in ("first", "last", "since", "until")}


def period(first: date, last: date) -> Period:
    """Return a period of days of the shop."""
    return Period(first, last, fetch(ZONE)[0]["time_zone"])
