"""The figures of a shop, computed anew from the documents of its invoices and credit notes alone."""

from collections import defaultdict

KINDS = ("labor", "part", "sublet", "fee", "shop_supplies", "core")


def half_up(above, below):
    return (2 * above + below) // (2 * below)


def figures(invoices, notes):
    """Return the figures that follow from documents: of invoices, and of credit notes.

    `invoices` are all documents of the period, and `notes` the credit notes of the period, each with the
    document of its invoice: `[(note, invoice)]`.
    """
    net, taxes, minutes = defaultdict(int), defaultdict(lambda: [0, 0]), 0
    for document in invoices:
        minutes += minutes_of(document)
        for charge in document["charges"]:
            net[charge["kind"]] += charge["net_cents"]
            for tax in charge["taxes"]:
                add(taxes, tax["name"], tax["millionths"], charge["net_cents"], tax["tax_cents"])
    for note, invoice in notes:
        minutes -= minutes_of(invoice) if note["voids"] else 0
        for line in note["lines"]:
            net[line["kind"]] -= line["net_cents"]
        for tax in note["totals"]["taxes"]:
            add(taxes, tax["name"], round(tax["percentage"] * 10_000), 0, -tax["tax_cents"])
    sales = sum(net[kind] for kind in KINDS if kind != "core")
    orders = len(invoices) - sum(note["voids"] for note, _ in notes)
    return {
        "sales": sales,
        "repair_orders": orders,
        "average_repair_order": half_up(sales, orders) if orders > 0 else None,
        "parts_sales": net["part"],
        "labor_sales": net["labor"],
        "billed_minutes": minutes,
        "effective_labor_rate": half_up(net["labor"] * 60, minutes) if minutes > 0 else None,
        "hours_per_repair_order": (
            half_up(minutes * 100, orders * 60) / 100 if orders > 0 else None
        ),
        "tax": {name: tax for name, (_net, tax) in taxes.items()},
    }


def minutes_of(document):
    """Return the minutes of the labor that an invoice charges."""
    lines = [line for job in document["jobs"] for line in job["lines"]]
    return sum(line["billed_minutes"] or 0 for line in lines if line["kind"] == "labor")


def add(taxes, name, millionths, net, tax):
    both = taxes[f"{name}:{millionths}"]
    both[0] += net
    both[1] += tax
