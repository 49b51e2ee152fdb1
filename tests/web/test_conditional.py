"""ETags: what a reader holds is not sent again, and whatever changes a row gives it another tag."""

import pytest

from tests.factories import a_mechanic, a_part, a_ticket, an_assignment
from tests.web.tagged import do, every_kind, made, tag


@every_kind
def test_what_a_reader_holds_is_not_sent_again(marge, kind):
    path, _ = made(kind)

    for each in (path, path.rpartition("/")[0]):
        held = tag(marge, each)
        answer = marge.get(each, headers={"If-None-Match": held})

        assert (answer.status_code, answer.get_data()) == (304, b"")
        assert answer.headers["ETag"] == held


@every_kind
@pytest.mark.parametrize("shown_by", ["itself", "its list"])
def test_what_has_changed_is_sent(marge, kind, shown_by):
    path, change = made(kind)
    shown = path if shown_by == "itself" else path.rpartition("/")[0]
    held = tag(marge, shown)

    marge.patch(path, json=change)

    answer = marge.get(shown, headers={"If-None-Match": held})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != held


def test_any_of_several_tags_will_do(client):
    path = f"/inventory/{a_part().id}"

    for said in (f'"other", {tag(client, path)}', f"W/{tag(client, path)}", "*"):
        assert client.get(path, headers={"If-None-Match": said}).status_code == 304
    assert client.get(path, headers={"If-None-Match": '"other", garbage'}).status_code == 200


def test_a_page_has_a_tag_of_its_own(client):
    a_part(), a_part()

    assert tag(client, "/inventory?per_page=1") != tag(client, "/inventory?per_page=1&page=2")


def test_readers_who_see_different_things_hold_different_tags(client, marge):
    path = f"/inventory/{a_part().id}"

    assert tag(client, path) != tag(marge, path)


def test_the_answer_to_a_change_bears_the_tag_of_what_is_there_now(marge):
    path, change = made("a ticket")

    assert marge.patch(path, json=change).headers["ETag"] == tag(marge, path)


def test_the_answer_to_a_creation_bears_a_tag_to_change_it_with(marge):
    answer = marge.post("/inventory", json={"name": "Brake", "price_cents": 900})

    path, held = answer.headers["Location"], answer.headers["ETag"]
    assert do(marge, "PATCH", path, {"name": "Clutch"}, held).status_code == 200


# What happens to a ticket by other paths than its own.
WORK = {
    "a part is used": ("POST", "/service-tickets/{ticket}/parts/{part}", {}),
    "parts are used": ("POST", "/service-tickets/{ticket}/parts", {"part_ids": ["part"]}),
    "a part comes back": ("DELETE", "/service-tickets/{ticket}/parts/{used}", None),
    "a mechanic is put on it": ("PUT", "/service-tickets/{ticket}/assign-mechanic/{new}", None),
    "a mechanic is taken off": ("PUT", "/service-tickets/{ticket}/remove-mechanic/{bob}", None),
    "its crew changes": ("PUT", "/service-tickets/{ticket}/edit", {"add_ids": ["new"]}),
    "an assignment is made": (
        "POST",
        "/assignments",
        {"ticket_id": "ticket", "mechanic_id": "new"},
    ),
    "an assignment is ended": (
        "DELETE",
        "/assignments?ticket_id={ticket}&mechanic_id={bob}",
        None,
    ),
    "it moves": ("POST", "/service-tickets/{ticket}/transitions", {"to": "in_progress"}),
}


@pytest.mark.parametrize(("method", "path", "said"), WORK.values(), ids=WORK.keys())
def test_a_ticket_is_another_version_once(marge, method, path, said):
    ticket, bob, used = a_ticket(), a_mechanic(), a_part(9)
    an_assignment(ticket, bob)
    ids = {
        "ticket": ticket.id,
        "bob": bob.id,
        "new": a_mechanic().id,
        "part": a_part(1).id,
        "used": used.id,
    }
    here = f"/service-tickets/{ticket.id}"
    marge.post(f"{here}/parts/{used.id}")
    before = marge.get(here)

    answer = marge.open(path.format(**ids), method=method, json=with_ids(said, ids))

    assert answer.status_code < 300, answer.json
    assert marge.get(here).json["version"] > before.json["version"]
    held = before.headers["ETag"]
    assert do(marge, "PATCH", here, {"priority": 1}, held).status_code == 412


def with_ids(said, ids):
    """The body with the ids of this test where it names them."""
    if said is None:
        return None
    return {
        name: [ids[each] for each in value] if isinstance(value, list) else ids.get(value, value)
        for name, value in said.items()
    }


def test_a_part_is_another_version_once_its_stock_moves(marge):
    part, ticket = a_part(5), a_ticket()
    path = f"/inventory/{part.id}"
    held = tag(marge, path)

    marge.patch(f"{path}/adjust-quantity", json={"adjustment": 1})
    assert do(marge, "PATCH", path, {"name": "Clutch"}, held).status_code == 412

    held = tag(marge, path)
    marge.post(f"/service-tickets/{ticket.id}/parts/{part.id}")
    assert do(marge, "PATCH", path, {"name": "Clutch"}, held).status_code == 412
