"""The expected report on the shop, of those figures that the book knows: sales and money."""

from tests.service_tickets.oracle import of
from tests.system.whole_shop.accounts import owed_by_age, period
from tests.system.whole_shop.book import Book
from tests.system.whole_shop.step import act

# All figures in their order; the book knows some of them.
FIGURES = (
    *("sales", "repair_orders", "average_repair_order", "parts_sales", "parts_cost"),
    *("parts_gross_profit", "parts_gross_margin", "labor_sales", "labor_cost"),
    *("labor_gross_profit", "labor_gross_margin", "sublet_gross_profit", "billed_minutes"),
    *("effective_labor_rate", "hours_per_repair_order", "by_mechanic", "decisions"),
    *("closing_rate", "taxes", "payments", "receivables", "stock_value", "stock_turns"),
)


@act("GET", "/reports/shop", ("manager",))
def see_report(book: Book, step):
    first, last = period(step.query)
    invoices = [each for each in book.invoices.values() if first <= each.on <= last]
    notes = [each for each in book.credit_notes.values() if first <= each.on <= last]
    sold = net_by_kind(book, invoices, notes)
    sales = sum(cents for kind, cents in sold.items() if kind != "core")
    orders = len(invoices) - sum(note.voids for note in notes)
    known = {
        "sales": sales,
        "repair_orders": orders,
        "average_repair_order": of(sales, 1, orders) if orders > 0 else None,
        "parts_sales": sold.get("part", 0),
        "labor_sales": sold.get("labor", 0),
    }
    owed = owed_by_age(book, list(book.invoices.values()), last)
    groups = {
        "payments": tills(book, first, last),
        "receivables": [
            {"key": age, "of": "balance", "value": cents} for age, cents in sorted(owed.items())
        ],
        "taxes": taxes(book, invoices, notes),
    }
    shown = {name: {"value": value} for name, value in known.items()}
    shown |= {name: {"groups": items} for name, items in groups.items()}
    book.members = {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "figures": [{"name": name} | shown.get(name, {}) for name in FIGURES],
    }


def net_by_kind(book: Book, invoices, notes) -> dict[str, int]:
    """Return the net amounts of charges by their kinds, less what credit notes took back."""
    charges = {each.name: each for paper in book.invoices.values() for each in paper.charges}
    changes = [(each.kind, each.net) for paper in invoices for each in paper.charges]
    changes += [(charges[name].kind, -net) for note in notes for name, net, _ in note.lines]
    sums: dict[str, int] = {}
    for kind, cents in changes:
        sums[kind] = sums.get(kind, 0) + cents
    return sums


def tills(book: Book, first, last) -> list[dict]:
    """Return what was taken and paid back in a period, by method."""
    moved = [each for each in book.payments.values() if first <= each.on <= last]
    found = []
    for method in sorted({each.method for each in moved}):
        amounts = [each.amount for each in moved if each.method == method]
        sums = {
            "taken": sum(cents for cents in amounts if cents > 0),
            "refunded": -sum(cents for cents in amounts if cents < 0),
            "net": sum(amounts),
        }
        found += [{"key": method, "of": name, "value": cents} for name, cents in sums.items()]
    return found


def taxes(book: Book, invoices, notes) -> list[dict]:
    """Return the taxed amounts and the taxes of a period, by tax and rate, less what was credited."""
    sums: dict[tuple[str, int], list[int]] = {}
    shares = [
        (each.net, share) for paper in invoices for each in paper.charges for share in each.taxes
    ]
    shares += [
        (-net, (name, rate, -cents))
        for note in notes
        for _, net, back in note.lines
        for name, rate, cents in back
    ]
    for net, (name, rate, cents) in shares:
        so_far = sums.setdefault((name, rate), [0, 0])
        so_far[0], so_far[1] = so_far[0] + net, so_far[1] + cents
    labels = {f"{name} {float(rate / 10_000):g}%": (name, rate) for name, rate in sums}
    return [
        {"key": f"{name}:{rate}", "label": label, "of": word, "value": value}
        for label, (name, rate) in sorted(labels.items())
        for word, value in zip(("taxable", "tax"), sums[name, rate], strict=True)
    ]
