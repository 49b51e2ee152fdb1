"""The parts that estimates and invoices have in common: customer, vehicle, totals and remarks.

`document` is an estimate or the document of an invoice, in its JSON form.
"""

from functools import partial

from app.pdf.blocks import Block, column, stack
from app.pdf.formats import money, number
from app.pdf.sheet import BODY, SMALL, STRONG, Amount, Sheet, column_at, pairs
from app.pdf.texts import one_line


def customer(sheet: Sheet, document: dict) -> tuple[str, list[Block]]:
    """Return the box of the customer, for `boxes`: name, address, phone and e-mail."""
    about = document["customer"] or {}
    x, width = column_at(sheet, 0)
    name, *lines = (
        one_line(about.get(key)) for key in ("name", "address", "city", "phone", "email")
    )
    region = " ".join(one_line(about.get(key)) for key in ("state", "postal_code"))
    lines[1] = ", ".join(part for part in (lines[1], region.strip()) if part)
    texts = [(name, STRONG), *((line, BODY) for line in lines)]
    return "Customer", [column(sheet.pen, x, width, *texts)]


def vehicle(sheet: Sheet, document: dict) -> tuple[str, list[Block]]:
    """Return the box of the vehicle, for `boxes`: what it is, its numbers, and its odometer readings."""
    about, ticket = document["vehicle"] or {}, document["ticket"]
    x, width = column_at(sheet, 1)
    car = " ".join(one_line(str(about.get(key) or "")) for key in ("year", "make", "model"))
    readings = [
        (name, f"{number(ticket[key])} {document['shop']['distance_unit']}")
        for name, key in (("Odometer in", "odometer_in"), ("Odometer out", "odometer_out"))
        if ticket.get(key) is not None
    ]
    facts = [
        ("VIN", about.get("vin")),
        ("License plate", about.get("license_plate")),
        ("Color", about.get("color")),
        *readings,
    ]
    name = column(sheet.pen, x, width, (one_line(car), STRONG))
    return "Vehicle", [name, *pairs(sheet, x, width, facts)]


def sums(document: dict) -> list[Amount]:
    """Return the rows of the totals. Rows of zero are left out, except subtotal, taxes and totals.

    Only an invoice has a balance, after what was credited and paid.
    """
    found, as_money = document["totals"], partial(money, currency=document["currency"])
    supplies = one_line((document["shop_supplies"] or {}).get("name")) or "Shop supplies"
    rows = [
        ("Labor", found["labor_cents"]),
        ("Parts", found["parts_cents"]),
        ("Sublet work", found["sublet_cents"]),
        ("Fees", found["fees_cents"]),
        ("Discounts", -found["discount_cents"]),
        (supplies, found["shop_supplies_cents"]),
        ("Core charges", found["core_charges_cents"]),
        ("Core returns", -found["core_returns_cents"]),
    ]
    amounts = [Amount(name, "", as_money(cents)) for name, cents in rows if cents]
    amounts.append(Amount("Subtotal", "", as_money(found["subtotal_cents"])))
    for tax in found["taxes"]:
        remark = f"{number(tax['percentage'])}% of {as_money(tax['taxable_cents'])}"
        amounts.append(Amount(tax["name"], remark, as_money(tax["tax_cents"])))
    amounts.append(Amount("Total", "", as_money(found["total_cents"]), is_total=True))
    if "balance_cents" in found:
        after = [("Credited", -found.get("credited_cents", 0)), ("Paid", -found["paid_cents"])]
        amounts += [Amount(name, "", as_money(cents)) for name, cents in after if cents]
        due = as_money(found["balance_cents"])
        amounts.append(Amount("Balance due", "", due, is_total=True))
    return amounts


def remarks(sheet: Sheet, document: dict) -> Block:
    """Return the block at the left of the totals: remarks about replaced parts and shop supplies."""
    returned = document["ticket"]["return_replaced_parts"]
    answer = "yes" if returned else "no"
    texts = [] if returned is None else [f"Return replaced parts to the customer: {answer}"]
    if document["shop_supplies"] and document["totals"]["shop_supplies_cents"]:
        texts.append(one_line(document["shop_supplies"]["statement"]))
    columns = [column(sheet.pen, 0, sheet.width * 0.4, (text, SMALL)) for text in texts if text]
    return stack(columns, gap=6)
