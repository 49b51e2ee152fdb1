"""Mechanics come to a ticket and go, all or nothing."""

from tests.factories import a_customer, a_manager, a_mechanic, a_ticket, an_assignment


def crew(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return {each["id"]: (each["role"], each["minutes_worked"]) for each in answer.json["mechanics"]}


def test_assigning_twice_is_assigning_once_with_the_newer_terms(as_):
    bob = a_mechanic()
    at = f"/service-tickets/{a_ticket().id}/assign-mechanic/{bob.id}"
    assert crew(as_(bob).put(at)) == {bob.id: (None, 0)}
    assert crew(as_(bob).put(at, json={"role": "Lead"})) == {bob.id: ("Lead", 0)}
    assert crew(as_(bob).put(at, json={"minutes_worked": 45})) == {bob.id: ("Lead", 45)}


def test_who_is_not_there_cannot_be_assigned_or_removed(as_):
    ticket, marge = a_ticket(), as_(a_manager())
    left = a_mechanic(is_active=False)
    for path in (
        f"assign-mechanic/{left.id}",
        "assign-mechanic/987654",
        f"remove-mechanic/{a_mechanic().id}",
    ):
        assert marge.put(f"/service-tickets/{ticket.id}/{path}").status_code == 404
    assert marge.put(f"/service-tickets/987654/assign-mechanic/{left.id}").status_code == 404


def test_an_edit_is_all_or_nothing(as_):
    ticket, bob, joe = a_ticket(), a_mechanic(), a_mechanic()
    an_assignment(ticket, bob)
    at, marge = f"/service-tickets/{ticket.id}", as_(a_manager())
    said = {"add_ids": [joe.id, 987654], "remove_ids": [bob.id]}
    assert marge.put(f"{at}/edit", json=said).status_code == 404
    assert set(crew(marge.get(at))) == {bob.id}
    said = {"add_ids": [joe.id], "remove_ids": [bob.id], "problem_description": "Worse"}
    edited = marge.put(f"{at}/edit", json=said)
    assert set(crew(edited)) == {joe.id}
    assert edited.json["problem_description"] == "Worse"


def test_nobody_comes_and_goes_at_once(as_):
    bob = a_mechanic()
    said = {"add_ids": [bob.id], "remove_ids": [bob.id]}
    answer = as_(bob).put(f"/service-tickets/{a_ticket().id}/edit", json=said)
    assert answer.status_code == 422


def test_assignments_as_a_resource(as_):
    ticket, bob, marge = a_ticket(), a_mechanic(), as_(a_manager())
    key = {"ticket_id": ticket.id, "mechanic_id": bob.id}
    made = marge.post("/assignments", json=key | {"role": "Lead", "minutes_worked": 10})
    assert made.status_code == 201
    again = marge.post("/assignments", json=key)
    assert (again.status_code, again.json["code"]) == (409, "already_assigned")
    for query in ("", f"?ticket_id={ticket.id}", f"?mechanic_id={bob.id}"):
        assert marge.get(f"/assignments{query}").json["items"] == [made.json]
    assert marge.get("/assignments?ticket_id=987654").json["items"] == []
    assert marge.delete("/assignments", json=key).status_code == 204
    assert marge.delete("/assignments", json=key).status_code == 404
    marge.post("/assignments", json=key)
    assert marge.delete("/assignments", query_string=key).status_code == 204


def test_customers_have_no_say_in_it(as_):
    alice, bob = as_(a_customer()), a_mechanic()
    at = f"/service-tickets/{a_ticket().id}"
    assert alice.put(f"{at}/assign-mechanic/{bob.id}").status_code == 403
    assert alice.put(f"{at}/edit", json={"add_ids": [bob.id]}).status_code == 403
    assert alice.get("/assignments").status_code == 403


def test_a_query_where_none_is_asked_for_is_refused_not_dropped(as_):
    key = {"ticket_id": a_ticket().id, "mechanic_id": a_mechanic().id}
    answer = as_(a_manager()).delete("/assignments", json=key, query_string={"dry_run": "1"})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/dry_run")


def test_who_is_named_in_the_query_and_otherwise_in_the_body_stays(as_):
    ticket, bob, joe, marge = a_ticket(), a_mechanic(), a_mechanic(), as_(a_manager())
    for mechanic in (bob, joe):
        an_assignment(ticket, mechanic)
    path = f"/assignments?ticket_id={ticket.id}&mechanic_id={bob.id}"

    refused = marge.delete(path, json={"mechanic_id": joe.id})

    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/mechanic_id")
    assert len(marge.get(f"/assignments?ticket_id={ticket.id}").json["items"]) == 2
    assert marge.delete(path, json={"mechanic_id": bob.id}).status_code == 204
