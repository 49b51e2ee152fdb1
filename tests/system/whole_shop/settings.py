"""The expected effects on what repair orders are priced with: settings, canned jobs, billing terms."""

from dataclasses import replace

from tests.system.whole_shop.book import Book, exact, heed, must_be, must_come_in, tidy
from tests.system.whole_shop.lines import must_say_enough
from tests.system.whole_shop.rows import CannedJob
from tests.system.whole_shop.shelf import folded
from tests.system.whole_shop.step import INVALID, STAFF, act, conflict

MANAGER = ("manager",)


@act("PATCH", "/shop", MANAGER)
def change_shop(book: Book, step):
    heed(step)
    changed = replace(book.shop.settings, **step.said)
    book.touch(book.shop, surely=changed != book.shop.settings)
    book.shop.settings = changed


@act("PATCH", "/customers/{customer}/billing-terms", STAFF)
def change_billing_terms(book: Book, step):
    customer = book.customer(step, step.at["customer"])
    heed(step)
    said = tidy(step.said, *step.said)
    is_exempt = said.get("tax_exempt", customer.is_exempt)
    number = said.get("tax_exempt_number", customer.exempt_number)
    if is_exempt and number is None:
        raise INVALID
    changed = (is_exempt, number) != (customer.is_exempt, customer.exempt_number)
    customer.is_exempt, customer.exempt_number = is_exempt, number
    book.touch(customer, surely=changed)


@act("POST", "/canned-jobs", MANAGER, 201)
def add_canned_job(book: Book, step):
    must_say_enough(step.said["lines"])
    said = {"note": None, "category": None} | tidy(step.said, "name", "note", "category")
    must_be_on_file(book, step.said["lines"])
    must_be_another(book, said["name"])
    canned = CannedJob(
        name=book.new("canned_job"),
        called=said["name"],
        note=said["note"],
        category=said["category"],
        lines=step.said["lines"],
    )
    book.canned_jobs[canned.name] = canned


@act("PATCH", "/canned-jobs/{canned_job}", MANAGER)
def change_canned_job(book: Book, step):
    must_say_enough(step.said.get("lines", ()))
    canned = on_offer(book, step)
    said = tidy(step.said, "name", "note", "category")
    must_be_on_file(book, step.said.get("lines", ()))
    must_be_another(book, said.get("name"), canned)
    before = canned.called, canned.note, canned.category, canned.lines
    canned.called = said.get("name", canned.called)
    canned.note = said.get("note", canned.note)
    canned.category = said.get("category", canned.category)
    canned.lines = step.said.get("lines", canned.lines)
    after = canned.called, canned.note, canned.category, canned.lines
    book.touch(canned, surely=before != after)


@act("DELETE", "/canned-jobs/{canned_job}", MANAGER, 204)
def retire_canned_job(book: Book, step):
    canned = on_offer(book, step)
    canned.retired = True
    book.touch(canned)


def on_offer(book: Book, step) -> CannedJob:
    """Return a canned job that is not retired, after the check of `If-Match`."""
    canned = must_be(book.canned_jobs.get(step.at["canned_job"]))
    must_be(not canned.retired)
    heed(step)
    return canned


def must_be_on_file(book: Book, lines) -> None:
    """Refuse lines of a canned job with an unknown mechanic or part, or a fraction of a piece."""
    for line in lines:
        if line.get("mechanic_id") is not None:
            book.mechanic(line["mechanic_id"])
        if "part_id" in line:
            must_come_in(book.part(line["part_id"]), exact(line.get("quantity", 1)))


def must_be_another(book: Book, name: str | None, besides: CannedJob | None = None) -> None:
    """Refuse the name of another canned job that is not retired."""
    others = [
        folded(each.called)
        for each in book.canned_jobs.values()
        if not each.retired and each is not besides
    ]
    if name is not None and folded(name) in others:
        raise conflict("name_taken")
