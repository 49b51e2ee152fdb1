"""If-Match: a request is done only to the version that it names, and refused once that was overtaken."""

import secrets

import pytest
from sqlalchemy import update

from app.database.session import db
from app.web.namespace import ShopId
from tests.factories import a_customer, a_manager, a_part, a_vehicle
from tests.web.tagged import do, every_kind, made, tag

ACTS = {"PUT": 200, "PATCH": 200, "DELETE": 204}
every_act = pytest.mark.parametrize("act", ACTS)


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


def test_a_read_may_be_overtaken_too(as_):
    """RFC 9110, 13.1.1: whoever asks for one very state is not given another."""
    client, path = as_(a_manager()), f"/inventory/{a_part().id}"
    tag = client.get(path).headers["ETag"]

    assert client.get(path, headers={"If-Match": tag}).status_code == 200
    refused = client.get(path, headers={"If-Match": '"1.another"'})
    assert (refused.status_code, refused.json["code"]) == (412, "precondition_failed")
