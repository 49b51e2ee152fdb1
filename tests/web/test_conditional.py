"""ETags: what a reader holds is not sent again, and what was overtaken is not overwritten."""

import secrets

import pytest
from sqlalchemy import update

from app.database.session import db
from app.web.namespace import ShopId
from tests.factories import (
    a_customer,
    a_manager,
    a_mechanic,
    a_part,
    a_ticket,
    a_vehicle,
    an_assignment,
)

# A row, where its kind is, a change of it.
KINDS = {
    "a customer": (a_customer, "/customers", {"city": "Boulder"}),
    "a vehicle": (a_vehicle, "/vehicles", {"color": "Red"}),
    "a mechanic": (a_mechanic, "/mechanics", {"specialty": "Gearboxes"}),
    "a part": (a_part, "/inventory", {"category": "Brakes"}),
    "a ticket": (a_ticket, "/service-tickets", {"priority": 1}),
}
every_kind = pytest.mark.parametrize("kind", KINDS)
ACTS = {"PUT": 200, "PATCH": 200, "DELETE": 204}
every_act = pytest.mark.parametrize("act", ACTS)


@pytest.fixture
def marge(as_):
    return as_(a_manager())


def made(kind):
    """The path of a new row of this kind, and a change that fits it."""
    make, path, change = KINDS[kind]
    return f"{path}/{make().id}", change


def test_a_tag_of_before_a_restore_matches_nothing_after_it(app, as_):
    """There, versions begin anew, and the same number may be another row's words."""
    marge, part = as_(a_manager()), a_part()
    at = f"/inventory/{part.id}"
    before = marge.get(at).headers["ETag"]
    assert do(marge, "PATCH", at, {"name": "Disc"}, before).status_code == 200
    held = marge.get(at).headers["ETag"]

    renamed(app)

    assert do(marge, "PATCH", at, {"name": "Pads"}, held).status_code == 412
    assert (
        do(marge, "PATCH", at, {"name": "Pads"}, marge.get(at).headers["ETag"]).status_code == 200
    )


def renamed(app):
    """As after a restore, when the shop has been opened again."""
    db.session.execute(update(ShopId).values(id=secrets.token_hex(16)))
    db.session.commit()
    app.extensions["namespace"]["id"] = None


def do(client, act, path, change, if_match):
    body = {} if act == "DELETE" else {"json": change}
    return client.open(path, method=act, headers={"If-Match": if_match}, **body)


def tag(client, path):
    return client.get(path).headers["ETag"]


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


@every_kind
@every_act
def test_who_holds_the_present_version_may_act(marge, kind, act):
    path, change = made(kind)

    answer = do(marge, act, path, change, tag(marge, path))

    assert answer.status_code == ACTS[act]


@every_kind
@every_act
def test_who_was_overtaken_is_refused_and_nothing_changes(as_, marge, kind, act):
    path, change = made(kind)
    held = tag(marge, path)
    assert as_(a_manager()).patch(path, json=change).status_code == 200
    before = marge.get(path).json

    answer = do(marge, act, path, change, held)

    assert (answer.status_code, answer.json["code"]) == (412, "precondition_failed")
    assert marge.get(path).json == before


def test_without_a_tag_the_last_write_wins_member_by_member(marge):
    path, _ = made("a part")
    for change in ({"name": "Brake", "category": "Brakes"}, {"name": "Brake pad"}):
        assert marge.patch(path, json=change).status_code == 200

    part = marge.get(path).json

    assert (part["name"], part["category"]) == ("Brake pad", "Brakes")


@every_act
def test_a_star_asks_only_that_it_is_there(marge, act):
    path, change = made("a part")

    assert do(marge, act, path, change, "*").status_code == ACTS[act]


def test_a_star_matches_nothing_where_nothing_is(marge):
    assert do(marge, "PATCH", "/inventory/404", {"name": "A"}, "*").status_code in (404, 412)


@every_act
def test_one_matching_tag_among_several_is_enough(marge, act):
    path, change = made("a part")

    answer = do(marge, act, path, change, f'"1.old", {tag(marge, path)}, "2.new"')

    assert answer.status_code == ACTS[act]


GARBAGE = ["garbage", '"garbage"', '""', "1", "None", '"-1.a"', '"999999999999.a"', '"٣.a"', "é"]


@every_kind
@pytest.mark.parametrize("said", GARBAGE)
def test_a_tag_that_names_no_version_matches_none(marge, kind, said):
    path, change = made(kind)

    assert do(marge, "PATCH", path, change, said.encode().decode("latin-1")).status_code == 412


def test_a_weak_tag_is_too_weak_to_change_by(marge):
    path, change = made("a part")

    assert do(marge, "PATCH", path, change, f"W/{tag(marge, path)}").status_code == 412


def test_a_stranger_s_row_is_missing_whatever_the_tag(as_):
    path = f"/vehicles/{a_vehicle().id}"

    answer = do(as_(a_customer()), "PATCH", path, {"color": "Red"}, '"9.old"')

    assert answer.status_code == 404


def test_a_body_that_does_not_fit_is_told_so_before_the_tag_is_looked_at(marge):
    path, _ = made("a part")

    assert do(marge, "PATCH", path, {"colour": "red"}, '"9.old"').status_code == 422


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


def test_a_read_may_be_overtaken_too(as_):
    """RFC 9110, 13.1.1: whoever asks for one very state is not given another."""
    client, path = as_(a_manager()), f"/inventory/{a_part().id}"
    tag = client.get(path).headers["ETag"]

    assert client.get(path, headers={"If-Match": tag}).status_code == 200
    refused = client.get(path, headers={"If-Match": '"1.another"'})
    assert (refused.status_code, refused.json["code"]) == (412, "precondition_failed")
