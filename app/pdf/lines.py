"""Functions that turn lines of a job into table rows of a PDF, with their discounts and core charges."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from app.money import BASIS_POINTS, half_up
from app.pdf.formats import duration, number
from app.pdf.sheet import BODY, SMALL
from app.pdf.table import Item
from app.pdf.texts import one_line

HEADINGS = ("Quantity", "Price", "Amount")
HUNDREDTHS = 100
KINDS = {"labor": "Labor", "part": "Part", "sublet": "Sublet work", "fee": "Fee"}
CONDITIONS = {
    "new": "New",
    "used": "Used",
    "rebuilt": "Rebuilt",
    "reconditioned": "Reconditioned",
    "oem_crash": "OEM crash part",
    "non_oem_crash": "Non-OEM aftermarket crash part",
}
Money = Callable[[int], str]


def items_of(line: dict, as_money: Money, unit: str) -> Iterator[Item]:
    """Yield the table rows of a line: itself, its discount, its deposit for old parts, and the refund.

    `line` is a line of an estimate in its JSON form, `as_money` formats cents, and `unit` is the unit of
    distance in warranties, such as `mi`.
    """
    texts = [(one_line(line["name"]), BODY), (_details(line, unit), SMALL)]
    yield Item(texts, (_quantity(line), _price(line, as_money), as_money(line["amount_cents"])))
    if line["kind"] == "discount":
        return
    if discount := own_discount(line):
        yield _below("Discount", (_percentage(line), "", as_money(-discount)))
    deposit = line["core_charge_cents"]
    for text, quantity, sign in (
        ("Core charge", line["quantity"], 1),
        ("Core return", line["cores_returned"], -1),
    ):
        if deposit and quantity:
            total = sign * half_up(deposit * _hundredths(quantity), HUNDREDTHS)
            yield _below(text, (number(quantity), as_money(sign * deposit), as_money(total)))


def discount_of_order(discount: dict, as_money: Money) -> Item:
    """Return the row of a discount on the whole order, which has fewer members than a line."""
    amount = as_money(discount["amount_cents"])
    return Item([(one_line(discount["name"]), BODY)], (_percentage(discount), "", amount))


def own_discount(line: dict) -> int:
    """Return the cents that a line's own discount takes off its amount, at most the whole amount."""
    amount, percentage = line["amount_cents"], line["discount_percentage"]
    if amount <= 0:
        return 0
    if percentage is not None:
        return min(amount, half_up(amount * _hundredths(percentage), BASIS_POINTS))
    return min(amount, line["discount_cents"] or 0)


def _below(text: str, numbers: tuple[str, str, str]) -> Item:
    return Item([(text, SMALL)], numbers, SMALL, is_indented=True)


def _hundredths(value: float) -> int:
    """Return a quantity or percentage in hundredths; it has at most two decimals."""
    return int(Decimal(str(value)) * HUNDREDTHS)


def _percentage(line: dict) -> str:
    percentage = line["discount_percentage"]
    return "" if percentage is None else f"{number(percentage)}%"


def _details(line: dict, unit: str) -> str:
    """Return the text below a line's name: its kind, part number, condition and warranty.

    `unit` is that of `items_of`.
    """
    condition = line["condition"]
    parts = (
        f"{KINDS.get(line['kind'], '')} {one_line(line['part_number'])}".strip(),
        CONDITIONS.get(condition, one_line(condition)),
        _warranty(line["warranty_months"], line["warranty_distance"], unit),
    )
    return " · ".join(part for part in parts if part)


def _warranty(months: int | None, distance: int | None, unit: str) -> str:
    terms = [f"{months} month{'s' if months != 1 else ''}"] if months else []
    terms += [f"{number(distance)} {unit}"] if distance else []
    return "Warranty " + " or ".join(terms) if terms else ""


def _quantity(line: dict) -> str:
    if line["kind"] == "labor":
        return duration(line["billed_minutes"] or 0)
    if line["kind"] == "discount":
        return _percentage(line)
    return "" if line["quantity"] is None else number(line["quantity"])


def _price(line: dict, as_money: Money) -> str:
    if line["kind"] != "labor":
        return "" if line["unit_price_cents"] is None else as_money(line["unit_price_cents"])
    if line["flat_price_cents"] is not None:
        return "flat"
    return "" if line["rate_cents"] is None else as_money(line["rate_cents"]) + "/h"
