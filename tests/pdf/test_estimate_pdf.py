"""An estimate as PDF: every amount once, whatever is written, on pages that a shop would hand over."""

import hashlib
import io
import itertools
import os
import random
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

from app.pdf.blocks import Text
from app.pdf.estimate import estimate, foot, laid_out
from app.pdf.sheet import MARGIN
from tests.pdf.amounts import amounts_in, amounts_of
from tests.pdf.documents import (
    NAMES,
    STRANGE,
    a_job,
    a_line,
    a_part,
    a_random_document,
    example,
    long,
    minimal,
    texts_replaced,
)
from tests.pdf.reading import amounts_read_in, drawn, images_of, pages_of

ROOT = Path(__file__).parents[2]
PRINT_ELSEWHERE = """
import hashlib
from app.pdf.estimate import estimate
from tests.pdf.documents import example
print(hashlib.sha256(estimate(example())).hexdigest())
"""


def text_of(document):
    return "\n".join(pages_of(estimate(document)))


def texts_of(document, pen):
    """Return for each page its texts with where they stand: (Text, top in points below the margin)."""
    return [
        [
            (mark, top + mark.y)
            for top, block in page
            for mark in block.marks
            if isinstance(mark, Text)
        ]
        for page in laid_out(document, pen).pages(foot(document))
    ]


def lines_of(document, pen):
    return [[mark.line for mark, _ in page] for page in texts_of(document, pen)]


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_every_amount_is_in_the_text_as_often_as_in_the_document(paper):
    document = example(shop={"paper": paper})
    assert amounts_in(text_of(document)) == amounts_of(document)


def test_an_estimate_says_what_it_is_about():
    text = text_of(example())
    for said in (
        *("Estimate", "RO-000228", "Harbor Street Auto Repair", "1840 Harbor Street"),
        *("desk@harborstreet.example", "(510) 555-0140", "Registration ARD 00298417"),
        *("Alla Petrenko", "12 Quiet Lane", "Oakland, CA 94607", "alla@example.com", "PO-7"),
        *("2003 Honda Accord", "1HGCM82633A004352", "8ABC123", "88,214 mi"),
        *("Grinding noise when braking", "Front brakes", "Pads at 2 mm.", "Authorized"),
        *("1.0 h", "$120.00/h", "Labor · Warranty 12 months or 12,000 mi", "Part BRK-1101 · New"),
        *("Coupon", "Coolant flush", "Deferred", "Declined or deferred: not in the total"),
        *("8.25% of $92.52", "Return replaced parts to the customer: yes", "M. Ruiz"),
        *("This charge represents costs", "By phone", "Authorized at $197.40"),
        *("Prices are good for 14 days.", "Page 1 of 1"),
    ):
        assert said in text, said


def test_times_are_those_of_the_shop():
    text = text_of(example())
    assert "Dec 1, 2026, 5:00 PM PST" in text  # promised at 1 o'clock of the next day in UTC
    assert "Dec 2" not in text


@pytest.mark.parametrize(
    ("job", "said"),
    [
        ({"authorization": "pending"}, "Waiting for your decision"),
        (
            {"authorization": "pending", "because": "price_raised", "authorized_cents": 900},
            "Price raised since you decided: please decide again (authorized: $9.00)",
        ),
        (
            {"authorization": "pending", "because": "work_changed"},
            "Work changed since you decided: please decide again",
        ),
        (
            {"authorization": "pending", "because": "discount_lowered"},
            "Discount lowered since you decided: please decide again",
        ),
        ({"authorization": "authorized", "authorized_cents": 1001}, "Authorized"),
        (
            {"authorization": "authorized", "authorized_cents": 50_000},
            "Authorized up to $500.00",
        ),
    ],
)
def test_the_state_of_a_job_is_said_in_plain_words(job, said, pen):
    document = example(jobs=[a_job(1, [a_part(1)], **job)])
    [lines] = lines_of(document, pen)
    assert said in lines[lines.index("Job 1") :][:2]


@pytest.mark.parametrize("because", [None, "price_raised"])
def test_nobody_is_asked_for_a_decision_on_a_ticket_that_is_over(because, pen):
    job = a_job(1, [a_part(1)], because=because)
    [lines] = lines_of(example(jobs=[job], ticket={"status": "closed"}), pen)
    assert "Not authorized" in lines[lines.index("Job 1") :][:2]
    assert not any("decision" in line or "decide" in line for line in lines)


def test_declined_work_comes_after_the_rest_and_is_marked(pen):
    [lines] = lines_of(example(), pen)
    marked = lines.index("Declined or deferred: not in the total")
    assert lines.index("Front brakes") < marked < lines.index("Coolant flush")
    assert lines.index("$129.00") > marked


def test_rows_of_zero_are_left_out_but_not_subtotal_and_total(pen):
    [lines] = lines_of(minimal(), pen)
    assert [line for line in lines if "$" in line] == ["$0.00", "$0.00"]
    assert {"Subtotal", "Total"} < {*lines}
    assert not {"Labor", "Discounts", "Shop supplies", "Authorized so far"} & {*lines}


