"""Text that is prepared for drawing: cleaned, with `□` for missing characters, and broken into lines."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import uharfbuzz

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = FONTS / "DejaVuSans.ttf", FONTS / "DejaVuSans-Bold.ttf"
MISSING = "□"
# Scripts that are written from right to left, or whose letters are joined or combined.
COMPLEX = re.compile(r"[\u0590-\u08ff\u0900-\u0eff\ufb1d-\ufdff\ufe70-\ufeff]")
JOINERS = "\u200c\u200d"  # zero width: they have a meaning between letters of these scripts only
VARIATIONS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


@cache
def covered() -> frozenset[str]:
    """Return the characters that both fonts of the PDF, regular and bold, have."""
    fonts = (uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path)) for path in (REGULAR, BOLD))
    return frozenset.intersection(*(frozenset(map(chr, font.unicodes)) for font in fonts))


def one_line(text: str | None) -> str:
    """Return a text in the form in which it is drawn, on one line; "" for None.

    Spaces and line ends become single spaces, and characters that the fonts don't have become `□`.
    """
    words = unicodedata.normalize("NFC", VARIATIONS.sub("", text or "")).split()
    kept = JOINERS if COMPLEX.search("".join(words)) else ""
    return " ".join(" ".join(_drawn(word, kept) for word in words).split())


def paragraphs(text: str | None) -> list[str]:
    """Return the lines of a text, each in the form of `one_line`.

    Several empty lines become one, and there are none at the beginning and at the end.
    """
    kept: list[str] = []
    for line in map(one_line, (text or "").splitlines()):
        if line or (kept and kept[-1]):
            kept.append(line)
    return kept[:-1] if kept and not kept[-1] else kept


def wrapped(line: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a line at spaces, and a word that is too long anywhere; return the lines, at least one.

    `width` is the room in points, and `measure` returns the width of a text in points.
    """
    lines, current, used, space = [], "", 0.0, measure(" ")
    for word in line.split(" "):
        long = measure(word)
        if current and used + space + long <= width:
            current, used = f"{current} {word}", used + space + long
            continue
        if current:
            lines.append(current)
        *whole, current = _pieces(word, width, measure) if long > width else [word]
        lines.extend(whole)
        used = measure(current)
    return [*lines, current]


def _drawn(word: str, joiners: str) -> str:
    """Return a word in the form in which it is drawn.

    Characters that the fonts don't have become MISSING, control characters become spaces, and invisible
    characters are left out, except `joiners`: JOINERS, or an empty text.
    """
    return "".join(_drawn_character(each, joiners) for each in word)


def _drawn_character(character: str, joiners: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    if category == "Cf" and character not in joiners:
        return ""
    return character if character in covered() else MISSING


def _pieces(word: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Cut a word into pieces that are at most this wide, and never before a combining character."""
    pieces, used = [""], 0.0
    for character in word:
        wide = measure(character)
        combines = unicodedata.category(character).startswith("M") or character in JOINERS
        if pieces[-1] and used + wide > width and not combines:
            pieces.append("")
            used = 0.0
        pieces[-1] += character
        used += wide
    return pieces
