"""The charges of a price, as an invoice lists them, each with its share of each tax."""

from dataclasses import dataclass, field

from app.blueprints.service_tickets.pricing.order import Line, Terms
from app.blueprints.service_tickets.pricing.price import MILLION, Price
from app.money import half_up


@dataclass(frozen=True)
class TaxShare:
    """What a charge adds to one tax at one of its rates, in cents."""

    name: str
    millionths: int
    cents: int


@dataclass
class Charge:
    """A charge of a price, in cents before (`amount`) and after all discounts (`net`).

    `kind` is that of the ticket line, or `core` for a core charge or return of the line, or
    `shop_supplies`, which have no line.
    """

    kind: str
    line: Line | None
    amount: int
    net: int
    taxes: list[TaxShare] = field(default_factory=list)

    @property
    def tax(self) -> int:
        return sum(each.cents for each in self.taxes)


def charges_of(price: Price, terms: Terms) -> list[Charge]:
    """Return the charges of a price in order: each line, its core charge, its core return, then supplies.

    `terms` are those with which the price was computed. The nets add up to `price.subtotal`, and the
    shares of each tax to that tax: a share is the rounded tax on all charges up to this one, minus the
    rounded tax on those before.
    """
    charges = []
    for line in price.lines:
        charges.append(Charge(line.line.kind, line.line, line.amount, line.left))
        for cents in (line.core_charge, -line.core_return):
            if cents:
                charges.append(Charge("core", line.line, cents, cents))
    if price.supplies:
        charges.append(Charge("shop_supplies", None, price.supplies, price.supplies))
    for tax in terms.taxes:
        for rate in sorted({*tax.rates.values()} - {0}, reverse=True):
            base = due = 0
            for charge in charges:
                if _rate_of(charge, tax.rates, terms) == rate:
                    base += charge.net
                    share = half_up(base * rate, MILLION) - due
                    due += share
                    charge.taxes.append(TaxShare(tax.name, rate, share))
    return charges


def _rate_of(charge: Charge, rates: dict[str, int], terms: Terms) -> int:
    """Return the rate of a tax for a charge, in millionths; 0 if the charge is not taxable.

    `rates` are those of the tax by kind. Cores are taxed as their line, and shop supplies as fees.
    """
    if charge.line is None:
        is_taxable = terms.supplies is not None and terms.supplies.taxable
        return rates.get("fee", 0) if is_taxable else 0
    return rates.get(charge.line.kind, 0) if charge.line.taxable else 0
