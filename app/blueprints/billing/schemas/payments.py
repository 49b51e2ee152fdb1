"""Request and response bodies of payments and refunds, and the filters of their list."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from marshmallow import ValidationError, fields, validate

from app.blueprints.service_tickets.schemas.jobs import PAYMENT_STATUSES
from app.clock import utc_now
from app.models import Payment, PaymentMethod
from app.models.invoices import MAX_TOTAL_CENTS
from app.web.card_numbers import may_have_card_number
from app.web.fields import (
    Choice,
    DateTime,
    Digits,
    Few,
    Id,
    RequestSchema,
    ResponseSchema,
    Whole,
    auto_field,
)
from app.web.pages import PageQuery, sorted_by
from app.web.rules import rule
from app.web.texts import NO_CARDS

LONGEST = 200
MOST_ALLOCATIONS = 100
MOST_DAYS_BACK = 31


def no_card_number(text: str | None) -> None:
    """Refuse a text that may have a card number, which people write beside money.

    Texts that are too long are refused anyway, and not searched.
    """
    if len(text or "") <= LONGEST and may_have_card_number(text or ""):
        raise ValidationError(NO_CARDS)


class MoneyCreate(RequestSchema):
    """What payments and refunds have in common: the amount, and how the money changed hands."""

    class Meta(RequestSchema.Meta):
        model = Payment

    amount_cents = Whole(least=1, most=MAX_TOTAL_CENTS, required=True)
    method = Choice(PaymentMethod, required=True)
    reference = auto_field(
        validate=[validate.Length(max=80), no_card_number],
        metadata={"description": "such as the number of a check or of the card terminal's slip"},
    )
    note = auto_field(validate=[validate.Length(max=LONGEST), no_card_number])


class RefundCreate(MoneyCreate):
    """Request body for a refund: `note` says why."""


class PaymentCreate(MoneyCreate):
    """Request body for a payment for a ticket."""

    received_at = DateTime(metadata={"description": "at most 31 days ago; now if it is left out"})

    @rule
    def say_when(self, loaded: dict, _sent: Any) -> Iterator[tuple[str, str]]:
        at, now = loaded.get("received_at"), utc_now()
        if at is not None and not now - timedelta(days=MOST_DAYS_BACK) <= at <= now:
            yield "received_at", f"Not in the future, and at most {MOST_DAYS_BACK} days ago."


class AllocationIn(RequestSchema):
    """The part of a customer's payment that is for one ticket."""

    ticket_id = Id(required=True)
    amount_cents = Whole(least=1, most=MAX_TOTAL_CENTS, required=True)


class CustomerPaymentCreate(PaymentCreate):
    """Request body for one payment of a customer for several tickets."""

    allocations = Few(
        fields.Nested(AllocationIn),
        validate=validate.Length(min=1, max=MOST_ALLOCATIONS),
        metadata={"description": "if left out: the open invoices, the one due first at first"},
    )

    @rule
    def divide_all_of_it(self, loaded: dict, _sent: Any) -> Iterator[tuple[str, str]]:
        parts = loaded.get("allocations")
        if parts is None or any(len(each) < 2 for each in parts):
            return
        if len({each["ticket_id"] for each in parts}) < len(parts):
            yield "allocations", "Two are for the same ticket."
        if sum(each["amount_cents"] for each in parts) != loaded.get("amount_cents"):
            yield "allocations", "They don't add up to amount_cents."


class RecordedByOut(ResponseSchema):
    """The member of staff who recorded a payment."""

    id = fields.Integer()
    name = fields.String()


class PaymentOut(ResponseSchema):
    """Response body of a payment or refund, with the present balance of its ticket."""

    class Meta(ResponseSchema.Meta):
        model = Payment

    id = auto_field()
    ticket_id = auto_field()
    invoice_id = fields.Integer(
        allow_none=True, metadata={"description": "the ticket's invoice that is not void"}
    )
    customer_id = auto_field()
    amount_cents = fields.Integer(metadata={"description": "negative for a refund"})
    method = Choice(PaymentMethod)
    reference = auto_field()
    note = auto_field()
    received_at = DateTime()
    refunds_payment_id = auto_field()
    refunded_cents = fields.Integer()
    refundable_cents = fields.Integer()
    recorded_by = fields.Nested(RecordedByOut, allow_none=True)
    batch_id = auto_field()
    balance_cents = fields.Integer(metadata={"description": "of the ticket, what is left to pay"})
    payment_status = fields.String(metadata={"enum": PAYMENT_STATUSES})


class PaymentBatchOut(ResponseSchema):
    """Response body of one payment of a customer for several tickets; `batch_id` is in each of `items`."""

    batch_id = fields.Integer()
    items = fields.List(fields.Nested(PaymentOut))


class PaymentListQuery(PageQuery):
    """Query parameters for the list of payments; by default, the newest come first."""

    ticket_id = Digits(least=1)
    customer_id = Digits(least=1)
    method = Choice(PaymentMethod)
    received_from = DateTime()
    received_to = DateTime()
    sort = sorted_by("id", "received_at", default="-received_at")
