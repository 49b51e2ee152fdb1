"""The settings of the demo shop, and its canned jobs."""

from random import Random

from app.blueprints.service_tickets.schemas.lines import LineCreate
from app.blueprints.shop.schemas import ShopUpdate
from app.cli.demo.catalogue import CAR, TRUCK
from app.cli.demo.charges import usual
from app.cli.demo.jobs import FINDINGS, JOBS
from app.cli.demo.shelf import Item
from app.cli.demo.visit import Task
from app.cli.demo.year import TIME_ZONE, Year
from app.database.session import db
from app.models import CannedJob, Shop
from app.models.shop import SHOP

SETTINGS = {
    "name": "Harlow Falls Auto Repair",
    "address_lines": ["214 Depot Street", "Harlow Falls, MO 65091"],
    "phone": "(573) 555-0189",
    "email": "desk@example.com",
    "labor_rate_cents": 125_00,
    "labor_cost_rate_cents": 42_00,
    "taxes": [{"name": "Sales tax", "part_percentage": 8.225, "fee_percentage": 8.225}],
    "shop_supplies": {"percentage": 5, "of": "labor_and_part", "cap_cents": 35_00},
    "markup_matrix": [
        {"up_to_cents": 5_00, "markup_percentage": 120},
        {"up_to_cents": 25_00, "markup_percentage": 90},
        {"up_to_cents": 100_00, "markup_percentage": 65},
        {"markup_percentage": 45},
    ],
    "time_zone": TIME_ZONE,
    "estimate_terms": (
        "This estimate is good for 30 days. We call you before we do work that is not on it. Parts that we"
        " replace are yours if you ask for them before the work begins, except those for which you get a"
        " core deposit back."
    ),
    "invoice_terms": (
        "Parts and labor are under warranty for 12 months or 12,000 miles, unless the part's own warranty is"
        " longer. Bring this invoice with you. Core deposits are paid back for 60 days."
    ),
}
FOR = {CAR: "car", TRUCK: "truck or SUV"}


def set_up() -> Shop:
    """Write the demo's settings into the shop's row, and return this row."""
    shop = db.session.get_one(Shop, SHOP)
    for name, value in ShopUpdate().load(SETTINGS).items():
        setattr(shop, name, value)
    return shop


def canned_jobs(items: list[Item], year: Year) -> dict[tuple[str, str], CannedJob]:
    """Return the rows of the demo's canned jobs: `{(name of the work, body of the vehicle): row}`.

    Each kind of work with a flat price becomes one canned job for cars and one for trucks, or one for
    both if the same parts among `items` fit both.
    """
    canned = {}
    for job in (*JOBS, *FINDINGS):
        if job.flat_price_cents is None:
            continue
        of_car, of_truck = (_lines(items, job, body) for body in FOR)
        if of_car == of_truck:
            canned[job.name, CAR] = canned[job.name, TRUCK] = _canned(job, job.name, of_car, year)
        else:
            for body, lines in ((CAR, of_car), (TRUCK, of_truck)):
                name = f"{job.name}, {FOR[body]}"
                canned[job.name, body] = _canned(job, name, lines, year)
    return canned


def _canned(job, name, lines, year):
    begin, category = year.at(0), job.trade.capitalize()
    about = {"name": name, "note": job.note, "category": category, "lines": lines}
    return CannedJob(**about, created_at=begin, updated_at=begin)


def _lines(items, job, body):
    """Return the lines of a kind of work as a client sends them; only one part fits each role and body."""
    lines = usual(Random(0), items, body, Task(job, job.minutes[0]))
    of_part = [{"part_id": line.item.row.id} if line.item else {} for line in lines]
    sent = zip(lines, of_part, strict=True)
    return LineCreate(many=True).dump([line.facts | part for line, part in sent])
