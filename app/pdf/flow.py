"""Putting blocks onto pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.pdf.blocks import Block

TOLERANCE = 0.01


@dataclass(frozen=True)
class Part:
    """Rows that stay together on a page; only if they fit on none are they divided, between two rows.

    `head` is repeated above the rows on each page: parts of one table share it. `gap` is the room above
    the part in points, except at the top of a page.
    """

    rows: tuple[Block, ...]
    head: Block | None = None
    gap: float = 0


class Pages:
    """Pages with blocks at their places: `pages` has a list of (y of its top, block) for each page."""

    def __init__(self, height: float):
        self.height = height
        self.pages: list[list[tuple[float, Block]]] = [[]]
        self._y = 0.0
        self._head: Block | None = None

    def add(self, part: Part) -> None:
        """Put the part below what is there, or onto a new page if it does not fit."""
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
        """Put a row onto this page or the next; divide it only if it fits on none."""
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
        """Draw the head of a table, unless it is the one that is above already."""
        if head is not None and head is not self._head:
            self._put(head)
        self._head = head

    def _turn(self, head: Block | None) -> None:
        self.pages.append([])
        self._y, self._head = 0.0, None
        self._begin(head)


def paginated(parts: Iterable[Part], height: float) -> list[list[tuple[float, Block]]]:
    """Put parts onto pages of this height: a list of (y, block) for each page."""
    pages = Pages(height)
    for part in parts:
        pages.add(part)
    return pages.pages


def _height(blocks: Sequence[Block | None]) -> float:
    return sum(block.height for block in blocks if block is not None)
