"""The query parameters `from` and `to`, the days of a statement or report."""

from collections.abc import Iterator
from typing import Any

from marshmallow import fields

from app.web.fields import RequestSchema
from app.web.rules import rule

MOST_DAYS = 366
YEARS = range(1900, 9001)


class PeriodQuery(RequestSchema):
    """Query parameters for a period of days in the shop's time zone, both included."""

    first = fields.Date(data_key="from", required=True)
    last = fields.Date(
        data_key="to",
        required=True,
        metadata={"description": f"at most {MOST_DAYS} days with `from`"},
    )

    @rule
    def be_a_period(self, loaded: dict, _sent: Any) -> Iterator[tuple[str, str]]:
        first, last = loaded.get("first"), loaded.get("last")
        if first is None or last is None:
            return
        if {first.year, last.year} - {*YEARS}:
            yield "to", f"Years are {YEARS[0]} to {YEARS[-1]}."
        elif not 0 <= (last - first).days < MOST_DAYS:
            yield "to", f"From `from` on, and at most {MOST_DAYS} days with it."
