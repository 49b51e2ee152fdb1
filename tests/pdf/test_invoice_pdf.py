"""An invoice as PDF: all that its document says, the same bytes for ever, on pages to hand over."""

import json
import random
from pathlib import Path

import pytest

from app.pdf.invoice import foot, invoice, laid_out
from app.pdf.sheet import MARGIN
from tests.pdf.amounts import amounts_in, amounts_of
from tests.pdf.documents import NAMES, a_part, a_random_document
from tests.pdf.reading import amounts_read_in, images_of, pages_of

EXAMPLE = json.loads((Path(__file__).parent / "invoice.json").read_text(encoding="utf-8"))
OF_ESTIMATE = ("authorization", "because", "authorized_cents", "decided_at")


def text_of(document):
    return "\n".join(pages_of(invoice(document)))


def invoiced(estimate, chance):
    """Return the document of an invoice with the jobs, texts and amounts of a random estimate."""
    some = lambda: chance.choice([None, "", "Worn\nthrough", "x" * 300])  # noqa: E731
    jobs = [
        {name: value for name, value in job.items() if name not in OF_ESTIMATE}
        | {"cause": some(), "correction": some(), "mechanics": [{"name": "M. Ruiz"}]}
        for job in estimate["jobs"]
    ]
    not_done = [
        {name: job[name] for name in ("id", "name", "note", "price_cents")}
        | {"decision": job["authorization"]}
        for job in estimate["declined_jobs"]
    ]
    shared = ("shop", "vehicle", "discounts", "shop_supplies", "authorizations", "currency")
    paid = chance.choice([0, 5_000, 90_000_000])
    balance = {"paid_cents": paid, "balance_cents": estimate["totals"]["total_cents"] - paid}
    totals = {name: estimate["totals"].get(name) for name in EXAMPLE["totals"]} | balance
    return {
        **EXAMPLE,
        **{name: estimate[name] for name in shared},
        "jobs": jobs,
        "not_done": not_done,
        "totals": totals,
        "certified_by": chance.choice([None, "M. Ruiz"]),
        "terms": some(),
    }


def test_it_says_all_that_its_document_says():
    text = text_of(EXAMPLE)
    assert amounts_in(text) == amounts_of(EXAMPLE)
    for said in (
        *("Invoice", "INV-000042", "Nov 30, 2026", "RO-000001", "PO-7", "ARD 00298417"),
        *("Alla Petrenko", "2018 Honda Accord", "8ABC123", "88,214 mi", "88,230 mi"),
        *("Front brakes", "Cause: Worn pads, scored rotors", "Done by Pat Okafor"),
        *("Core charge", "Warranty 24 months or 24,000 mi", "Not done: declined or deferred"),
        *("Cabin air filter", "Deferred", "This charge represents costs", "By phone"),
        *("Paid", "-$50.00", "Balance due", "$292.58"),
        *("Warranty 12 months or 12,000 mi on parts and labor.", "Certified by M. Ruiz"),
    ):
        assert said in text, said


def test_the_same_document_is_the_same_bytes_and_another_is_not():
    assert invoice(EXAMPLE) == invoice(json.loads(json.dumps(EXAMPLE)))
    assert invoice(EXAMPLE) != invoice(EXAMPLE | {"number": "INV-000043"})


def test_random_invoices_have_each_amount(at_length):
    for seed in range(at_length(8, slow=300)):
        chance = random.Random(seed)
        document = invoiced(a_random_document(chance), chance)
        assert amounts_of(document) <= amounts_read_in(invoice(document)), seed


def test_120_lines_are_on_several_pages_with_foot_and_head(pen):
    lines = [a_part(n) for n in range(120)]
    job = EXAMPLE["jobs"][0] | {"lines": lines, "price_cents": 1}
    document = EXAMPLE | {"jobs": [job]}
    pages = pages_of(invoice(document))
    assert len(pages) >= 3
    for n, page in enumerate(pages, 1):
        assert f"Page {n} of {len(pages)}" in page
        assert "INV-000042" in page
    assert sum("Quantity" in page for page in pages) >= 3
    assert len(laid_out(document, pen).pages(foot(document))) == len(pages)


@pytest.mark.parametrize("name", NAMES)
def test_names_in_any_script_are_drawn_inside_the_margins(name):
    customer = EXAMPLE["customer"] | {"name": name}
    [page, *_] = images_of(invoice(EXAMPLE | {"customer": customer, "certified_by": name}))
    wide, high = page.size
    edge = int(MARGIN) - 3
    for box in ((0, 0, edge, high), (wide - edge, 0, wide, high)):
        assert page.crop(box).getextrema() == (255, 255)
