"""Checks that credit notes take back what was invoiced: in proportion, and never a cent more."""

from collections import defaultdict
from fractions import Fraction

from tests.service_tickets.oracle import rounded


def credits_return_net_and_tax_in_proportion(scene) -> None:
    """Check what all credit notes together take back of each line, and of its share in each tax."""
    for line_id, line in scene.rows.lines.items():
        credits, net = scene.rows.credits_of[line_id], line["net_cents"]
        back = sum(each["net_cents"] for each in credits)
        assert line["credited_cents"] == back, line_id
        by_tax = defaultdict(int)
        for each in credits:
            shares = scene.rows.credit_taxes_of[each["id"]]
            assert sum(share["tax_cents"] for share in shares) == each["tax_cents"], each["id"]
            for share in shares:
                by_tax[share["name"], share["millionths"]] += share["tax_cents"]
        for share in scene.rows.taxes_of[line_id]:
            part = rounded(Fraction(share["tax_cents"] * back, net)) if back else 0
            assert by_tax.pop((share["name"], share["millionths"]), 0) == part, line_id
        assert not by_tax, f"Line {line_id} gets back a tax that it did not have"


def no_more_is_credited_than_was_invoiced(scene) -> None:
    """Check the credited sum of each invoice; of a void one, all that was charged is taken back."""
    for invoice_id, invoice in scene.rows.invoices.items():
        notes = scene.rows.notes_of[invoice_id]
        back = sum(note["total_cents"] for note in notes)
        shown = scene.listed["invoices"][invoice_id]
        assert invoice["credited_cents"] == shown["credited_cents"] == back, invoice["number"]
        assert 0 <= back <= invoice["total_cents"], invoice["number"]
        if not any(note["voids"] for note in notes):
            continue
        assert back == invoice["total_cents"], invoice["number"]
        for line in scene.rows.lines_of[invoice_id]:
            credits = scene.rows.credits_of[line["id"]]
            for name in ("net_cents", "tax_cents"):
                assert sum(each[name] for each in credits) == line[name], line["id"]
