"""Documents for the tests of PDFs: the example, a long and a minimal one, and random ones."""

import copy
import json
from pathlib import Path

EXAMPLE = json.loads((Path(__file__).parent / "estimate.json").read_text(encoding="utf-8"))
KINDS = ("labor", "part", "part", "sublet", "fee", "discount")
CONDITIONS = (None, "new", "used", "rebuilt", "reconditioned", "oem_crash", "non_oem_crash")
SAYINGS = (
    ("authorized", None),
    ("pending", None),
    ("pending", "price_raised"),
    ("pending", "work_changed"),
    ("pending", "discount_lowered"),
)
METHODS = ("in_person", "phone", "email", "sms", "account", "link")
MAX_CENTS = 2**53 - 1
NAMES = (
    "Alla Petrenko",
    "Алла Петренко",
    "Άλλα Πετρένκο",
    "אלה פטרנקו",
    "علا بترينكو",
    "Ալլա Պետրենկո",
    "ალა პეტრენკო",
    "Nguyễn Thị Ánh Tuyết",
)
STRANGE = (
    None,
    "",
    "   ",
    "\x00\x07\x1b[31m",
    "{nb} %s {} \\ ( ) <b> **x** --y-- __z__",
    "田中 太郎",
    "🚗💨 ❤\ufe0f 👨\u200d👩\u200d👧",
    "नमस्ते ไทย ລາວ",
    "א" * 120,
    "W" * 200,
    "ﷺ" * 40,
    "e\u0301" * 60 + "\u0301" * 80,
    "\u202eevil\u202c \u2066x\u2069 \u200f",
    "שלום (510) 555-0140 ABC עולם",
    "رقم ١٢٣ 456 ABC",
    "a\u00adb\u00a0c\u2028d\u3000e",
    "\U0001d400\U0001d7ff\ue000\uffff\ufffd",
    "\n\n\r\nx\n\n\n\ny\x0b\x0cz\n",
    "word " * 200,
    "line\n" * 60,
    *NAMES,
)


def example(**changes):
    """Return a copy of the example; each change replaces members of the member of that name."""
    document = copy.deepcopy(EXAMPLE)
    for name, value in changes.items():
        if isinstance(value, dict) and isinstance(document[name], dict):
            document[name] |= value
        else:
            document[name] = value
    return document


def a_line(**members):
    return dict.fromkeys(EXAMPLE["jobs"][0]["lines"][0]) | {"taxable": True} | members


def a_part(number, **members):
    plain = {"kind": "part", "name": f"Part {number}", "quantity": 1, "part_number": f"P-{number}"}
    prices = {"unit_price_cents": 1000 + number, "amount_cents": 1000 + number}
    return a_line(id=number, **(plain | prices | members))


def a_job(number, lines, **members):
    plain = {"id": number, "name": f"Job {number}", "note": None, "authorization": "pending"}
    prices = {"because": None, "authorized_cents": None}
    price = sum(line["amount_cents"] for line in lines)
    return plain | prices | {"price_cents": price, "lines": lines} | members


def long(jobs=6, lines=20):
    """Return an estimate of this many jobs, each of this many lines."""
    made = [
        a_job(job, [a_part(100 * job + n) for n in range(lines)], note="Worn.\nMeasured twice.")
        for job in range(jobs)
    ]
    return example(jobs=made)


def minimal():
    """Return an estimate without vehicle and lines, in which each text that may be None is None."""
    shop, customer = dict.fromkeys(EXAMPLE["shop"]), dict.fromkeys(EXAMPLE["customer"])
    nothing = dict.fromkeys(("vehicle", "shop_supplies", "estimate_terms"))
    ticket = dict.fromkeys(EXAMPLE["ticket"]) | {"ro_number": "RO-000001"}
    totals = dict.fromkeys(EXAMPLE["totals"], 0) | {"taxes": []}
    lists = {"jobs": [], "declined_jobs": [], "discounts": [], "authorizations": []}
    return example(shop=shop, customer=customer, ticket=ticket, totals=totals, **nothing, **lists)


def texts_replaced(document, replace):
    """Replace each text for people in a document by `replace(text)`, in place, and return it."""
    kept = {"kind", "condition", "authorization", "because", "method", "decision", "paper"}
    kept |= {"currency", "time_zone", "distance_unit", "estimate_sha256"}

    def visit(node):
        for key, value in [*(node.items() if isinstance(node, dict) else enumerate(node))]:
            if isinstance(value, dict | list):
                visit(value)
            elif isinstance(value, str) and key not in kept and not str(key).endswith("at"):
                node[key] = replace(value)

    visit(document)
    return document


