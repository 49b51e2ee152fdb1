"""Work on a ticket or a shelf that has changed since one looked is refused, wherever it is done."""

import pytest

from app.models import TicketStatus
from tests.factories import a_manager, a_mechanic, a_part, a_ticket, an_assignment, on_shelf

STALE = {"If-Match": '"0.stale"'}


def work_on(ticket, part, bob):
    at = f"/service-tickets/{ticket.id}"
    key = {"ticket_id": ticket.id, "mechanic_id": bob.id}
    return {
        "assigning": ("PUT", f"{at}/assign-mechanic/{bob.id}", {"role": "Lead"}),
        "removing": ("PUT", f"{at}/remove-mechanic/{bob.id}", None),
        "editing": ("PUT", f"{at}/edit", {"remove_ids": [bob.id]}),
        "ending": ("DELETE", "/assignments", key),
        "returning": ("DELETE", f"{at}/parts/{part.id}", None),
        "adjusting": ("PATCH", f"/inventory/{part.id}/adjust-quantity", {"adjustment": 1}),
    }


@pytest.mark.parametrize(
    "act", ["assigning", "removing", "editing", "ending", "returning", "adjusting"]
)
def test_an_act_that_was_overtaken_does_nothing(as_, act):
    ticket, part, bob, marge = a_ticket(), a_part(5), a_mechanic(), as_(a_manager())
    an_assignment(ticket, bob)
    marge.post(f"/service-tickets/{ticket.id}/parts/{part.id}")
    before = marge.get(f"/service-tickets/{ticket.id}").json
    method, path, said = work_on(ticket, part, bob)[act]

    refused = marge.open(path, method=method, json=said, headers=STALE)

    assert (refused.status_code, refused.json["code"]) == (412, "precondition_failed")
    assert marge.get(f"/service-tickets/{ticket.id}").json == before
    assert on_shelf(part) == 4
    shown = f"/inventory/{part.id}" if act == "adjusting" else f"/service-tickets/{ticket.id}"
    told = {"If-Match": marge.get(shown).headers["ETag"]}
    assert marge.open(path, method=method, json=said, headers=told).status_code in (200, 204)


def test_a_password_has_no_version_to_match(as_):
    said = {"current_password": "x", "new_password": "a long enough password"}
    assert as_(a_manager()).put("/auth/password", json=said, headers=STALE).status_code == 412


def test_the_parts_of_a_cancelled_ticket_can_come_back(as_):
    ticket, part, marge = a_ticket(), a_part(5), as_(a_manager())
    at = f"/service-tickets/{ticket.id}"
    marge.post(f"{at}/parts/{part.id}")
    marge.post(f"{at}/transitions", json={"to": "cancelled"})
    assert marge.post(f"{at}/parts/{part.id}").status_code == 409
    assert marge.delete(f"{at}/parts/{part.id}").status_code == 204
    assert on_shelf(part) == 5


@pytest.mark.parametrize("status", ["ready", "invoiced", "closed"])
def test_those_of_a_finished_one_cannot(as_, status):
    at = f"/service-tickets/{a_ticket(status=TicketStatus(status)).id}"
    assert as_(a_manager()).delete(f"{at}/parts/{a_part(1).id}").status_code == 409


def test_pages_are_turned_one_way(client):
    a_part()
    assert client.get("/inventory?page=1&cursor=abc").status_code == 422


def test_a_key_means_the_same_at_every_path_of_a_route(as_):
    marge, headers = as_(a_manager()), {"Idempotency-Key": "one-part"}
    said = {"name": "Brake pad", "part_number": "BRK-1"}
    first = marge.post("/inventory", json=said, headers=headers)
    again = marge.post("/api/inventory/", json=said, headers=headers)
    assert (again.status_code, again.data) == (201, first.data)
