"""Query parameters and response bodies of reports."""

from marshmallow import fields, validate

from app.blueprints.billing.schemas.periods import PeriodQuery
from app.blueprints.reports.figures import Unit
from app.blueprints.reports.rows import SOURCES
from app.web.fields import Choice, ResponseSchema, Text
from app.web.pages import PageQuery, sorted_by


class GroupOut(ResponseSchema):
    """One of the sums of a figure for one group, such as what was taken in cash."""

    key = fields.String(metadata={"description": "of the group: for the parameter `key`"})
    label = fields.String()
    of = fields.String(metadata={"description": "which sum: for the parameter `of`"})
    value = fields.Integer(allow_none=True)
    unit = Choice(Unit)
    rows = fields.String(metadata={"description": "path of the rows that add up to it"})


class FigureOut(ResponseSchema):
    """A figure with its formula, and either a value or groups.

    The value is null if an amount is unknown, or if the denominator is 0.
    """

    name = fields.String()
    value = fields.Float(allow_none=True)
    unit = Choice(Unit)
    formula = fields.String()
    rows = fields.String(metadata={"description": "path of the rows that add up to it"})
    groups = fields.List(fields.Nested(GroupOut))


class ReportOut(ResponseSchema):
    """Response body with the figures of a period."""

    first = fields.Date(data_key="from")
    last = fields.Date(data_key="to")
    time_zone = fields.String()
    currency = fields.String()
    figures = fields.List(fields.Nested(FigureOut))


class RowOut(ResponseSchema):
    """A row of a figure: an invoice, credit note, payment, job, assignment or part."""

    source = fields.String(metadata={"enum": list(SOURCES)})
    id = fields.Integer()
    number = fields.String(
        allow_none=True,
        metadata={
            "description": "of the document, repair order or part; of a payment, its reference"
        },
    )
    on = fields.Date()
    amount = fields.Integer(allow_none=True, metadata={"description": "null if it is unknown"})


class RowQuery(PeriodQuery, PageQuery):
    """Query parameters for the rows of a figure; by default, the oldest come first."""

    of = fields.String(
        validate=validate.Length(min=1, max=40),
        metadata={"description": "`numerator`, `denominator` or the `of` of a group"},
    )
    key = Text(validate=validate.Length(max=80), metadata={"description": "the `key` of a group"})
    sort = sorted_by("on", default="on")
