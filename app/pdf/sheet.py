"""The pieces of any document: letterhead, boxes, paragraphs, totals, and the foot of each page."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from app.pdf.blocks import Block, Rule, Text, beside, column, stack
from app.pdf.flow import Part, paginated
from app.pdf.pen import GRAY, Pen, Style
from app.pdf.texts import one_line, paragraphs, wrapped

PAPERS = {"letter": (612.0, 792.0), "a4": (595.28, 841.89)}
MARGIN = 51.0  # 18 mm
FOOT = 8.0  # between the end of a page and its foot, which stands in the lower margin
SECTION = 14.0  # above each section
HALF = 0.54  # where the right half begins, in widths of the sheet
TITLE, NAME = Style(19), Style(14, bold=True)
BODY, STRONG = Style(8.5), Style(8.5, bold=True)
SMALL = Style(7.5, gray=GRAY)
NOTICE = Style(7.5, bold=True)
LABEL = Style(7, bold=True, gray=GRAY)
TOTAL = Style(10, bold=True)


class Amount(NamedTuple):
    """A row of the totals: its name, a remark beside it (may be empty), and the amount as text.

    With `is_total`, it is drawn larger, below a line.
    """

    name: str
    remark: str
    amount: str
    is_total: bool = False


class Sheet:
    """A document in the making: parts from top to bottom, which become pages at the end.

    `paper` is a key of PAPERS, and any other value means a4. `width` is the width between the margins in
    points. `pen` measures texts, and `pdf` draws with it: a given pen may measure for many sheets, but
    only one of them can become a PDF.
    """

    def __init__(self, paper: str | None, pen: Pen | None = None):
        self.pen = pen or Pen()
        self.size = PAPERS.get(paper or "", PAPERS["a4"])
        self.width = self.size[0] - 2 * MARGIN
        self.parts: list[Part] = []

    def add(self, *rows: Block, head: Block | None = None, gap: float = 0) -> None:
        """Add `rows` to the end of the document as one Part, leaving out rows without height.

        `head` and `gap` are those of Part.
        """
        rows = tuple(row for row in rows if row.height)
        if rows:
            self.parts.append(Part(rows, head, gap))

    def pages(self, foot: Sequence[str]) -> list[list[tuple[float, Block]]]:
        """Divide the document into pages; return for each a list of (y below the top margin, block).

        `foot` has the texts at the left and in the middle of each page's foot; the page number is added.
        """
        end = self.size[1] - 2 * MARGIN
        pages = paginated(self.parts, end - FOOT)
        for number, page in enumerate(pages, 1):
            page.append((end, footer(self, [*foot, f"Page {number} of {len(pages)}"])))
        return pages

    def pdf(self, title: str, foot: Sequence[str], created: datetime | None) -> bytes:
        """Draw all pages and return the PDF, in which `title` and the time `created` are stored.

        `foot` has the texts at the left and in the middle of each page's foot.
        """
        for page in self.pages(foot):
            self.pen.add_page(*self.size)
            for top, block in page:
                self._draw(MARGIN + top, block)
        return self.pen.pdf(title, created)

    def _draw(self, top: float, block: Block) -> None:
        for mark in block.marks:
            if isinstance(mark, Text):
                self.pen.write(MARGIN + mark.x, top + mark.y, mark.line, mark.style)
            else:
                self.pen.rule(MARGIN + mark.x, top + mark.y, mark.width, mark.thickness, mark.gray)


def letterhead(
    sheet: Sheet, shop: dict, title: str, facts: Iterable[tuple[str, str | None]]
) -> Block:
    """Return the top of a document: the shop at the left; the title, and facts below it, at the right.

    `shop` has `name`, `address_lines`, `phone`, `email`, `website`, `registration_number`, `tax_number`.
    Each of `facts` is `(name, value)`.
    """
    pen = sheet.pen
    (x, width), (middle, half) = column_at(sheet, 0), column_at(sheet, 1)
    address = [*(shop["address_lines"] or []), shop["phone"], shop["email"], shop["website"]]
    numbers = [
        (name, one_line(shop[key]))
        for name, key in (("Registration", "registration_number"), ("Tax number", "tax_number"))
    ]
    left = column(
        pen,
        x,
        width,
        *((one_line(line), BODY) for line in address),
        *((f"{name} {number}", SMALL) for name, number in numbers if number),
    )
    name = column(pen, x, width, (one_line(shop["name"]), NAME)).moved(TITLE.size - NAME.size)
    heading = column(pen, middle, half, (title, TITLE))
    right = stack(pairs(sheet, middle, half, facts))
    both = beside(stack([name, left], gap=3), stack([heading, right], gap=3))
    return stack([both.padded(10), ruled(sheet.width)])


def boxes(sheet: Sheet, *columns: tuple[str, Sequence[Block]]) -> Block:
    """Return a block of one or two columns side by side, each below its label.

    Each of `columns` is `(label, blocks)`; the blocks have the left edge and width that `column_at`
    returns. A column whose blocks are all empty is left out, with its label.
    """
    placed = []
    for number, (label, blocks) in enumerate(columns):
        x, width = column_at(sheet, number)
        if any(block.height for block in blocks):
            placed.append(stack([column(sheet.pen, x, width, (label, LABEL)).padded(2), *blocks]))
    return beside(*placed)


def column_at(sheet: Sheet, number: int) -> tuple[float, float]:
    """Return the left edge and width in points of one of the two columns of boxes: 0 left, 1 right."""
    middle = sheet.width * HALF
    return (0, middle - 24) if number == 0 else (middle, sheet.width - middle)


def pairs(
    sheet: Sheet, x: float, width: float, facts: Iterable[tuple[str, str | None]]
) -> list[Block]:
    """Return a row for each fact that has a value: the name in gray, and the value beside it.

    Each of `facts` is `(name, value)`. `x` is the left edge of the rows, and `width` their width, in
    points.
    """
    rows = []
    for name, value in facts:
        if line := one_line(value):
            named = column(sheet.pen, x, 74, (name, BODY._replace(gray=GRAY)))
            rows.append(beside(named, column(sheet.pen, x + 78, width - 78, (line, BODY))))
    return rows


def add_paragraphs(sheet: Sheet, label: str, text: str | None, style: Style = BODY) -> None:
    """Add a label to the sheet and a text below it; add nothing if the text is empty.

    The label stays on one page with the first line. Each line of the text becomes a paragraph.
    """
    heading, above = [column(sheet.pen, 0, sheet.width, (label, LABEL)).padded(2)], SECTION
    for line in paragraphs(text):
        if line:
            row = column(sheet.pen, 0, sheet.width, (line, style))
            sheet.add(stack([*heading, row]), gap=above)
        heading, above = [], 0.0 if line else style.leading / 2


def totals(sheet: Sheet, rows: Sequence[Amount]) -> Block:
    """Return the totals in the right half of the sheet: names at the left, amounts at the right edge.

    A remark is right-aligned between name and amount or, if there is no room, comes below the name.
    """
    pen, x, half = sheet.pen, *column_at(sheet, 1)
    wide = min(half * 0.6, max(pen.width(row.amount, TOTAL) for row in rows))
    room = half - wide - 12
    stacked = []
    for row in rows:
        style, name = TOTAL if row.is_total else BODY, one_line(row.name)
        remark = column(pen, x, room, (row.remark, SMALL), right=True)
        if pen.width(name, style) + pen.width(row.remark, SMALL) + 8 > room:
            remark = Block(0)
        cells = [
            column(pen, x, room, (name, style)),
            remark.moved(style.size - SMALL.size),  # onto the same base line
            column(pen, x + half - wide, wide, (row.amount, style), right=True),
        ]
        below = column(pen, x, half, ("" if remark.height else row.remark, SMALL))
        line = stack([beside(*cells), below]).padded(2.5)
        stacked.append(stack([ruled(half, x), Block(6), line]) if row.is_total else line)
    return stack(stacked)


def ruled(width: float, x: float = 0) -> Block:
    """Return a thin horizontal line that begins at `x`, with a little empty space below it."""
    return Block(1.5, (Rule(x, 0, width),))


def footer(sheet: Sheet, texts: Sequence[str]) -> Block:
    """Return the foot of a page: a line, and below it three texts at the left, middle and right."""
    pen = sheet.pen
    rooms = (sheet.width * 0.4, sheet.width * 0.25, sheet.width * 0.25)
    left, middle, right = (
        clipped(pen, text, SMALL, room) for text, room in zip(texts, rooms, strict=True)
    )
    centered = (sheet.width - pen.width(middle, SMALL)) / 2
    at = [0, max(centered, pen.width(left, SMALL) + 12), sheet.width - pen.width(right, SMALL)]
    marks = [Text(x, 5, text, SMALL) for x, text in zip(at, (left, middle, right), strict=True)]
    return Block(5 + SMALL.leading, (Rule(0, 0, sheet.width), *marks))


def clipped(pen: Pen, text: str | None, style: Style, width: float) -> str:
    """Return as much of the text as this width holds, and an ellipsis if that isn't all."""
    line, measure = one_line(text), partial(pen.width, style=style)
    if measure(line) <= width:
        return line
    return wrapped(line, width - measure("…"), measure)[0] + "…"
