"""A table in a PDF, with texts in its first column and numbers in the columns to the right."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.pdf.blocks import Block, Rule, beside, column, stack
from app.pdf.pen import Style
from app.pdf.sheet import BODY, LABEL, STRONG, Sheet

GAP = 14.0  # between two columns
INDENT = 10.0
LEAST = 34.0  # the width of a column of numbers
Texts = Sequence[tuple[str, Style]]


class Item(NamedTuple):
    """A row of a table: `texts` for the first column, and `numbers`, as text, for the other columns.

    Each text begins on a new line. `style` is that of the numbers. A row that belongs to the one above
    it is indented.
    """

    texts: Texts
    numbers: Sequence[str]
    style: Style = BODY
    is_indented: bool = False

    def in_gray(self, gray: int) -> "Item":
        """Return the row with each darker text lightened to `gray` (0 is black, 255 white)."""
        texts = [(text, _paler(style, gray)) for text, style in self.texts]
        return self._replace(texts=texts, style=_paler(self.style, gray))


class Table:
    """A table on a sheet, whose columns of numbers are as wide as their widest number.

    `headings` are those of all columns. `items` are all rows that the table will have: they are only
    measured here, and not added. `head` is the block with the headings.
    """

    def __init__(self, sheet: Sheet, headings: Sequence[str], items: Iterable[Item]):
        self.sheet = sheet
        numbers = [headings[1:], *(item.numbers for item in items)]
        self._widths = [
            max(LEAST, *(sheet.pen.width(text, STRONG) for text in texts))
            for texts in zip(*numbers, strict=True)
        ]
        self.head = self.titled(headings[0], headings[1:])

    def titled(self, title: str, headings: Sequence[str]) -> Block:
        """Return a block of headings: `title` for the first column, `headings` for the others."""
        cells = beside(*self._cells([(title, LABEL)], headings, LABEL, 0)).padded(4)
        return stack([cells, Block(4, (Rule(0, 0, self.sheet.width),))])

    def row(self, item: Item) -> Block:
        """Return the block that draws `item` as a row of the table."""
        indent = INDENT if item.is_indented else 0
        cells = self._cells(item.texts, item.numbers, item.style, indent)
        return beside(*cells).padded(2.5)

    def heading(self, texts: Texts) -> Block:
        """Return a row over the whole width: a title, a remark at the right edge, and notes below.

        `texts` has them in this order. The remark comes below the title if both are too long for a line.
        """
        title, remark, *notes = texts
        pen, width = self.sheet.pen, self.sheet.width
        room = width - pen.width(*title) - GAP
        if pen.width(*remark) > room:
            return column(pen, 0, width * 0.9, title, remark, *notes).padded(3)
        beside_it = column(pen, 0, width, remark, right=True).moved(title[1].size - remark[1].size)
        below = column(pen, 0, width * 0.9, *notes)
        return stack([beside(column(pen, 0, width, title), beside_it), below]).padded(3)

    def sum(self, label: str, number: str, style: Style = STRONG) -> Block:
        """Return a row with `number` in the last column, below a thin line, and `label` before it."""
        wide = self._widths[-1]
        at = self.sheet.width - wide
        cells = beside(
            column(self.sheet.pen, 0, at - GAP, (label, style), right=True),
            column(self.sheet.pen, at, wide, (number, style), right=True),
        )
        return stack([Block(4, (Rule(at, 1, wide),)), cells]).padded(4)

    def _cells(
        self, texts: Texts, numbers: Sequence[str], style: Style, indent: float
    ) -> list[Block]:
        cells, right = [], self.sheet.width
        for text, wide in reversed([*zip(numbers, self._widths, strict=True)]):
            cells.append(column(self.sheet.pen, right - wide, wide, (text, style), right=True))
            right -= wide + GAP
        return [column(self.sheet.pen, indent, right - indent, *texts), *cells]


def _paler(style: Style, gray: int) -> Style:
    return style._replace(gray=max(gray, style.gray))
