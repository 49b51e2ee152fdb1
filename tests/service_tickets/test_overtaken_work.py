"""Work on a ticket or a shelf that has changed since one looked is refused, wherever it is done."""

import pytest

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
        "adding": ("POST", "/assignments", key | {"mechanic_id": a_mechanic().id}),
        "moving": ("POST", f"{at}/transitions", {"to": "cancelled"}),
        "using": ("POST", f"{at}/parts/{part.id}", None),
        "using several": ("POST", f"{at}/parts", {"part_ids": [part.id]}),
        "adjusting": ("PATCH", f"/inventory/{part.id}/adjust-quantity", {"adjustment": 1}),
    }


@pytest.mark.parametrize(
    "act",
    [
        "assigning",
        "removing",
        "editing",
        "ending",
        "returning",
        "adjusting",
        "adding",
        "moving",
        "using",
        "using several",
    ],
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
    assert marge.open(path, method=method, json=said, headers=told).status_code in (200, 201, 204)


def test_a_password_has_no_version_to_match(as_):
    said = {"current_password": "x", "new_password": "a long enough password"}
    assert as_(a_manager()).put("/auth/password", json=said, headers=STALE).status_code == 412
