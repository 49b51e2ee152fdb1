"""Routes for reports."""

from flask import request
from marshmallow import fields

from app.actors import Role
from app.blueprints.billing.schemas.periods import PeriodQuery
from app.blueprints.reports import bp, queries
from app.blueprints.reports.figures import Unit
from app.blueprints.reports.schemas import ReportOut, RowOut, RowQuery
from app.errors import NotFound
from app.web.auth import requires
from app.web.caching import cached
from app.web.csv_answers import offers_csv, wants_csv
from app.web.fields import Choice
from app.web.limits import reads
from app.web.pages import page_shape
from app.web.shapes import accepts, refuses, returns


@bp.get("/shop")
@reads
@requires(Role.MANAGER)
@cached(*queries.TABLES)
@accepts(PeriodQuery(), "query")
@returns(ReportOut())
@offers_csv(*queries.FIGURE_COLUMNS)
def shop(**query):
    """Show the figures of a period of at most 366 days: sales, profits, labor, taxes, payments, stock.

    Each figure has its formula and the path of its rows, whose amounts add up to it. Invoices and credit
    notes count in the period in which they were issued. With `Accept: text/csv`, the figures come as CSV.
    """
    report = queries.report(request.script_root, **query)
    return queries.as_items(report) if wants_csv() else report


@bp.get("/shop/<string:figure>")
@reads
@requires(Role.MANAGER)
@cached(*queries.TABLES)
@accepts(RowQuery(), "query")
@returns(page_shape(RowOut, sum=fields.Integer(allow_none=True), unit=Choice(Unit)))
@refuses(NotFound)
@offers_csv(*queries.ROW_COLUMNS)
def rows(figure, **query):
    """List the rows that add up to a figure, oldest first, with their `sum`.

    A quotient has the rows of its numerator and, with `of=denominator`, of its denominator. With
    `Accept: text/csv`, all rows come as CSV, whatever page is asked for.
    """
    return queries.rows_of(figure, everything=wants_csv(), **query)
