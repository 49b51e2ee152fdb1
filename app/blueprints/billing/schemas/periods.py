"""The query parameters `from` and `to`, the days of a statement or report."""

from marshmallow import fields

from app.blueprints.billing.queries.periods import MOST_DAYS
from app.web.fields import RequestSchema

YEARS = r"^(19|[2-8]\d)\d\d-"  # of periods: 1900 to 8999


class PeriodQuery(RequestSchema):
    """Query parameters for a period of days in the shop's time zone, both included."""

    first = fields.Date(
        data_key="from",
        metadata={"description": "by default, the first day of that month", "pattern": YEARS},
    )
    last = fields.Date(
        data_key="to",
        metadata={
            "description": f"by default today; at most {MOST_DAYS} days with `from`",
            "pattern": YEARS,
        },
    )
