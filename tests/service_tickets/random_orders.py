"""Random repair orders, with values that are hard to round correctly."""

from app.blueprints.service_tickets.pricing.order import Job, Line, Supplies, Tax, Terms

KINDS = ("labor", "part", "sublet", "fee")


def a_random_order(rng):
    ids = iter(range(1, 1000))
    percent = lambda: rng.choice([0, 1, 333, 500, 3333, 9999, 10_000])  # noqa: E731
    cents = lambda: rng.choice([0, 1, 7, 99, 333, 1001, 12_345, 999_999])  # noqa: E731

    def discount():
        way = rng.random() < 0.5
        return Line(
            next(ids),
            "discount",
            discount_bps=percent() if way else None,
            discount_cents=None if way else cents(),
            applies_to=rng.choice(["all", "labor", "part"]),
        )

    def charge():
        kind, way = rng.choice(KINDS), rng.choice(["", "", "bps", "cents"])
        quantity = rng.choice([0, 1, 50, 100, 100, 200, 333, 480])
        has_core = kind == "part" and rng.random() < 0.3
        return Line(
            next(ids),
            kind,
            billed_minutes=rng.choice([0, 1, 3, 20, 30, 60, 100]),
            rate_cents=rng.choice([9999, 12_000, 12_010]),
            flat_price_cents=cents() if rng.random() < 0.2 else None,
            quantity=quantity,
            unit_price_cents=cents() * (-1 if kind == "fee" and rng.random() < 0.2 else 1),
            taxable=rng.random() < 0.8,
            discount_bps=percent() if way == "bps" else None,
            discount_cents=cents() if way == "cents" else None,
            core_charge_cents=2501 if has_core else 0,
            cores_returned=rng.randint(0, quantity) if has_core else 0,
        )

    def job():
        said = rng.choice(["pending", "authorized", "authorized", "declined", "deferred"])
        lines = [rng.choice([charge, charge, charge, discount])() for _ in range(rng.randint(0, 5))]
        return Job(next(ids), lines, said)

    rates = [0, 50_000, 82_500, 88_750, 99_750]
    taxes = [
        Tax(name, {kind: rng.choice(rates) for kind in KINDS})
        for name in ("GST", "QST")[: rng.randint(0, 2)]
    ]
    supplies = Supplies(
        percent(),
        rng.choice(["labor", "part", "labor_and_part"]),
        rng.choice([None, 0, 3500]),
        rng.random() < 0.5,
    )
    jobs = [job() for _ in range(rng.randint(1, 4))]
    return (
        jobs,
        [discount() for _ in range(rng.randint(0, 2))],
        Terms(taxes, rng.choice([None, supplies])),
    )
