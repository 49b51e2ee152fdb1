"""An estimate as PDF: what will be done, what it costs, and what the customer has authorized."""

from functools import partial

from app.pdf.blocks import Block, beside, column, stack
from app.pdf.consent import add_authorizations, state
from app.pdf.formats import date, moment, money, number, time
from app.pdf.jobs import Jobs
from app.pdf.pen import Pen
from app.pdf.sheet import (
    BODY,
    SECTION,
    SMALL,
    STRONG,
    Amount,
    Sheet,
    add_paragraphs,
    boxes,
    column_at,
    letterhead,
    pairs,
    totals,
)
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
    sheet.add(boxes(sheet, _customer(sheet, document), _vehicle(sheet, document)), gap=12)
    add_paragraphs(sheet, "Your concern", document["ticket"]["problem_description"])
    asks = document["ticket"]["status"] not in OVER
    jobs = Jobs(sheet, document, "Work and parts", partial(state, asks=asks))
    jobs.add_counting()
    jobs.add_declined("Declined or deferred: not in the total")
    sheet.add(beside(_remarks(sheet, document), totals(sheet, _sums(document))), gap=SECTION)
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


def _customer(sheet: Sheet, document: dict) -> tuple[str, list[Block]]:
    customer = document["customer"] or {}
    x, width = column_at(sheet, 0)
    name, *lines = (
        one_line(customer.get(key)) for key in ("name", "address", "city", "phone", "email")
    )
    region = " ".join(one_line(customer.get(key)) for key in ("state", "postal_code"))
    lines[1] = ", ".join(part for part in (lines[1], region.strip()) if part)
    texts = [(name, STRONG), *((line, BODY) for line in lines)]
    return "Customer", [column(sheet.pen, x, width, *texts)]


def _vehicle(sheet: Sheet, document: dict) -> tuple[str, list[Block]]:
    vehicle, odometer = document["vehicle"] or {}, document["ticket"]["odometer_in"]
    x, width = column_at(sheet, 1)
    car = " ".join(one_line(str(vehicle.get(key) or "")) for key in ("year", "make", "model"))
    unit = document["shop"]["distance_unit"]
    facts = [
        ("VIN", vehicle.get("vin")),
        ("License plate", vehicle.get("license_plate")),
        ("Color", vehicle.get("color")),
        ("Odometer in", None if odometer is None else f"{number(odometer)} {unit}"),
    ]
    name = column(sheet.pen, x, width, (one_line(car), STRONG))
    return "Vehicle", [name, *pairs(sheet, x, width, facts)]


def _sums(document: dict) -> list[Amount]:
    """Return the rows of the totals. Rows of zero are left out, except subtotal, taxes and total."""
    sums, as_money = document["totals"], partial(money, currency=document["currency"])
    supplies = one_line((document["shop_supplies"] or {}).get("name")) or "Shop supplies"
    rows = [
        ("Labor", sums["labor_cents"]),
        ("Parts", sums["parts_cents"]),
        ("Sublet work", sums["sublet_cents"]),
        ("Fees", sums["fees_cents"]),
        ("Discounts", -sums["discount_cents"]),
        (supplies, sums["shop_supplies_cents"]),
        ("Core charges", sums["core_charges_cents"]),
        ("Core returns", -sums["core_returns_cents"]),
    ]
    amounts = [Amount(name, "", as_money(cents)) for name, cents in rows if cents]
    amounts.append(Amount("Subtotal", "", as_money(sums["subtotal_cents"])))
    for tax in sums["taxes"]:
        remark = f"{number(tax['percentage'])}% of {as_money(tax['taxable_cents'])}"
        amounts.append(Amount(tax["name"], remark, as_money(tax["tax_cents"])))
    amounts.append(Amount("Total", "", as_money(sums["total_cents"]), is_total=True))
    if sums["authorized_total_cents"]:
        authorized = as_money(sums["authorized_total_cents"])
        amounts.append(Amount("Authorized so far", "", authorized))
    return amounts


def _remarks(sheet: Sheet, document: dict) -> Block:
    """Return the block at the left of the totals: remarks about replaced parts and shop supplies."""
    returned = document["ticket"]["return_replaced_parts"]
    answer = "yes" if returned else "no"
    texts = [] if returned is None else [f"Return replaced parts to the customer: {answer}"]
    if document["shop_supplies"] and document["totals"]["shop_supplies_cents"]:
        texts.append(one_line(document["shop_supplies"]["statement"]))
    columns = [column(sheet.pen, 0, sheet.width * 0.4, (text, SMALL)) for text in texts if text]
    return stack(columns, gap=6)
