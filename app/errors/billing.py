"""Refusals about invoices, payments and refunds."""

from app.errors.base import ShopError


class AboveBalance(ShopError):
    """This is more than what is left to pay. Nothing was recorded.

    Record at most `balance_cents`, and estimate further work first. A payment that was typed wrong is
    refunded and recorded anew.
    """

    status, code = 409, "above_balance"


class AboveInvoice(ShopError):
    """More would be taken back than is left of the invoice or of this line. Nothing was credited.

    Take back at most `remaining_cents`, before tax of the line `invoice_line_id`, or with tax of the
    whole invoice if no line is named.
    """

    status, code = 409, "above_invoice"


class AbovePayment(ShopError):
    """More would be paid back than was paid. Nothing was recorded.

    Refund at most `refundable_cents`: the payment less its earlier refunds.
    """

    status, code = 409, "above_payment"


class BalanceDue(ShopError):
    """The invoice of this ticket is not paid, or the shop owes the customer money, so it stays open.

    Record the payment or the refund first; `balance_cents` is what is left. A manager can close it with
    `on_account`.
    """

    status, code = 409, "balance_due"


class InvoiceRequired(ShopError):
    """Something is due for this ticket, and the shop closes no ticket without an invoice.

    Issue it with `POST /service-tickets/{ticket_id}/invoice` first.
    """

    status, code = 409, "invoice_required"


class NegativeTotal(ShopError):
    """The total of this ticket is below zero, so there is nothing to invoice.

    Correct the allowance, the discount or the returned cores on the ticket. Money that you owe the
    customer is not paid by an invoice. `total_cents` is the total.
    """

    status, code = 409, "negative_total"


class NotAPayment(ShopError):
    """This is a refund, which can't be refunded.

    Refund the payment that it belongs to, `refunds_payment_id`, or record a new payment.
    """

    status, code = 409, "not_a_payment"


class NothingToCredit(ShopError):
    """This invoice is void: all of it was taken back already.

    Invoice the ticket again, if something is due for it.
    """

    status, code = 409, "nothing_to_credit"


class NumberingBegun(ShopError):
    """The first invoice has been issued, so the number of the first invoice can't change any more.

    Leave out `first_invoice_number`: the next invoice has the next number.
    """

    status, code = 409, "numbering_begun"


class UnusedParts(ShopError):
    """Parts from stock are planned on this ticket, but were not taken out of stock: nothing was invoiced.

    Use the parts of these lines (`line_ids`) with `POST /lines/{line_id}/use`, or delete the lines.
    """

    status, code = 409, "unused_parts"
