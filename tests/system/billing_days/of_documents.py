"""Checks that an invoice or credit note says the same in its document, lists, totals and PDF."""

import json
from collections import Counter

from tests.pdf.amounts import amounts_in, amounts_of, written
from tests.pdf.reading import amounts_read_in, pages_of

OF_LINES = (
    "position",
    "kind",
    "name",
    "job_id",
    "amount_cents",
    "discount_cents",
    "net_cents",
    "tax_cents",
)
OF_CREDITS = ("invoice_line_id", "kind", "job_name", "name", "net_cents", "tax_cents")
# Added up, they are the subtotal.
PARTS = {
    **dict.fromkeys(("labor", "parts", "sublet", "fees", "shop_supplies", "core_charges"), 1),
    **dict.fromkeys(("discount", "core_returns"), -1),
}


def of(shown, *names):
    return {name: shown[name] for name in names}


def taxes_in(totals):
    """Return `{(name, millionths): cents}` of the taxes in the totals of a document."""
    found = {
        (tax["name"], round(tax["percentage"] * 10_000)): tax["tax_cents"]
        for tax in totals["taxes"]
    }
    assert len(found) == len(totals["taxes"])
    return {key: cents for key, cents in found.items() if cents}


def summed(shares):
    """Return the sums of shares in taxes, by name and rate, without those that are 0."""
    found = Counter()
    for share in shares:
        found[share["name"], share["millionths"]] += share["tax_cents"]
    return {key: cents for key, cents in found.items() if cents}


def adds_up(shown, lines):
    """Check that the lines add up to the subtotal and the tax, and these to the total."""
    assert sum(line["net_cents"] for line in lines) == shown["subtotal_cents"]
    assert sum(line["tax_cents"] for line in lines) == shown["tax_cents"]
    assert shown["subtotal_cents"] + shown["tax_cents"] == shown["total_cents"]


def invoices_say_the_same_everywhere(scene) -> None:
    sums = ("subtotal_cents", "tax_cents", "total_cents")
    for invoice_id, document in scene.shop.papers.of("invoices").items():
        row, shown = scene.rows.invoices[invoice_id], scene.listed["invoices"][invoice_id]
        totals, charges = document["totals"], document["charges"]
        assert of(totals, *sums) == of(shown, *sums) == of(row, *sums), row["number"]
        assert document["number"] == shown["number"] == row["number"]
        lines = scene.shop.see(f"/invoices/{invoice_id}/lines").json["items"]
        kept = scene.rows.lines_of[invoice_id]
        told = [[of(line, *OF_LINES) for line in each] for each in (charges, lines, kept)]
        assert told[0] == told[1] == told[2], row["number"]
        for each in (charges, lines, kept):
            adds_up(shown, each)
        assert (
            sum(totals[f"{name}_cents"] * sign for name, sign in PARTS.items())
            == (totals["subtotal_cents"])
        ), row["number"]
        shares = [share for line in kept for share in scene.rows.taxes_of[line["id"]]]
        printed = [share for charge in charges for share in charge["taxes"]]
        assert summed(shares) == summed(printed) == taxes_in(totals), row["number"]
        if not shown["is_void"]:
            now = scene.shop.see(f"/service-tickets/{row['ticket_id']}/totals").json
            assert totals == of(now, *totals) | paid_before(scene, row), row["number"]


def paid_before(scene, invoice):
    """Return what the document of an invoice says of the money that was paid before it."""
    ledger = scene.rows.ledger_of[invoice["ticket_id"]]
    paid = sum(row["amount_cents"] for row in ledger if row["created_at"] < invoice["issued_at"])
    return {"paid_cents": paid, "balance_cents": invoice["total_cents"] - paid}


def credit_notes_say_the_same_everywhere(scene) -> None:
    for note_id, document in scene.shop.papers.of("credit-notes").items():
        row, shown = scene.rows.notes[note_id], scene.listed["credit-notes"][note_id]
        invoice = scene.rows.invoices[row["invoice_id"]]
        assert document["number"] == shown["number"] == row["number"]
        assert document["invoice_number"] == shown["invoice_number"] == invoice["number"]
        kept = scene.rows.lines_of_note[note_id]
        assert document["lines"] == [of(line, *OF_CREDITS) for line in shown["lines"]]
        money = ("invoice_line_id", "net_cents", "tax_cents")
        assert [of(line, *money) for line in kept] == [
            of(line, *money) for line in document["lines"]
        ]
        for sums in (shown, document["totals"], row):
            adds_up(sums, kept)
        shares = [share for line in kept for share in scene.rows.credit_taxes_of[line["id"]]]
        assert summed(shares) == taxes_in(document["totals"]), row["number"]
        assert row["ticket_id"] == invoice["ticket_id"]


def pdfs_show_each_amount(scene) -> None:
    """Check the text of the new PDFs: each amount is there as often as the document has it.

    Later their bytes are compared, so one reading will do.
    """
    papers = scene.shop.papers
    while papers.unread:
        path = papers.unread.pop()
        pdf, document = papers.pdfs[path], json.loads(papers.documents[path])
        text = "\n".join(pages_of(pdf))
        assert document["number"] in text, path
        if path.startswith("/invoices/"):
            assert amounts_of(document) <= amounts_read_in(pdf), path
        else:
            assert amounts_in_credit(document) == amounts_in(text), path


def amounts_in_credit(document) -> Counter:
    """Return all amounts that the PDF of a credit note shows, as they are written there."""
    totals = document["totals"]
    cents = [line[name] for line in document["lines"] for name in ("net_cents", "tax_cents")]
    cents += [totals["subtotal_cents"], totals["total_cents"]]
    cents += [tax["tax_cents"] for tax in totals["taxes"]]
    return Counter(written(each, document["currency"]) for each in cents)
