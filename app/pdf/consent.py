"""The customer's decisions in a PDF: the consent to a job in words, and the table of authorizations."""

from collections.abc import Callable, Sequence
from functools import partial

from app.pdf.blocks import Block, Rule, beside, column, stack
from app.pdf.formats import money, time
from app.pdf.pen import Style
from app.pdf.sheet import BODY, HALF, LABEL, NOTICE, SECTION, SMALL, STRONG, Sheet
from app.pdf.texts import one_line, paragraphs

TITLE = "Authorizations"
WAITING = "Waiting for your decision"
AGAIN = {
    "price_raised": "Price raised since you decided: please decide again",
    "work_changed": "Work changed since you decided: please decide again",
    "discount_lowered": "Discount lowered since you decided: please decide again",
}
DECISIONS = {"authorized": "Authorized", "declined": "Declined", "deferred": "Deferred"}
METHODS = {
    "in_person": "In person",
    "phone": "By phone",
    "email": "By e-mail",
    "sms": "By text message",
    "account": "In the customer's account",
    "link": "By approval link",
}
COLUMNS = ((0.0, 0.25), (0.27, 0.25), (HALF, 0.26))  # left edge and width, in widths of the sheet


def state(job: dict, as_money: Callable[[int], str], *, asks: bool) -> tuple[str, Style]:
    """Return `(text, style)`: the consent to a job in plain words, and the style in which it is drawn.

    `job` is a job of an estimate in its JSON form, and `as_money` formats cents. `asks` is whether the
    customer can still decide; if so, a pending job has the style NOTICE, bold and black.
    """
    said, agreed = job["authorization"], job["authorized_cents"]
    if said == "pending":
        text = AGAIN.get(job["because"] or "", WAITING) if asks else "Not authorized"
        shown = f"{text} (authorized: {as_money(agreed)})" if agreed else text
        return shown, NOTICE if asks else SMALL
    text = DECISIONS.get(said, one_line(said))
    if said == "authorized" and agreed not in (None, job["price_cents"]):
        text = f"{text} up to {as_money(agreed)}"
    return text, SMALL


def add_authorizations(sheet: Sheet, document: dict) -> None:
    """Add the table of the document's `authorizations` to the sheet.

    Each row has when and how, by whom, the decision on each job, and the authorized total. `document`
    also has `currency` and `shop.time_zone`.
    """
    as_money = partial(money, currency=document["currency"])
    head = _head(sheet)
    for authorization in document["authorizations"]:
        row = _row(sheet, authorization, document["shop"]["time_zone"], as_money)
        sheet.add(row, head=head, gap=SECTION)


def _head(sheet: Sheet) -> Block:
    labels = [[(text, LABEL)] for text in (TITLE, "Authorized by", "Decided", "Authorized total")]
    return stack([_cells(sheet, labels).padded(4), Block(4, (Rule(0, 0, sheet.width),))])


def _row(sheet: Sheet, authorization: dict, zone: str, as_money: Callable[[int], str]) -> Block:
    taken_by = one_line((authorization["taken_by"] or {}).get("name"))
    at = [
        (time(authorization["at"], zone), BODY),
        (METHODS.get(authorization["method"], one_line(authorization["method"])), SMALL),
    ]
    who = [
        (one_line(authorization["authorized_by_name"]), BODY),
        (one_line(authorization["contact"]), SMALL),
        (f"Taken by {taken_by}" if taken_by else "", SMALL),
    ]
    decided = []
    for each in authorization["decisions"]:
        decided += [(one_line(each["name"]), BODY), (_decision(each, as_money), SMALL)]
    total = [(as_money(authorization["authorized_total_cents"]), STRONG)]
    notes = [(line, SMALL) for line in paragraphs(authorization["note"])]
    cells = _cells(sheet, [at, who, decided, total])
    return stack([cells, column(sheet.pen, 0, sheet.width, *notes)]).padded(4)


def _decision(decision: dict, as_money: Callable[[int], str]) -> str:
    """Return a decision as text, with the job's price at that time, such as `Authorized at $120.00`.

    `decision` is `{decision, price_cents, up_to_cents, ...}`, and `as_money` formats cents.
    """
    said = DECISIONS.get(decision["decision"], one_line(decision["decision"]))
    price, up_to = decision["price_cents"], decision["up_to_cents"]
    text = said if price is None else f"{said} at {as_money(price)}"
    return text if up_to is None else f"{text}, up to {as_money(up_to)}"


def _cells(sheet: Sheet, cells: Sequence[Sequence[tuple[str, Style]]]) -> Block:
    """Return a row of four cells: three at the places COLUMNS, and the fourth at the right edge.

    Each cell is a list of `(text, style)`, one below the other; the fourth cell has only one.
    """
    wide = sheet.width
    *lefts, (right,) = cells
    placed = [
        column(sheet.pen, wide * x, wide * width, *texts)
        for (x, width), texts in zip(COLUMNS, lefts, strict=True)
    ]
    return beside(*placed, column(sheet.pen, wide * 0.82, wide * 0.18, right, right=True))
