"""Pagination: classes and functions that put blocks, the pieces of a PDF document, onto pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.pdf.blocks import Block

TOLERANCE = 0.01


@dataclass(frozen=True)
class Part:
    """Rows that stay together on one page, unless they are higher than a page.

    Higher rows are divided, between two rows if possible. `head` is the head of a table: it is drawn
    once above successive parts that have it, and again on each new page. `gap` is the empty space above
    the part in points; at the top of a page there is none.
    """

    rows: tuple[Block, ...]
    head: Block | None = None
    gap: float = 0


class Pages:
    """Pages that are filled with parts from top to bottom; each is `height` points high.

    `pages` has a list for each page: `[(y, block)]`, with the y of the block's top.
    """

    def __init__(self, height: float):
        self.height = height
        self.pages: list[list[tuple[float, Block]]] = [[]]
        self._y = 0.0
        self._head: Block | None = None

    def add(self, part: Part) -> None:
        """Put a part below the parts before it, or onto a new page if it does not fit."""
        heading = 0.0 if part.head is self._head else _height([part.head])
        needed = part.gap + heading + _height(part.rows)
        is_long = _height([part.head]) + _height(part.rows) > self.height
        # A part that fits on no page begins where at least a third of a page is free.
        wanted = self.height / 3 if is_long else needed
        if self._y and self._y + wanted > self.height + TOLERANCE:
            self._turn(None)
        if self._y:
            self._y += part.gap
        self._begin(part.head)
        for row in part.rows:
            self._put_row(row, part.head)

    def _put_row(self, row: Block, head: Block | None) -> None:
        """Put a row onto this page or the next, and divide it only if it is higher than a page.

        `head` is the head of the row's table, which is put at the top of each new page.
        """
        fits_a_page = _height([head, row]) <= self.height + TOLERANCE
        while self._y + row.height > self.height + TOLERANCE:
            if not fits_a_page:
                upper, row = row.split(self.height - self._y)
                self._put(upper)
            self._turn(head)
        self._put(row)

    def _put(self, block: Block) -> None:
        if block.marks:
            self.pages[-1].append((self._y, block))
        self._y += block.height

    def _begin(self, head: Block | None) -> None:
        """Put the head of a table onto the page, unless the part above has the same head."""
        if head is not None and head is not self._head:
            self._put(head)
        self._head = head

    def _turn(self, head: Block | None) -> None:
        self.pages.append([])
        self._y, self._head = 0.0, None
        self._begin(head)


def paginated(parts: Iterable[Part], height: float) -> list[list[tuple[float, Block]]]:
    """Put parts onto pages of `height` points; return a list for each page: `[(y, block)]`.

    `y` is the top of the block.
    """
    pages = Pages(height)
    for part in parts:
        pages.add(part)
    return pages.pages


def _height(blocks: Sequence[Block | None]) -> float:
    return sum(block.height for block in blocks if block is not None)
