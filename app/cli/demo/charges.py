"""Functions that plan the lines of the demo's jobs: labor, parts, fees, sublet work and discounts."""

from collections.abc import Iterator
from random import Random
from typing import Any

from app.cli.demo.jobs.job import Parts
from app.cli.demo.people import is_firm
from app.cli.demo.shelf import Item, fitting
from app.cli.demo.visit import Charge, Task, Visit
from app.models import AppliesTo, Condition, HoldReason, LineKind, PriceSource

DIAGNOSIS = 30
WARRANTY = {"warranty_months": 12, "warranty_distance": 12_000}
SUBLET_MARKUP = 2_500  # basis points
# By role of a part: the fee that comes with it, in cents, and for how many.
FEES = {
    "oil": ("Used oil disposal", 3_50, 1),
    "coolant": ("Coolant disposal", 4_00, 1),
    "tire": ("Scrap tire disposal", 4_00, 4),
    "battery": ("Battery recycling", 2_50, 1),
    "refrigerant": ("Refrigerant recovery", 15_00, 1),
}
# By role of a part: the deposit in cents that is paid back for the old part.
CORES = {
    "alternator": 45_00,
    "battery": 18_00,
    "caliper": 30_00,
    "compressor": 50_00,
    "starter": 35_00,
}
# By trade: the work that goes to another shop, that shop, and its price in cents.
SUBLETS = {
    "brakes": ("Resurface brake rotors", "Pine Bend Machine Shop", 40_00),
    "chassis": ("Four-wheel alignment", "Alder Creek Alignment", 75_00),
    "climate": ("Clean and pressure-test radiator", "Alder Creek Radiator", 95_00),
    "drivetrain": ("Balance drive shaft", "Pine Bend Machine Shop", 95_00),
    "electrical": ("Program control module", "Harlow Motors", 90_00),
    "engine": ("Program engine control module", "Harlow Motors", 90_00),
    "service": ("Repair windshield chip", "Clearview Auto Glass", 55_00),
    "tires": ("Straighten wheel rim", "Pine Bend Machine Shop", 85_00),
}
TOWING = ("Towing to the shop", "Three Counties Towing", 110_00)
TOWED = ("towed in", "won't start", "Dead after", "no crank")
GOODWILL = {"discount_bps": 1_000}
COUPON = {
    "name": "Brake special, 10% off parts",
    "discount_bps": 1_000,
    "applies_to": AppliesTo.PART,
}
FLEET = {"name": "Fleet discount, 5% off labor", "discount_bps": 500, "applies_to": AppliesTo.LABOR}
RETURNING = {"name": "Thank you for coming back", "discount_cents": 15_00}


def of_task(rng: Random, items: list[Item], visit: Visit, task: Task) -> list[Charge]:
    """Return the planned lines of a job: those that it always has, and some that it has by chance.

    `items` are the demo's parts, and `task` is a planned job of the visit.
    """
    lines = usual(rng, items, visit.car.body, task)
    if rng.random() < 0.04:
        lines[0].facts |= GOODWILL
    return [*lines, *_further(rng, items, visit, task)]


def usual(rng: Random, items: list[Item], body: str, task: Task) -> list[Charge]:
    """Return the planned lines that a job always has: labor, the parts that it needs, and their fees.

    The parts are those among `items` that fit vehicles of this `body` (car or truck).
    """
    needs = task.job.needs
    fees = (FEES[role] for role in needs if role in FEES)
    return [
        *_labor(task),
        *_parts(rng, items, body, task, needs),
        *(
            _line(task, LineKind.FEE, name=name, unit_price_cents=cents, quantity=many)
            for name, cents, many in fees
        ),
    ]


def discount(rng: Random, visit: Visit, *, is_first: bool) -> Iterator[Charge]:
    """Yield a discount on the whole ticket: for firms always, for a returning person now and then.

    `is_first` says that it is the vehicle's first visit.
    """
    if is_firm(visit.car.row.customer):
        yield _line(None, LineKind.DISCOUNT, **FLEET)
    elif not is_first and rng.random() < 0.08:
        yield _line(None, LineKind.DISCOUNT, **RETURNING)


def more_labor(task: Task) -> Charge:
    """Return a planned line for a job: half an hour of labor for rusted bolts, found during the work."""
    return _line(task, LineKind.LABOR, name="Free rusted bolts", billed_minutes=30, **WARRANTY)


def copy(charge: Charge, task: Task) -> Charge:
    """Return a copy of a planned line for `task`, a job that takes up work of an earlier visit."""
    return Charge(task, charge.facts, charge.item)


def _labor(task):
    job, minutes = task.job, task.minutes
    if job.diagnosis and minutes > DIAGNOSIS:
        minutes -= DIAGNOSIS
        yield _line(task, LineKind.LABOR, name=job.diagnosis, billed_minutes=DIAGNOSIS)
    price = {"flat_price_cents": job.flat_price_cents} if job.flat_price_cents else {}
    yield _line(task, LineKind.LABOR, billed_minutes=minutes, **price, **WARRANTY)


def _further(rng, items, visit, task) -> Iterator[Charge]:
    """Yield lines that a job sometimes has: parts, work of other shops, a discount."""
    job = task.job
    perhaps = {role: many for role, many in job.perhaps.items() if rng.random() < 0.35}
    yield from _parts(rng, items, visit.car.body, task, perhaps)
    if job.bought and rng.random() < 0.6:
        name, number, cost = job.bought
        by_cost = {"unit_cost_cents": cost, "price_source": PriceSource.MATRIX}
        yield _line(task, LineKind.PART, name=name, part_number=number, **by_cost)
    if job is not visit.job:
        return
    if visit.hold is HoldReason.SUBLET or rng.random() < 0.04:
        yield _sublet(task, *SUBLETS[job.trade])
    if any(words in visit.complaint for words in TOWED) and rng.random() < 0.6:
        yield _sublet(task, *TOWING)
    if job.trade == "brakes" and job.needs and rng.random() < 0.2:
        yield _line(task, LineKind.DISCOUNT, **COUPON)


def _parts(
    rng: Random, items: list[Item], body: str, task: Task, wanted: Parts
) -> Iterator[Charge]:
    """Yield a line for each part in `wanted`, `{role: quantity}`."""
    for role, quantity in wanted.items():
        item = fitting(rng, items, role, body)
        months = item.warranty_months
        is_rebuilt = "remanufactured" in item.row.name
        yield _line(
            task,
            LineKind.PART,
            item,
            quantity=quantity,
            condition=Condition.REBUILT if is_rebuilt else Condition.NEW,
            core_charge_cents=CORES.get(role, 0),
            warranty_months=months,
            warranty_distance=months and months * 1_000,
        )


def _sublet(task, name, supplier, cost):
    price = {"unit_cost_cents": cost, "markup_bps": SUBLET_MARKUP, "supplier": supplier}
    return _line(task, LineKind.SUBLET, name=name, **price)


def _line(task, kind, item=None, **facts: Any) -> Charge:
    return Charge(task, {"kind": kind} | facts, item)
