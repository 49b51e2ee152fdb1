"""An invoice as PDF: what was done and by whom, what it costs, and what the customer authorized."""

from collections.abc import Callable

from app.pdf.blocks import Block, Rule, beside, column, stack
from app.pdf.consent import DECISIONS, add_authorizations
from app.pdf.formats import date, day, moment
from app.pdf.jobs import Jobs
from app.pdf.parts import customer, remarks, sums, vehicle
from app.pdf.pen import Pen, Style
from app.pdf.sheet import (
    BODY,
    SECTION,
    SMALL,
    Sheet,
    add_paragraphs,
    boxes,
    letterhead,
    totals,
)
from app.pdf.texts import one_line

TITLE = "Invoice"
# What a job says besides its note: the member, and the words before it.
FINDINGS = (("cause", "Cause"), ("correction", "Correction"))
SIGNATURE = 0.4  # the width of the line to sign on, in widths of the sheet


def invoice(document: dict) -> bytes:
    """Return an invoice as PDF: the same bytes for the same document.

    `document` is the JSON of `GET /invoices/{invoice_id}/document`. Any of its texts may be None, and so
    may `vehicle` and `shop_supplies`.
    """
    title = f"{TITLE} {one_line(document['number'])}"
    return laid_out(document).pdf(title, foot(document), moment(document["issued_at"]))


def foot(document: dict) -> list[str]:
    """Return the texts for the foot of each page: the shop's name and the invoice's number."""
    return [one_line(document["shop"]["name"]), one_line(document["number"])]


def laid_out(document: dict, pen: Pen | None = None) -> Sheet:
    """Return a sheet with all parts of an invoice.

    `document` is that of `invoice`, and `pen` measures the texts; None stands for a new Pen.
    """
    sheet = Sheet(document["shop"]["paper"], pen)
    sheet.add(letterhead(sheet, document["shop"], TITLE, _facts(document)))
    sheet.add(boxes(sheet, customer(sheet, document), vehicle(sheet, document)), gap=12)
    add_paragraphs(sheet, "Your concern", document["ticket"]["problem_description"])
    jobs = Jobs(sheet, _with_findings(document), "Work and parts", _remark)
    jobs.add_counting()
    jobs.add_declined("Not done: declined or deferred")
    sheet.add(beside(remarks(sheet, document), totals(sheet, sums(document))), gap=SECTION)
    add_authorizations(sheet, document)
    add_paragraphs(sheet, "Terms", document["terms"], SMALL)
    sheet.add(_certified(sheet, document), gap=SECTION)
    return sheet


def _facts(document: dict) -> list[tuple[str, str | None]]:
    ticket, exempt = document["ticket"], document["customer"]["tax_exempt_number"]
    return [
        ("Number", document["number"]),
        ("Date", day(document["issued_on"])),
        ("Due", day(document["due_on"])),
        ("Repair order", ticket["ro_number"]),
        ("Opened", date(ticket["opened_at"], document["shop"]["time_zone"])),
        ("Customer PO", ticket["customer_po"]),
        ("Tax exempt", exempt),
    ]


def _with_findings(document: dict) -> dict:
    """Return the document with jobs as Jobs takes them: cause and correction are in the notes."""
    return document | {
        "jobs": [job | {"note": _note(job)} for job in document["jobs"]],
        "declined_jobs": [job | {"lines": []} for job in document["not_done"]],
    }


def _note(job: dict) -> str:
    found = [f"{words}: {one_line(job[name])}" for name, words in FINDINGS if job[name]]
    return "\n".join([job["note"], *found] if job["note"] else found)


def _remark(job: dict, _as_money: Callable[[int], str]) -> tuple[str, Style]:
    """Return the text beside the name of a job: who did it, or that the customer did not want it."""
    if "decision" in job:
        return DECISIONS[job["decision"]], SMALL
    names = ", ".join(one_line(each["name"]) for each in job["mechanics"])
    return f"Done by {names}" if names else "", SMALL


def _certified(sheet: Sheet, document: dict) -> Block:
    """Return a line to sign on, with the name of who issued the invoice below it."""
    name = one_line(document["certified_by"])
    if not name:
        return Block(0)
    wide = sheet.width * SIGNATURE
    line = Block(26, (Rule(0, 24, wide),))
    return stack([line, column(sheet.pen, 0, wide, (f"Certified by {name}", BODY))])
