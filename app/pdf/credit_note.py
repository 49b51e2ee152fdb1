"""A credit note as PDF: what of an invoice is taken back, and why."""

from functools import partial

from app.pdf.formats import day, moment, money, number
from app.pdf.parts import customer, vehicle
from app.pdf.pen import Pen
from app.pdf.sheet import (
    BODY,
    SECTION,
    SMALL,
    Amount,
    Sheet,
    add_paragraphs,
    boxes,
    letterhead,
    totals,
)
from app.pdf.table import Item, Table
from app.pdf.texts import one_line

TITLE = "Credit note"


def credit_note(document: dict) -> bytes:
    """Return a credit note as PDF: the same bytes for the same document.

    `document` is the JSON of `GET /credit-notes/{credit_note_id}/document`.
    """
    title = f"{TITLE} {one_line(document['number'])}"
    return laid_out(document).pdf(title, foot(document), moment(document["issued_at"]))


def foot(document: dict) -> list[str]:
    """Return the texts for the foot of each page: the shop's name and the credit note's number."""
    return [one_line(document["shop"]["name"]), one_line(document["number"])]


def laid_out(document: dict, pen: Pen | None = None) -> Sheet:
    """Return a sheet with all parts of a credit note; `pen` measures the texts, None for a new one."""
    sheet = Sheet(document["shop"]["paper"], pen)
    facts = [
        ("Number", document["number"]),
        ("Date", day(document["issued_on"])),
        ("Invoice", document["invoice_number"]),
        ("Repair order", document["ro_number"]),
    ]
    of_visit = document | {"ticket": {}}
    sheet.add(letterhead(sheet, document["shop"], TITLE, facts))
    sheet.add(boxes(sheet, customer(sheet, document), vehicle(sheet, of_visit)), gap=12)
    add_paragraphs(sheet, "Reason", document["reason"])
    _add_lines(sheet, document)
    sheet.add(totals(sheet, _sums(document)), gap=SECTION)
    return sheet


def _add_lines(sheet: Sheet, document: dict) -> None:
    as_money = partial(money, currency=document["currency"])
    items = [
        Item(
            [(one_line(line["name"]), BODY), (one_line(line["job_name"]), SMALL)],
            (as_money(line["net_cents"]), as_money(line["tax_cents"])),
        )
        for line in document["lines"]
    ]
    table = Table(sheet, ("Taken back", "Amount", "Tax"), items)
    gap: float = SECTION
    for item in items:
        sheet.add(table.row(item), head=table.head, gap=gap)
        gap = 0


def _sums(document: dict) -> list[Amount]:
    sums, as_money = document["totals"], partial(money, currency=document["currency"])
    amounts = [Amount("Subtotal", "", as_money(sums["subtotal_cents"]))]
    amounts += [
        Amount(tax["name"], f"{number(tax['percentage'])}%", as_money(tax["tax_cents"]))
        for tax in sums["taxes"]
    ]
    return [*amounts, Amount("Total", "", as_money(sums["total_cents"]), is_total=True)]
