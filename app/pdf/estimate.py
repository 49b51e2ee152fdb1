"""An estimate as PDF: what will be done, what it costs, and what the customer has authorized."""

from functools import partial

from app.pdf.blocks import beside
from app.pdf.consent import add_authorizations, state
from app.pdf.formats import date, moment, money, time
from app.pdf.jobs import Jobs
from app.pdf.parts import customer, remarks, sums, vehicle
from app.pdf.pen import Pen
from app.pdf.sheet import SECTION, SMALL, Amount, Sheet, add_paragraphs, boxes, letterhead, totals
from app.pdf.texts import one_line

TITLE = "Estimate"
OVER = ("invoiced", "closed", "cancelled")  # statuses in which the customer decides no more


def estimate(document: dict) -> bytes:
    """Return an estimate as PDF: the same bytes for the same document.

    `document` is the JSON of `GET /service-tickets/{id}/estimate`. Any of its texts may be None, and so
    may `vehicle`, `customer` and `shop_supplies`. Times are texts in ISO 8601; they are shown in the
    time zone of the shop.
    """
    title = f"{TITLE} {one_line(document['ticket']['ro_number'])}".strip()
    created = moment(document["ticket"]["updated_at"])
    return laid_out(document).pdf(title, foot(document), created)


def foot(document: dict) -> list[str]:
    """Return the texts for the foot of each page: the shop's name and the repair order's number."""
    return [one_line(document["shop"]["name"]), one_line(document["ticket"]["ro_number"])]


def laid_out(document: dict, pen: Pen | None = None) -> Sheet:
    """Return a Sheet with all parts of an estimate, not yet divided into pages.

    `document` is the estimate's JSON, as for `estimate`. `pen` measures the texts; None stands for a new
    Pen.
    """
    sheet = Sheet(document["shop"]["paper"], pen)
    sheet.add(letterhead(sheet, document["shop"], TITLE, _facts(document)))
    sheet.add(boxes(sheet, customer(sheet, document), vehicle(sheet, document)), gap=12)
    add_paragraphs(sheet, "Your concern", document["ticket"]["problem_description"])
    asks = document["ticket"]["status"] not in OVER
    jobs = Jobs(sheet, document, "Work and parts", partial(state, asks=asks))
    jobs.add_counting()
    jobs.add_declined("Declined or deferred: not in the total")
    sheet.add(beside(remarks(sheet, document), totals(sheet, _sums(document))), gap=SECTION)
    add_authorizations(sheet, document)
    add_paragraphs(sheet, "Terms", document["estimate_terms"], SMALL)
    return sheet


def _facts(document: dict) -> list[tuple[str, str | None]]:
    ticket, zone = document["ticket"], document["shop"]["time_zone"]
    return [
        ("Repair order", ticket["ro_number"]),
        ("Opened", date(ticket["opened_at"], zone)),
        ("Promised", time(ticket["promised_at"], zone)),
        ("Last changed", time(ticket["updated_at"], zone)),
        ("Customer PO", ticket["customer_po"]),
    ]


def _sums(document: dict) -> list[Amount]:
    """Return the rows of the totals, and below them what the customer has authorized so far."""
    amounts, authorized = sums(document), document["totals"]["authorized_total_cents"]
    if authorized:
        as_money = money(authorized, document["currency"])
        amounts.append(Amount("Authorized so far", "", as_money))
    return amounts