def test_a_tax_of_zero_is_shown(pen):
    tax = {"name": "Sales tax", "percentage": 8.25, "taxable_cents": 0, "tax_cents": 0}
    document = example(totals={"taxes": [tax]})
    [lines] = lines_of(document, pen)
    assert {"Sales tax", "8.25% of $0.00"} < {*lines}


def test_what_is_not_there_has_no_label(pen):
    [lines] = lines_of(minimal(), pen)
    labels = {"Customer", "Vehicle", "Your concern", "Terms", "Authorizations", "Promised"}
    assert not labels & {*lines}
    assert not [line for line in lines if "None" in line or line.startswith("Return")]


def test_the_kinds_of_lines(pen):
    line = {"unit_price_cents": 5000, "amount_cents": 5000, "quantity": 1}
    lines = [
        a_line(kind="labor", name="A", billed_minutes=65, rate_cents=6000, amount_cents=6500),
        a_line(kind="labor", name="B", billed_minutes=30, flat_price_cents=99, amount_cents=99),
        a_line(kind="part", name="C", condition="oem_crash", warranty_distance=1000, **line),
        a_line(kind="sublet", name="D", **line | {"quantity": 2.5}),
        a_line(kind="fee", name="E", **line | {"amount_cents": -5000, "unit_price_cents": -5000}),
        a_line(kind="discount", name="F", discount_cents=10, amount_cents=-10),
    ]
    pages = lines_of(example(jobs=[a_job(1, lines)], shop={"distance_unit": "km"}), pen)
    page = [line for page in pages for line in page]
    rows = {name: page[page.index(name) :][:5] for name in "ABCDEF"}
    assert rows["A"] == ["A", "Labor", "$65.00", "$60.00/h", "1 h 5 min"]
    assert rows["B"] == ["B", "Labor", "$0.99", "flat", "0.5 h"]
    assert rows["C"][1] == "Part · OEM crash part · Warranty 1,000 km"
    assert rows["D"] == ["D", "Sublet work", "$50.00", "$50.00", "2.5"]
    assert rows["E"] == ["E", "Fee", "-$50.00", "-$50.00", "1"]
    assert rows["F"][:2] == ["F", "-$0.10"]


def test_the_same_document_gives_the_same_bytes_in_any_process():
    here = estimate(example())
    assert estimate(example()) == here
    env = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "PYTHONPATH": str(ROOT)}
    elsewhere = [sys.executable, "-c", PRINT_ELSEWHERE]
    printed = subprocess.run(elsewhere, env=env, cwd=ROOT, capture_output=True, check=True)
    assert printed.stdout.decode().strip() == hashlib.sha256(here).hexdigest()


def test_a_pdf_tells_its_title_its_producer_and_when_the_ticket_was_changed():
    reader = pypdf.PdfReader(io.BytesIO(estimate(example())))
    assert reader.metadata.title == "Estimate RO-000228"
    assert reader.metadata.producer == "Mechanic Shop API"
    assert reader.metadata.creation_date.isoformat() == "2026-12-01T15:00:00+00:00"


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
def test_the_paper_is_that_of_the_shop(paper, size):
    [page] = pypdf.PdfReader(io.BytesIO(estimate(example(shop={"paper": paper})))).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == size


def test_both_fonts_are_embedded_and_one_page_is_small():
    pdf = estimate(example())
    [page] = pypdf.PdfReader(io.BytesIO(pdf)).pages
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    cids = [font["/DescendantFonts"][0].get_object() for font in fonts]
    names = {font["/BaseFont"].partition("+")[2] for font in fonts}
    assert names == {"DejaVuSansBook", "DejaVuSansBold"}
    for cid in cids:
        assert len(cid["/FontDescriptor"]["/FontFile2"].get_data()) > 1000
    assert len(pdf) < 50_000
    assert len(estimate(texts_replaced(example(), lambda _: " ".join(NAMES)))) < 100_000


def test_the_head_of_a_table_is_repeated_on_each_page():
    document = long()
    pages = pages_of(estimate(document))
    assert len(pages) >= 3
    assert amounts_in("\n".join(pages)) == amounts_of(document)
    for number, text in enumerate(pages, 1):
        assert text.count("Work and parts") == text.count("Page ") == 1
        assert f"Page {number} of {len(pages)}" in text


def test_a_heading_stays_with_its_first_line_and_a_price_with_the_last(pen):
    """Each number of lines moves the breaks of the pages to other places."""
    for lines in range(1, 40):
        for page in lines_of(long(jobs=4, lines=lines), pen):
            for here, line in enumerate(page):
                if line.startswith("Job ") and line != "Job price":
                    assert any(each.startswith("Part ") for each in page[here:])
                if line == "Job price":
                    assert any(each.startswith("Part ") for each in page[:here])
                if line.startswith("Part P-"):
                    assert page[here - 1] == line.replace("P-", "")


