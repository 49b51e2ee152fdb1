"""Blocks: pieces of a page with a height, made of lines of text and horizontal rules.

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
    """One line of text in a Block. `x` is its left edge, and `y` the top of the line."""

    x: float
    y: float
    line: str
    style: Style

    @property
    def bottom(self) -> float:
        return self.y + self.style.leading


@dataclass(frozen=True)
class Rule:
    """A horizontal line that begins at `x` and is `width` long; `gray` is 0 for black, 255 for white."""

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
    """A piece of a page, `height` points high.

    `marks` are the texts and rules on it; a block without marks is empty space.
    """

    height: float
    marks: tuple[Text | Rule, ...] = ()

    def moved(self, down: float) -> "Block":
        """Return the block with `down` points of empty space added at its top.

        A negative `down` removes space there.
        """
        marks = tuple(replace(mark, y=mark.y + down) for mark in self.marks)
        return Block(self.height + down, marks)

    def padded(self, below: float) -> "Block":
        """Return the block with `below` points of empty space added at its bottom."""
        return Block(self.height + below, self.marks)

    def split(self, height: float) -> tuple["Block", "Block"]:
        """Divide the block: return the marks that fit into `height` points, and the rest, as two blocks.

        The rest begins with its first line, without empty space above it.
        """
        upper = tuple(mark for mark in self.marks if mark.bottom <= height)
        lower = tuple(mark for mark in self.marks if mark.bottom > height)
        cut = min((mark.y for mark in lower), default=self.height)
        end = max((mark.bottom for mark in upper), default=0.0)
        return Block(end, upper), Block(self.height, lower).moved(-cut)


def stack(blocks: Iterable[Block], gap: float = 0) -> Block:
    """Return blocks, one below the other, as one block, with `gap` points between them."""
    height, marks = 0.0, list[Text | Rule]()
    for block in blocks:
        top = height + gap if height else 0.0
        marks.extend(block.moved(top).marks)
        height = top + block.height
    return Block(height, tuple(marks))


def beside(*blocks: Block) -> Block:
    """Return blocks side by side as one block, with their tops aligned; all marks stay at their `x`."""
    height = max((block.height for block in blocks), default=0.0)
    return Block(height, tuple(mark for block in blocks for mark in block.marks))


def column(
    pen: Pen, x: float, width: float, *texts: tuple[str, Style], right: bool = False
) -> Block:
    """Return a block of texts, one below the other, each broken into lines of at most `width` points.

    `x` is the left edge. Each of `texts` is `(text, style)`, where the text has no line ends; an empty
    text is left out. With `right`, which is for numbers, texts are aligned at the right edge, and not
    broken. A line that is too wide gets a smaller font.
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
