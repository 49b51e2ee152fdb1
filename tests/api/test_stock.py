"""Parts leave the shelf with a line on a ticket and come back with it."""

import pytest

from app.models import TicketStatus
from tests.factories import a_customer, a_manager, a_mechanic, a_part, a_ticket, on_shelf


def test_using_a_part_bills_it_and_takes_it_off_the_shelf(as_):
    ticket, part, bob = a_ticket(), a_part(3, current_cost_cents=1000, price_cents=1999), a_mechanic()

    answer = as_(bob).post(
        f"/service-tickets/{ticket.id}/parts/{part.id}",
        json={
            "quantity_used": 2,
            "markup_percentage": 30.0,
            "warranty_months": 12,
            "installed_by_mechanic_id": bob.id,
        },
    )

    assert answer.status_code == 201
    line = answer.json
    assert (line["quantity_used"], line["unit_price_cents"], line["line_total_cents"]) == (2, 1300, 2600)
    assert (line["warranty_months"], line["installed_by"]) == (12, bob.name)
    assert on_shelf(part) == 1
    assert as_(bob).get(f"/service-tickets/{ticket.id}").json["total_cents"] == 2600
