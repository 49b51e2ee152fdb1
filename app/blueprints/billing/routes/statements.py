"""The route of the statement of a customer's account."""

from flask import g

from app.blueprints.billing.queries import statements as queries
from app.blueprints.billing.schemas.periods import PeriodQuery
from app.blueprints.billing.schemas.statements import StatementOut
from app.blueprints.customers import bp as customers
from app.errors import NotFound
from app.web.auth import requires
from app.web.caching import cached
from app.web.csv_answers import offers_csv
from app.web.limits import reads
from app.web.shapes import accepts, refuses, returns


@customers.get("/<int:customer_id>/statement")
@reads
@requires()
@cached(*queries.TABLES)
@accepts(PeriodQuery(), "query")
@returns(StatementOut())
@refuses(NotFound)
@offers_csv(*queries.COLUMNS)
def statement(customer_id, **query):
    """Show the statement of a customer's account for a period of at most 366 days.

    It has all invoices, credit notes, payments and refunds, with the balance after each of them, and at
    the end what is not paid, by age. Customers see their own. With `Accept: text/csv`, the items come as
    CSV.
    """
    return queries.statement(g.actor, customer_id, **query)
