"""Which amounts of an estimate or invoice its PDF must show, how often, and which ones a text has."""

import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

AMOUNT = re.compile(r"-?(?:CA\$|A\$|\$|€|£|(?:CHF|JPY)\s)[\d,]+\.\d\d")
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$"}
ADDED = ("labor", "parts", "sublet", "fees", "shop_supplies", "core_charges", "authorized_total")


def amounts_in(text):
    return Counter(re.sub(r"\s", " ", each) for each in AMOUNT.findall(text))


def amounts_of(document):
    """Return a Counter of all amounts that the PDF must show, as they are written there."""
    return Counter(written(cents, document["currency"]) for cents in _cents_of(document))


def written(cents, currency):
    sign = SIGNS.get(currency, currency + " ")
    return f"{'-' if cents < 0 else ''}{sign}{Decimal(abs(cents)) / 100:,.2f}"


def _cents_of(document):
    for job in [*document["jobs"], *document.get("declined_jobs", ())]:
        yield from _of_job(job)
    for job in document.get("not_done", ()):
        yield job["price_cents"]
    for line in document["discounts"]:
        yield line["amount_cents"]
    yield from _of_totals(document["totals"])
    for authorization in document["authorizations"]:
        yield authorization["authorized_total_cents"]
        for each in authorization["decisions"]:
            yield each["price_cents"]
            if each["up_to_cents"] is not None:
                yield each["up_to_cents"]


def _of_job(job):
    agreed, consent = job.get("authorized_cents"), job.get("authorization")
    yield job["price_cents"]
    is_raised = consent == "pending" and agreed
    up_to = consent == "authorized" and agreed not in (None, job["price_cents"])
    if is_raised or up_to:
        yield agreed
    for line in job["lines"]:
        yield from _of_line(line)


def _of_line(line):
    yield line["amount_cents"]
    if line["kind"] == "discount":
        return
    if line["kind"] != "labor":
        yield line["unit_price_cents"]
    elif line["flat_price_cents"] is None:
        yield line["rate_cents"]
    if off := _own_discount(line):
        yield -off
    for quantity, times in ((line["quantity"], 1), (line["cores_returned"], -1)):
        if quantity and line["core_charge_cents"]:
            yield times * line["core_charge_cents"]
            yield times * _whole(line["core_charge_cents"] * Decimal(str(quantity)))


def _own_discount(line):
    amount, percentage = Decimal(line["amount_cents"]), line["discount_percentage"]
    if amount <= 0:
        return 0
    if percentage is None:
        return int(min(amount, line["discount_cents"] or 0))
    return _whole(amount * Decimal(str(percentage)) / 100)


def _of_totals(sums):
    yield from (sums[f"{name}_cents"] for name in ADDED if sums.get(f"{name}_cents"))
    yield from (-sums[name] for name in ("discount_cents", "core_returns_cents") if sums[name])
    yield sums["subtotal_cents"]
    yield sums["total_cents"]
    if "balance_cents" in sums:
        yield sums["balance_cents"]
        yield from (-sums[name] for name in ("credited_cents", "paid_cents") if sums.get(name))
    for tax in sums["taxes"]:
        yield tax["taxable_cents"]
        yield tax["tax_cents"]


def _whole(cents):
    return int(cents.quantize(Decimal(1), ROUND_HALF_UP))
