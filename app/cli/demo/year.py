"""The demo's year: the 52 weeks before today, counted in working minutes."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = 60
DAY = 10 * HOUR
DAYS = 260
MONTH = DAYS * DAY // 12
END = DAYS * DAY
TIME_ZONE = "America/Chicago"


class Year:
    """A calendar of working minutes (Monday to Friday, 8:00 to 18:00) of the 52 weeks before today.

    Minute 0 is 8:00 of the first working day; END is the number of working minutes in these weeks. The
    four weeks from today on are included, because the promised time of a ticket may lie after END.
    """

    def __init__(self, now: datetime):
        zone = ZoneInfo(TIME_ZONE)
        midnight = datetime.combine(now.astimezone(zone), time(), zone)
        days = (midnight + timedelta(days=n) for n in range(-364, 28))
        self._working_days = [day for day in days if day.weekday() < 5]

    def at(self, minute: int) -> datetime:
        days, minutes = divmod(minute, DAY)
        return self._working_days[days] + timedelta(hours=8, minutes=minutes)
