"""The expected charges of an invoice: its lines, core charges, core returns and supplies, with taxes."""

from tests.service_tickets.oracle import MILLION, of
from tests.system.whole_shop.money_rows import Charge
from tests.system.whole_shop.order import Order


def charges_of(order: Order) -> list[Charge]:
    """Return the charges of an order as it is priced now, each with its share of each tax."""
    made: list[tuple[Charge, str | None]] = []  # with the kind whose tax rate they have
    for job in order.with_lines:
        for line in () if job.is_turned_down else order.lines_of(job):
            if line.kind == "discount":
                continue
            row = order.price.rows[line.name]
            kind = line.kind if line.taxable else None
            of_it = {"job": job.name, "line": line.name, "mechanic": None}
            by = {"mechanic": line.mechanic_id}
            made.append((_charge(line.kind, row["amount"], row["left"], of_it | by), kind))
            for cents in (row["core"] + row["core_return"], -row["core_return"]):
                if cents:
                    made.append((_charge("core", cents, cents, of_it), kind))
    if cents := order.price.supplies:
        kind = "fee" if order.terms.supplies.taxable else None
        of_none = dict.fromkeys(("job", "line", "mechanic"))
        made.append((_charge("shop_supplies", cents, cents, of_none), kind))
    for tax in order.terms.taxes:
        for rate in sorted({*tax.rates.values()} - {0}, reverse=True):
            _share_out(tax, rate, [each for each, kind in made if tax.rates.get(kind) == rate])
    return [each for each, _ in made]


def _charge(kind, amount, net, of_it):
    return Charge(kind=kind, amount=amount, net=net, **of_it)


def _share_out(tax, rate, charges):
    """Give each of these charges what it adds to the rounded tax on all of them up to it."""
    base = 0
    for each in charges:
        before, base = base, base + each.net
        cents = of(base, rate, MILLION) - of(before, rate, MILLION)
        each.taxes.append((tax.name, rate, cents))
