"""The shop's year, counted in working minutes."""

from datetime import UTC, datetime, time, timedelta

HOUR = 60
DAY = 10 * HOUR
DAYS = 260
MONTH = DAYS * DAY // 12
END = DAYS * DAY


class Year:
    """The 52 weeks before today: minute 0 is its first morning at eight, END its last evening.

    Work stops at six and on weekends, so that whatever is planned in these minutes falls into
    opening hours; a promise may lie a little after the END.
    """

    def __init__(self, now: datetime):
        midnight = datetime.combine(now.astimezone(UTC), time(), UTC)
        days = (midnight + timedelta(days=n) for n in range(-364, 28))
        self._working_days = [day for day in days if day.weekday() < 5]

    def at(self, minute: int) -> datetime:
        days, minutes = divmod(minute, DAY)
        return self._working_days[days] + timedelta(hours=8, minutes=minutes)
