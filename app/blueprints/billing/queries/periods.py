"""A period of days in the shop's time zone, for statements and reports, and its SQL expressions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Date, bindparam, select

from app.clock import UTCDateTime, date_in, start_of, utc_now
from app.database.statements import fetch
from app.errors import Invalid
from app.models import Shop

# Bind parameters of statements: the first and the last day, and the moments at which the first day
# begins and the last one ends. `Period.values` has their values.
FIRST, LAST = bindparam("first_day", type_=Date), bindparam("last_day", type_=Date)
SINCE, UNTIL = bindparam("since", type_=UTCDateTime), bindparam("until", type_=UTCDateTime)
DAYS_BEFORE = {
    days: bindparam(f"days_before_{days}", type_=Date) for days in (0, 30, 60, 90)
}  # the last day less so many days
MOST_DAYS = 366
YEARS = range(1900, 9000)
ZONE = select(Shop.time_zone)


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included, in the time zone `zone`."""

    first: date
    last: date
    zone: str

    @property
    def count(self) -> int:
        """Return the number of days."""
        return (self.last - self.first).days + 1

    @property
    def values(self) -> dict[str, date | datetime]:
        """Return the values of the bind parameters."""
        before = {each.key: self.last - timedelta(days=days) for days, each in DAYS_BEFORE.items()}
        return before | {
            FIRST.key: self.first,
            LAST.key: self.last,
            SINCE.key: start_of(self.first, self.zone),
            UNTIL.key: start_of(self.last + timedelta(days=1), self.zone),
        }

    def day_of(self, moment: datetime) -> date:
        """Return the day of a moment in the shop."""
        return date_in(self.zone, moment)


def period(first: date | None = None, last: date | None = None) -> Period:
    """Return a period of days of the shop: by default until today, from the first day of the month.

    Raise Invalid if it ends before it begins, or has more than MOST_DAYS days.
    """
    zone = fetch(ZONE)[0]["time_zone"]
    last = last or date_in(zone, utc_now())
    found = Period(first or last.replace(day=1), last, zone)
    if not {found.first.year, found.last.year} <= {*YEARS}:
        raise Invalid.at("/from", f"Years are {YEARS[0]} to {YEARS[-1]}.")
    if not 1 <= found.count <= MOST_DAYS:
        raise Invalid.at("/from", f"It is {found.count} days to {last}: 1 to {MOST_DAYS} can be.")
    return found
