"""Lines, runs and pages: what the layout of any document is made of."""

import pytest
from fpdf.enums import TextDirection

from app.pdf.blocks import Block, Text, column
from app.pdf.flow import Part, paginated
from app.pdf.pen import Pen, Style, visual_runs
from app.pdf.texts import covered, one_line, paragraphs, wrapped

LINE = Style(10)


@pytest.fixture(scope="module")
def pen():
    pen = Pen()
    yield pen
    pen.close()


def row(name, height=100):
    return Block(height, (Text(0, 0, name, LINE),))


def names_of(pages):
    return [[mark.line for _, block in page for mark in block.marks] for page in pages]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (None, ""),
        ("  a \n\t b  ", "a b"),
        ("a\x00b\x1b\x7f", "a b"),
        ("e\u0301", "é"),
        ("a\u00adb\u202ec\ufe0f", "abc"),
        ("田🚗x", "□□x"),
        ("👨\u200d👩", "□□"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u200cb", "ab"),
        ("\ud800", "□"),
    ],
)
def test_a_text_becomes_a_line_that_can_be_drawn(text, line):
    assert one_line(text) == line


def test_the_box_itself_and_the_ellipsis_can_be_drawn():
    assert {"□", "…", "·", "€", "£"} <= covered()


def test_lines_of_a_text_are_kept_and_empty_ones_are_at_most_one():
    assert paragraphs("\r\n\n a \x0b b\n\n \nc\u2028d\n\n") == ["a", "b", "", "c", "d"]
    assert paragraphs(None) == paragraphs(" \n ") == []


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("", [""]),
        ("aa bb cc", ["aa bb", "cc"]),
        ("aaaaaaaaaaaa b", ["aaaaa", "aaaaa", "aa b"]),
        ("b aaaaaaa", ["b", "aaaaa", "aa"]),
        ("aaaae\u0323\u0301\u0304", ["aaaae\u0323\u0301\u0304"]),
        ("aaaaae\u0323", ["aaaaa", "e\u0323"]),
    ],
)
def test_a_line_is_broken_at_spaces_and_long_words_anywhere(line, lines):
    assert (
        wrapped(line, 5, lambda text: sum(not "\u0300" <= each < "\u0370" for each in text))
        == lines
    )


def test_a_word_is_never_broken_before_a_combining_character():
    assert wrapped("aaaaa\u0323\u0301b", 5, len) == ["aaaaa\u0323\u0301", "b"]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", []),
        ("abc 12", ["abc 12"]),
        ("אב 4 גד", [" גד", "4", "אב "]),
        ("Toyota אב 4 גד now", ["Toyota ", " גד", "4", "אב ", " now"]),
        ("2003 אב 3", ["3", " אב ", "2003"]),
        ("علا 55", ["55", "علا "]),
    ],
)
def test_runs_of_a_line_stand_in_the_order_in_which_they_are_seen(text, runs):
    assert [run for run, _ in visual_runs(text)] == runs


def test_a_bracket_between_right_to_left_words_is_mirrored():
    right_to_left = TextDirection.RTL
    assert visual_runs("אב (12) גד") == [
        (") גד", right_to_left),
        ("12", None),
        ("אב (", right_to_left),
    ]
    assert visual_runs("אב (12)")[0] == (")", right_to_left)


def test_joined_letters_are_narrower_than_single_ones(pen):
    assert pen.width("علا", LINE) < sum(pen.width(each, LINE) for each in "علا")


def test_a_number_that_is_too_wide_is_smaller_and_not_broken(pen):
    block = column(pen, 10, 30, ("123,456,789.00", LINE), right=True)
    [mark] = block.marks
    assert mark.x == pytest.approx(10)
    assert pen.width(mark.line, mark.style) == pytest.approx(30)


def test_a_part_that_does_not_fit_begins_a_new_page():
    parts = [Part((row("a"), row("b"))), Part((row("c"), row("d")))]
    assert names_of(paginated(parts, 250)) == [["a", "b"], ["c", "d"]]
    assert names_of(paginated(parts, 400)) == [["a", "b", "c", "d"]]


def test_a_head_stands_above_each_page_of_its_table_and_once_on_a_page():
    head, other = row("head", 50), row("other", 50)
    parts = [Part((row(name),), head) for name in "abc"] + [Part((row("d"),), other)]
    assert names_of(paginated(parts, 250)) == [["head", "a", "b"], ["head", "c"], ["other", "d"]]


def test_a_gap_is_left_out_at_the_top_of_a_page():
    pages = paginated([Part((row(name),), gap=40) for name in "abc"], 250)
    assert [[top for top, _ in page] for page in pages] == [[0, 140], [0]]


def test_a_part_longer_than_a_page_is_divided_between_its_rows():
    rows = [Block(100, (*row(each).marks, *row(each).moved(80).marks)) for each in "abcd"]
    pages = names_of(paginated([Part(tuple(rows), row("head", 20))], 250))
    assert pages == [["head", "a", "a", "b", "b"], ["head", "c", "c", "d", "d"]]


def test_a_row_longer_than_a_page_is_divided_between_its_lines(pen):
    long = column(pen, 0, 100, *((str(n), LINE) for n in range(30)))
    pages = paginated([Part((row("first", 50),)), Part((long,), row("head", 20))], 200)
    assert names_of(pages)[0][:3] == ["first", "head", "0"]
    lines = [line for page in names_of(pages) for line in page if line.isdigit()]
    assert lines == [str(n) for n in range(30)]
    for page in pages:
        assert all(top + block.height <= 200.01 for top, block in page)
        assert "head" in names_of([page])[0]
