"""A pen, which measures and draws text with fpdf2, in DejaVu Sans and DejaVu Sans Bold."""

from datetime import UTC, datetime
from itertools import groupby
from typing import NamedTuple

from fpdf import FPDF
from fpdf.bidi import BidiParagraph, auto_detect_base_direction
from fpdf.enums import TextDirection
from fpdf.fonts import TTFFont

from app.pdf.texts import BOLD, COMPLEX, REGULAR

FAMILY = "dejavu"
PRODUCER = "Mechanic Shop API"
LEADING = 1.33  # the height of a line of text, in sizes of its font
INK, GRAY, HAIRLINE = 25, 115, 200  # 0 is black and 255 white


class Style(NamedTuple):
    """How a text is drawn: the size of the font in points, whether it is bold, and its gray (0..255)."""

    size: float
    bold: bool = False
    gray: int = INK

    @property
    def leading(self) -> float:
        return self.size * LEADING


class Pen:
    """One PDF in the making, which also measures the texts that are to be drawn on it."""

    def __init__(self):
        self._pdf = FPDF(unit="pt")
        self._pdf.add_font(FAMILY, "", REGULAR)
        self._pdf.add_font(FAMILY, "B", BOLD)
        self._pdf.alias_nb_pages(None)  # type: ignore[arg-type]  # else "{nb}" in a name is replaced
        self._pdf.set_auto_page_break(False)
        self._pdf.c_margin = 0
        self._widths: dict[tuple[str, bool], float] = {}

    def width(self, text: str, style: Style) -> float:
        """Return the width of a text in points: the sum of the widths of its words and spaces."""
        words = text.split(" ")
        spaces = (len(words) - 1) * self._word(" ", style.bold)
        return style.size * (spaces + sum(self._word(word, style.bold) for word in words))

    def add_page(self, width: float, height: float) -> None:
        """Begin a page of this width and height in points."""
        self._pdf.add_page(format=(width, height))

    def write(self, x: float, top: float, text: str, style: Style) -> None:
        """Draw a text from left to right; `x` is its left edge, and `top` the top of its line."""
        self._pdf.set_text_color(style.gray)
        for run, direction in visual_runs(text):
            self._choose(style.size, style.bold, direction)
            self._pdf.set_xy(x, top)
            self._pdf.cell(w=None, h=style.leading, text=run, align="L")
            x = self._pdf.get_x()

    def rule(self, x: float, y: float, width: float, thickness: float, gray: int) -> None:
        """Draw a horizontal line that begins at (x, y); `gray` is 0 for black and 255 for white.

        All lengths are in points.
        """
        self._pdf.set_draw_color(gray)
        self._pdf.set_line_width(thickness)
        self._pdf.line(x, y, x + width, y)

    def pdf(self, title: str, created: datetime | None) -> bytes:
        """Return the bytes of the finished PDF, in which `title` and the time `created` are stored.

        Without `created`, the time is the beginning of 1970.
        """
        self._pdf.set_title(title)
        self._pdf.set_lang("en")
        self._pdf.set_producer(PRODUCER)
        self._pdf.set_creation_date(created or datetime(1970, 1, 1, tzinfo=UTC))
        return bytes(self._pdf.output())

    def close(self) -> None:
        """Close the font files of a pen that made no PDF; otherwise `pdf` has closed them."""
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def _word(self, word: str, bold: bool) -> float:
        """Return the width of a word at a font size of one point, and store it for the next call."""
        key = word, bold
        if key not in self._widths:
            self._choose(1, bold, base_of(word) if COMPLEX.search(word) else None)
            self._widths[key] = self._pdf.get_string_width(word)
        return self._widths[key]

    def _choose(self, size: float, bold: bool, direction: TextDirection | None) -> None:
        """Set the font of the next text, and the direction in which to shape it (None: not at all)."""
        self._pdf.set_font(FAMILY, "B" if bold else "", size)
        self._pdf.set_text_shaping(direction is not None, direction=direction)


def visual_runs(text: str) -> list[tuple[str, TextDirection | None]]:
    """Divide a line into runs of one direction; return `[(run, direction)]` from left to right.

    `direction` is the one in which the run must be shaped, or None if it needs no shaping. fpdf2 shapes
    a run well, but puts numbers between words of a right-to-left script in a wrong order. So the order
    is computed here, by rule L2 of Unicode's bidirectional algorithm (UAX 9).
    """
    if not COMPLEX.search(text):
        return [(text, None)] if text else []
    characters = BidiParagraph(text, base_of(text), preserve_bn_chars=True).get_characters()
    levels = groupby(characters, key=lambda each: each.embedding_level)
    runs = [(level, "".join(each.character for each in run)) for level, run in levels]
    for lowest in range(max(level for level, _ in runs), 0, -1):
        runs = _reversed_from(lowest, runs)
    return [(run, _direction(level, run)) for level, run in runs]


def base_of(text: str) -> TextDirection:
    """Return the direction of the first letter of a text, or left to right if it has no letter."""
    return auto_detect_base_direction(text) or TextDirection.LTR


def _reversed_from(lowest: int, runs: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return runs with each sequence of neighbours at level `lowest` or higher in reverse order.

    `runs` is `[(level, text)]`.
    """
    ordered: list[tuple[int, str]] = []
    for is_higher, group in groupby(runs, key=lambda run: run[0] >= lowest):
        ordered.extend([*group][:: -1 if is_higher else 1])
    return ordered


def _direction(level: int, run: str) -> TextDirection | None:
    if level % 2:
        return TextDirection.RTL
    return TextDirection.LTR if COMPLEX.search(run) else None
