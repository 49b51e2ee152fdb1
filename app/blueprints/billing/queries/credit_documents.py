"""What a credit note says, made from the document of its invoice."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.blueprints.billing.crediting import Credit
from app.models import CreditNote, InvoiceLine
from app.money import MILLIONTHS_OF_A_PERCENT

OF_INVOICE = ("shop", "customer", "vehicle", "currency")


def document_of(
    note: CreditNote,
    invoice: Mapping[str, Any],
    rows: Mapping[int, InvoiceLine],
    credits: Sequence[Credit],
) -> dict[str, Any]:
    """Return the document of a credit note, in the form in which it is stored.

    `invoice` is the document of its invoice, whose names and addresses it has. `rows` are the lines of
    the invoice by their ids, and `credits` what is taken back of them.
    """
    return {
        **{name: invoice[name] for name in OF_INVOICE},
        "number": note.number,
        "invoice_number": invoice["number"],
        "ro_number": invoice["ticket"]["ro_number"],
        "issued_at": note.issued_at,
        "issued_on": note.issued_on,
        "reason": note.reason,
        "voids": note.voids,
        "lines": [
            {
                "invoice_line_id": each.line_id,
                "kind": str(rows[each.line_id].kind),
                "job_name": rows[each.line_id].job_name,
                "name": rows[each.line_id].name,
                "net_cents": each.net,
                "tax_cents": each.tax,
            }
            for each in credits
        ],
        "totals": {
            "subtotal_cents": note.subtotal_cents,
            "taxes": _taxes(credits),
            "tax_cents": note.tax_cents,
            "total_cents": note.total_cents,
        },
    }


def _taxes(credits: Sequence[Credit]) -> list[dict[str, Any]]:
    """Return what is taken back of each tax at each of its rates."""
    sums: dict[tuple[str, int], int] = {}
    for each in credits:
        for share in each.shares:
            key = share.name, share.millionths
            sums[key] = sums.get(key, 0) + share.cents
    return [
        {"name": name, "percentage": rate / MILLIONTHS_OF_A_PERCENT, "tax_cents": cents}
        for (name, rate), cents in sums.items()
    ]