def test_amounts_of_billions_are_neither_broken_nor_small(pen):
    dear = {"unit_price_cents": 1_100_000_000, "amount_cents": 11 * 10**12, "quantity": 10_000}
    sums = {name: 11 * 10**12 for name in minimal()["totals"] if name.endswith("_cents")}
    document = example(jobs=[a_job(1, [a_part(1, **dear)])], totals=sums)
    marks = [mark for page in texts_of(document, pen) for mark, _ in page]
    assert {"$11,000,000.00", "$110,000,000,000.00", "10,000"} < {mark.line for mark in marks}
    assert min(mark.style.size for mark in marks) > 6.9


def test_the_longest_amount_leaves_room_for_the_names_of_the_totals(pen):
    sums = {"subtotal_cents": 10**20, "total_cents": -(10**20)}
    lines = [line for page in lines_of(example(totals=sums, currency="CHF"), pen) for line in page]
    longest = "CHF 1,000,000,000,000,000,000.00"
    assert {"Subtotal", longest, f"-{longest}"} < {*lines}


def test_the_totals_are_kept_together(pen):
    for lines in range(1, 40):
        pages = [{*page} for page in lines_of(long(jobs=1, lines=lines), pen)]
        [together] = [page for page in pages if page & {"Labor", "Subtotal", "Authorized so far"}]
        assert {"Labor", "Subtotal", "Sales tax", "Total", "Authorized so far"} < together


def test_random_documents_show_each_amount_inside_the_margins(pen, at_length):
    for seed in range(at_length(150, slow=3000)):
        document = a_random_document(random.Random(seed))
        pages = texts_of(document, pen)
        text = "\n".join(mark.line for page in pages for mark, _ in page)
        assert amounts_in(text) == amounts_of(document), seed
        for page in pages:
            assert_fits(page, laid_out(minimal() | {"shop": document["shop"]}, pen), pen)


def assert_fits(page, sheet, pen):
    for mark, top in page:
        assert mark.x >= -0.01
        assert mark.x + pen.width(mark.line, mark.style) <= sheet.width + 0.01, mark
        assert top >= -0.01
        assert top + mark.style.leading <= sheet.size[1] - 2 * MARGIN + 20, mark


def test_no_text_lies_on_another(pen):
    for seed in range(20):
        for page in texts_of(a_random_document(random.Random(seed)), pen):
            boxes = [
                (mark.x, top, mark.x + pen.width(mark.line, mark.style), top + mark.style.leading)
                for mark, top in page
                if mark.line
            ]
            for n, (left, top, right, bottom) in enumerate(boxes):
                for other in boxes[n + 1 :]:
                    apart = left >= other[2] - 0.1 or other[0] >= right - 0.1
                    assert apart or top >= other[3] - 1.1 or other[1] >= bottom - 1.1, (seed, n)


def test_random_documents_as_pdf_have_each_amount(at_length):
    for seed in range(at_length(8, slow=300)):
        document = a_random_document(random.Random(seed))
        assert amounts_of(document) <= amounts_read_in(estimate(document)), seed


@pytest.mark.parametrize("first", range(0, len(STRANGE), 7))
def test_nothing_is_drawn_in_the_margins_whatever_is_written(first):
    texts = itertools.islice(itertools.cycle(STRANGE), first, None)
    pdf = estimate(texts_replaced(long(1, 3), lambda _: next(texts)))
    for page in images_of(pdf):
        wide, high = page.size
        edge = int(MARGIN) - 3  # a glyph may stick out of its box a little
        for box in (
            (0, 0, edge, high),
            (wide - edge, 0, wide, high),
            (0, 0, wide, edge),
            (0, high - edge + 20, wide, high),
        ):
            assert page.crop(box).getextrema() == (255, 255), box


def test_a_character_that_no_font_has_becomes_a_box():
    text = text_of(example(customer={"name": "田中 🚗 Tanaka"}))
    assert "□□ □ Tanaka" in text


def test_a_text_is_no_markup_and_no_alias():
    name = "{nb} **bold** --x-- __y__ (\\) <b> %s"
    assert name in text_of(example(customer={"name": name}))


def test_a_name_in_any_script_is_drawn_with_its_letters():
    text = text_of(example(jobs=[a_job(1, [a_part(1, name=name) for name in NAMES])]))
    assert "□" not in text
    assert {*"".join(NAMES)} <= {*text}


def test_hebrew_is_drawn_from_right_to_left_and_its_numbers_from_left_to_right():
    with drawn(estimate(example(customer={"name": "אב 12 גד"}))) as pdf:
        page = pdf[0].get_textpage()
        text = page.get_text_range()
        boxes = [(text[n], *page.get_charbox(n)) for n in range(len(text))]
    [line] = [bottom for each, _, bottom, *_ in boxes if each == "ב"]
    seen = sorted(
        (left, each)
        for each, left, bottom, *_ in boxes
        if abs(bottom - line) < 3 and left < 200 and each in "אבגד12"
    )
    assert "".join(each for _, each in seen) == "דג12בא"


def test_arabic_letters_are_joined():
    """Between letters, a zero-width non-joiner keeps them apart, and so does drawing without shaping."""
    joined, apart = (
        images_of(estimate(example(customer={"name": name})), scale=2)
        for name in ("علا", "ع\u200cل\u200cا")
    )
    assert joined[0].tobytes() != apart[0].tobytes()
