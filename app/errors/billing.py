"""Refusals about invoices."""

from app.errors.base import ShopError


class NegativeTotal(ShopError):
    """The total of this ticket is below zero, so there is nothing to invoice.

    Correct the allowance, the discount or the returned cores on the ticket. Money that you owe the
    customer is not paid by an invoice. `total_cents` is the total.
    """

    status, code = 409, "negative_total"


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
