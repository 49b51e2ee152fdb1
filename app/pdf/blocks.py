"""What stands on a page: a block is a piece of a page with its height, made of lines of text and rules.

`x` is measured from the left margin, and `y` from the top of the block, both in points.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from app.pdf.pen import HAIRLINE, Pen, Style
from app.pdf.texts import wrapped

THIN = 0.6


@dataclass(frozen=True)
class Text:
    """One line of text. `x` is its left edge, and `y` the top of the line."""

    x: float
    y: float
    line: str
    style: Style

    @property
    def bottom(self) -> float:
        return self.y + self.style.leading


@dataclass(frozen=True)
class Rule:
    """A horizontal line from `x`, `width` long; its gray is 0 for black and 255 for white."""

    x: float
    y: float
    width: float
    thickness: float = THIN
    gray: int = HAIRLINE

    @property
    def bottom(self) -> float:
        return self.y


@dataclass(frozen=True)
class Block:
    """A piece of a page with its height in points; without marks it is empty room."""

    height: float
    marks: tuple[Text | Rule, ...] = ()

    def moved(self, down: float) -> "Block":
        """Return the block with all its marks lower by `down`, and higher itself by as much."""
        marks = tuple(replace(mark, y=mark.y + down) for mark in self.marks)
        return Block(self.height + down, marks)

    def padded(self, below: float) -> "Block":
        """Return the block with empty room below it."""
        return Block(self.height + below, self.marks)

    def split(self, height: float) -> tuple["Block", "Block"]:
        """Return what fits into this height, and the rest, which begins with its first line."""
        upper = tuple(mark for mark in self.marks if mark.bottom <= height)
        lower = tuple(mark for mark in self.marks if mark.bottom > height)
        cut = min((mark.y for mark in lower), default=self.height)
        end = max((mark.bottom for mark in upper), default=0.0)
        return Block(end, upper), Block(self.height, lower).moved(-cut)


def stack(blocks: Iterable[Block], gap: float = 0) -> Block:
    """Put blocks below each other, with a gap in points between them."""
    height, marks = 0.0, list[Text | Rule]()
    for block in blocks:
        top = height + gap if height else 0.0
        marks.extend(block.moved(top).marks)
        height = top + block.height
    return Block(height, tuple(marks))


def beside(*blocks: Block) -> Block:
    """Lay blocks over each other with their tops aligned: their marks say where they stand."""
    height = max((block.height for block in blocks), default=0.0)
    return Block(height, tuple(mark for block in blocks for mark in block.marks))


def column(
    pen: Pen, x: float, width: float, *texts: tuple[str, Style], right: bool = False
) -> Block:
    """Return the texts, one below the other, each broken into lines of at most this width.

    Each text is a line without line ends and its style; an empty one is left out. `right` is for
    numbers: they are aligned at the right edge, and not broken. A line that is too wide gets a smaller
    font.
    """
    y, marks = 0.0, list[Text | Rule]()
    for text, style in texts:
        if not text:
            continue
        for line in [text] if right else wrapped(text, width, partial(pen.width, style=style)):
            wide = pen.width(line, style)
            fitting = style._replace(size=style.size * width / wide) if wide > width else style
            left = x + width - min(wide, width) if right else x
            marks.append(Text(left, y, line, fitting))
            y += style.leading
    return Block(y, tuple(marks))