def a_random_document(rng):
    """Return an estimate that any shop may have, with strange texts and extreme amounts."""
    ids = iter(range(1, 10_000))
    text = lambda: rng.choice(STRANGE)  # noqa: E731
    some = (0, 1, 99, 100, 12_345, 99_999_999)
    cents = lambda: rng.choice([*some, rng.randrange(MAX_CENTS)])  # noqa: E731
    maybe = lambda value: rng.choice([None, value])  # noqa: E731

    def line(kind=None):
        kind = kind or rng.choice(KINDS)
        sign = -1 if kind == "discount" or rng.random() < 0.1 else 1
        labor, discount = kind == "labor", kind == "discount"
        return a_line(
            id=next(ids),
            kind=kind,
            name=text(),
            part_number=text(),
            condition=rng.choice(CONDITIONS),
            quantity=None if labor or discount else rng.choice([0.01, 1, 2.5, 10_000, 9999.99]),
            unit_price_cents=None if labor or discount else sign * cents(),
            billed_minutes=rng.choice([0, 1, 6, 60, 65, 100_000]) if labor else None,
            rate_cents=cents() if labor else None,
            flat_price_cents=maybe(cents()) if labor else None,
            discount_percentage=rng.choice([None, 5, 12.34, 100]),
            discount_cents=maybe(cents()),
            core_charge_cents=maybe(cents() // 10_000) if kind == "part" else None,
            cores_returned=maybe(1) if kind == "part" else None,
            warranty_months=rng.choice([None, 0, 1, 1200]),
            warranty_distance=rng.choice([None, 0, 1_000_000]),
            amount_cents=sign * cents(),
        )

    def discount():
        """Return a discount on the whole order, with the members that the API gives it."""
        names, made = ("id", "name", "discount_percentage", "discount_cents"), line("discount")
        return {name: made[name] for name in (*names, "amount_cents")} | {"applies_to": "all"}

    def job(said, because):
        lines = [line() for _ in range(rng.choice([0, 1, 2, 5]))]
        return a_job(
            next(ids),
            lines,
            name=text(),
            note=text(),
            authorization=said,
            because=because,
            authorized_cents=maybe(cents()),
            price_cents=cents(),
        )

    def authorization():
        return {
            "id": next(ids),
            "at": "2026-03-08T09:59:59.5Z",
            "method": rng.choice(METHODS),
            "authorized_by_name": text(),
            "contact": text(),
            "taken_by": maybe({"id": 3, "name": text()}),
            "note": text(),
            "decisions": [
                {
                    "job_id": next(ids),
                    "name": text(),
                    "decision": rng.choice(["authorized", "declined", "deferred"]),
                    "price_cents": cents(),
                    "up_to_cents": maybe(cents()),
                }
                for _ in range(rng.randint(1, 3))
            ],
            "authorized_total_cents": cents(),
            "estimate_sha256": "9f2c",
        }

    document = texts_replaced(example(), lambda _: text())
    document |= {
        "currency": rng.choice(["USD", "EUR", "GBP", "CAD", "AUD", "CHF"]),
        "vehicle": maybe(document["vehicle"]),
        "shop_supplies": maybe(document["shop_supplies"]),
        "jobs": [job(*rng.choice(SAYINGS)) for _ in range(rng.randint(0, 4))],
        "declined_jobs": [
            job(rng.choice(["declined", "deferred"]), None) for _ in range(rng.randint(0, 2))
        ],
        "discounts": [discount() for _ in range(rng.randint(0, 2))],
        "authorizations": [authorization() for _ in range(rng.randint(0, 3))],
    }
    document["shop"] |= {
        "paper": rng.choice(["letter", "a4"]),
        "time_zone": rng.choice(["UTC", "America/New_York", "Asia/Kolkata", "No/Where", None]),
        "distance_unit": rng.choice(["mi", "km"]),
    }
    document["ticket"] |= {
        "status": rng.choice(["open", "ready", "invoiced", "cancelled"]),
        "promised_at": maybe("2026-12-02T01:00:00Z"),
        "odometer_in": maybe(9_999_999),
        "return_replaced_parts": rng.choice([None, True, False]),
    }
    sums = dict.fromkeys(document["totals"])
    document["totals"] = {key: cents() for key in sums if key.endswith("_cents")} | {
        "taxes": [
            {
                "name": text(),
                "percentage": rng.choice([5, 8.25, 9.975, 0.0001]),
                "taxable_cents": cents(),
                "tax_cents": cents(),
            }
            for _ in range(rng.randint(0, 4))
        ]
    }
    return document
