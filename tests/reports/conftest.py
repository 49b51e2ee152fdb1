"""A shop with taxes, supplies and a cost of labor, and its June."""

import pytest

from app.models import Payment
from tests.billing.money import pay, refund
from tests.factories import a_manager
from tests.reports.june import TAXES, a_note, an_invoice, dated, lines_of


@pytest.fixture
def staff(as_):
    staff = as_(a_manager())
    supplies = {"name": "Supplies", "percentage": 4, "statement": "Rags."}
    settings = {"taxes": TAXES, "shop_supplies": supplies, "labor_cost_rate_cents": 4_000}
    assert staff.patch("/shop", json=settings | {"time_zone": "America/Denver"}).status_code == 200
    return staff


@pytest.fixture
def busy(staff):
    """A June with three invoices, a credit of a part and one of all, and money; July has another credit."""
    orders = [an_invoice(staff) for _ in range(3)]
    (first, bill), (second, other), (_, third) = orders
    [core] = lines_of(staff, bill, "core")
    [part, _] = lines_of(staff, bill, "part")
    some = [(core, 500), (part, 333)]
    a_note(
        first,
        bill,
        "2026-06-12",
        lines=[{"invoice_line_id": line["id"], "net_cents": cents} for line, cents in some],
    )
    paid = pay(second, 10_000, method="card").json
    dated(Payment, paid["id"], "2026-06-11")
    dated(Payment, refund(second, paid, 4_000).json["id"], "2026-06-30")
    a_note(second, other, "2026-06-15", all=True)
    a_note(orders[2][0], third, "2026-07-01", all=True)
    return [order for order, _ in orders]
