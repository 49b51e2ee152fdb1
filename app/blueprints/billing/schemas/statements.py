"""Response bodies of statements of customers' accounts."""

from marshmallow import fields

from app.blueprints.billing.queries.statements import ORDER
from app.web.fields import ResponseSchema


class StatementCustomerOut(ResponseSchema):
    """The customer of a statement."""

    id = fields.Integer()
    name = fields.String()


class StatementItemOut(ResponseSchema):
    """An entry of a statement: a debit is owed by the customer, a credit takes from it."""

    on = fields.Date()
    kind = fields.String(
        metadata={
            "enum": list(ORDER),
            "description": "repair_order: a ticket that was closed without an invoice",
        }
    )
    id = fields.Integer()
    number = fields.String(allow_none=True, metadata={"description": "null for money"})
    ticket_id = fields.Integer()
    debit_cents = fields.Integer()
    credit_cents = fields.Integer()
    balance_cents = fields.Integer(metadata={"description": "of the account after it"})


class AgeingOut(ResponseSchema):
    """What is left of invoices at the end of the period, by the days since they were due."""

    current_cents = fields.Integer()
    days_1_30_cents = fields.Integer()
    days_31_60_cents = fields.Integer()
    days_61_90_cents = fields.Integer()
    over_90_cents = fields.Integer()


class StatementOut(ResponseSchema):
    """Response body with the statement of a customer's account.

    The opening balance plus all debits less all credits is the closing balance, which is the opening
    balance of the next day. A balance below zero is owed by the shop.
    """

    customer = fields.Nested(StatementCustomerOut)
    first = fields.Date(data_key="from")
    last = fields.Date(data_key="to")
    currency = fields.String()
    opening_balance_cents = fields.Integer()
    items = fields.List(fields.Nested(StatementItemOut))
    closing_balance_cents = fields.Integer()
    ageing = fields.Nested(AgeingOut)
