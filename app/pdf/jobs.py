"""The jobs of a repair order as tables: first those in the total, then those declined or deferred."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from app.pdf.blocks import Block
from app.pdf.formats import money
from app.pdf.lines import HEADINGS, Money, discount_of_order, items_of
from app.pdf.pen import GRAY, INK, Style
from app.pdf.sheet import BODY, SECTION, SMALL, STRONG, Sheet
from app.pdf.table import Item, Table
from app.pdf.texts import one_line, paragraphs

BETWEEN_JOBS = 12.0
Remark = Callable[[dict, Money], tuple[str, Style]]


class Jobs:
    """The tables of a document's jobs on `sheet`: one of those in the total, one of those that are not.

    Both have columns of the same widths. `document` has `jobs`, `declined_jobs`, `discounts` (on the
    whole ticket), `currency` and `shop.distance_unit`. `title` is the heading of the first column.
    `remark(job, money)` returns `(text, style)`: a text beside the name of a job, and its style; `money`
    is a function that formats cents.
    """

    def __init__(self, sheet: Sheet, document: dict, title: str, remark: Remark):
        self._sheet, self._document, self._remark = sheet, document, remark
        self._money = partial(money, currency=document["currency"])
        jobs = [*document["jobs"], *document["declined_jobs"]]
        prices = [Item((), ("", "", self._money(job["price_cents"]))) for job in jobs]
        items = [item for job in jobs for line in job["lines"] for item in self._items(line)]
        self._discounts = [discount_of_order(each, self._money) for each in document["discounts"]]
        self._table = Table(sheet, (title, *HEADINGS), items + prices + self._discounts)

    def add_counting(self) -> None:
        """Add the table of the jobs in the total, and of the discounts of the whole ticket."""
        self._add(self._document["jobs"], self._table.head, "Job price", INK)
        if self._discounts:
            title = self._table.heading([("Discounts on the whole order", STRONG), ("", SMALL)])
            rows = [[self._table.row(each)] for each in self._discounts]
            rows[0].insert(0, title)
            self._add_groups(rows, self._table.head, BETWEEN_JOBS)

    def add_declined(self, title: str) -> None:
        """Add the table of the declined and deferred jobs to the sheet, in gray, headed by `title`."""
        head = self._table.titled(title, HEADINGS)
        self._add(self._document["declined_jobs"], head, "Not in the total", GRAY)

    def _add(self, jobs: Iterable[dict], head: Block, label: str, gray: int) -> None:
        """Add jobs to the sheet, below the head of their table.

        A job's heading stays on one page with its first line, and its price with its last line. `label`
        is the text beside the price, and nothing is darker than `gray` (0 is black, 255 white).
        """
        gap = SECTION
        for job in jobs:
            price = self._money(job["price_cents"])
            notes = [(line, BODY) for line in paragraphs(job["note"])]
            texts = [(one_line(job["name"]), STRONG), self._remark(job, self._money), *notes]
            whole = Item(texts, ("", "", price), STRONG).in_gray(gray)
            groups = [self._rows(line, gray) for line in job["lines"]]
            if groups:
                groups[0].insert(0, self._table.heading(whole.texts))
                groups[-1].append(self._table.sum(label, price, whole.style))
            self._add_groups(groups or [[self._table.row(whole)]], head, gap)
            gap = BETWEEN_JOBS

    def _add_groups(self, groups: Iterable[Sequence[Block]], head: Block, gap: float) -> None:
        for group in groups:
            self._sheet.add(*group, head=head, gap=gap)
            gap = 0

    def _items(self, line: dict) -> Iterable[Item]:
        return items_of(line, self._money, self._document["shop"]["distance_unit"])

    def _rows(self, line: dict, gray: int) -> list[Block]:
        return [self._table.row(item.in_gray(gray)) for item in self._items(line)]
