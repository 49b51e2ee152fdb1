"""The staff: who hires whom, who sees and changes what of them, and how one leaves."""

import pytest

from tests.factories import PASSWORD, a_customer, a_manager, a_mechanic, a_ticket, an_assignment

BOB = {"name": "Bob", "email": "bob@example.com"}
FOR_ANYONE = {"id", "name", "specialty", "is_active", "ticket_count"}
CONTACT = {"email", "phone", "address"}
FOR_STAFF = FOR_ANYONE | CONTACT | {"role", "created_at", "updated_at", "version"}
FOR_MANAGERS = FOR_STAFF | {"salary", "has_account"}


def sign_in(client, email, password=PASSWORD):
    return client.post("/mechanics/login", json={"email": email, "password": password})


def code(answer):
    return answer.status_code, answer.json["code"]


def test_marge_hires_bob_who_signs_in(client, as_):
    said = BOB | {"phone": "555-0100", "specialty": "Brakes", "password": PASSWORD}

    answer = as_(a_manager()).post("/mechanics", json=said)

    assert answer.headers["Location"] == f"/mechanics/{answer.json['id']}"
    assert answer.json.items() >= {"phone": "555-0100", "role": "mechanic"}.items()
    assert (answer.json["has_account"], answer.json["is_active"]) == (True, True)
    assert sign_in(client, "bob@example.com").status_code == 200


def test_without_a_password_bob_is_assigned_but_can_not_sign_in_until_one_is_set(client, as_):
    marge = as_(a_manager())
    bob = marge.post("/mechanics", json=BOB).json
    put = f"/service-tickets/{a_ticket().id}/assign-mechanic/{bob['id']}"

    assert marge.put(put).status_code == 200
    assert (bob["has_account"], sign_in(client, BOB["email"]).status_code) == (False, 401)
    marge.put(f"/mechanics/{bob['id']}", json={"password": PASSWORD})
    assert sign_in(client, BOB["email"]).status_code == 200


def test_somebody_without_an_address_is_hired_and_signs_in_once_there_is_one(client, as_):
    marge = as_(a_manager())
    bob, pat = (marge.post("/mechanics", json={"name": name}).json for name in ("Bob", "Pat"))
    path = f"/mechanics/{bob['id']}"

    assert (bob["email"], bob["has_account"], pat["email"]) == (None, False, None)
    assert (
        marge.put(f"/service-tickets/{a_ticket().id}/assign-mechanic/{bob['id']}").status_code
        == 200
    )
    refused = [
        marge.post("/mechanics", json={"name": "Bob", "password": PASSWORD}),
        marge.patch(path, json={"password": PASSWORD}),
    ]
    for answer in refused:
        assert code(answer) == (422, "invalid")
        assert answer.json["errors"][0]["pointer"] == "/email"
    opened = marge.patch(path, json={"email": "bob@example.com", "password": PASSWORD})
    assert opened.json["has_account"] is True
    assert sign_in(client, "bob@example.com").status_code == 200
    emptied = marge.patch(path, json={"email": None})
    assert code(emptied) == (422, "invalid")


def test_only_a_manager_hires_and_a_stranger_sees_nobody(client, as_):
    assert client.post("/mechanics", json=BOB).status_code == 401
    assert client.get("/mechanics").status_code == client.get("/mechanics/top").status_code == 401
    for person in (a_customer(), a_mechanic()):
        assert code(as_(person).post("/mechanics", json=BOB)) == (403, "forbidden")


def test_an_address_is_taken_once(as_):
    a_mechanic(email="bob@example.com")
    a_customer(email="alice@example.com")
    marge = as_(a_manager())

    assert code(marge.post("/mechanics", json=BOB)) == (409, "email_taken")
    alices = BOB | {"email": "ALICE@example.com", "password": PASSWORD}
    assert code(marge.post("/mechanics", json=alices)) == (409, "email_taken")


@pytest.mark.parametrize(
    ("somebody", "seen"),
    [(a_customer, FOR_ANYONE), (a_mechanic, FOR_STAFF), (a_manager, FOR_MANAGERS)],
)
def test_how_much_is_seen_depends_on_who_looks(as_, somebody, seen):
    bob = a_mechanic(name="Bob", salary_cents=6_500_000)
    looking = as_(somebody())

    assert looking.get(f"/mechanics/{bob.id}").json.keys() == seen
    assert all(mechanic.keys() == seen for mechanic in looking.get("/mechanics").json["items"])
    assert looking.get("/mechanics/search?name=Bob").json["items"][0].keys() == seen


@pytest.mark.parametrize("salary", [65000, 65000.5, 65000.55, 0, 0.29, 1234567.89, None])
def test_a_salary_comes_back_as_it_went_in(as_, salary):
    marge = as_(a_manager())

    hired = marge.post("/mechanics", json=BOB | {"salary": salary})

    assert (hired.status_code, hired.json["salary"]) == (201, salary)
    path = hired.headers["Location"]
    assert marge.put(path, json={"salary": salary}).json["salary"] == salary


@pytest.mark.parametrize("salary", [-1, 65000.555, 1e300, "65000", True, 10_000_001])
def test_what_is_no_salary_is_refused(as_, salary):
    refused = as_(a_manager()).post("/mechanics", json=BOB | {"salary": salary})

    assert code(refused) == (422, "invalid")


@pytest.mark.parametrize("method", ["put", "patch"])
def test_bob_changes_his_own_contact_data(as_, method):
    bob = a_mechanic(name="Bob", specialty="Brakes")
    said = {"name": "Robert", "email": "robert@example.com", "phone": "555-0199"}
    said |= {"address": "1 Quiet Lane\nDenver"}

    told = getattr(as_(bob), method)(f"/mechanics/{bob.id}", json=said).json

    assert {name: told[name] for name in said} == said
    assert (told["specialty"], told.keys()) == ("Brakes", FOR_STAFF)


@pytest.mark.parametrize(
    "said", [{"role": "manager"}, {"salary": 1}, {"specialty": "x"}, {"password": PASSWORD}]
)
def test_bob_changes_nothing_else_of_himself(as_, said):
    bob = a_mechanic(phone="555-0100")

    assert code(as_(bob).put(f"/mechanics/{bob.id}", json=said | {"phone": "555"})) == (
        403,
        "forbidden",
    )
    assert as_(bob).get(f"/mechanics/{bob.id}").json["phone"] == "555-0100"


def test_only_a_manager_changes_or_lets_go_of_somebody_else(as_):
    path = f"/mechanics/{a_mechanic().id}"

    for person in (a_customer(), a_mechanic()):
        assert as_(person).put(path, json={"phone": "555"}).status_code == 403
        assert as_(person).delete(path).status_code == 403


def test_a_new_role_counts_at_once(as_):
    marge, bob = a_manager(), a_mechanic()
    signed_in = as_(bob)

    as_(marge).put(f"/mechanics/{bob.id}", json={"role": "manager"})
    assert signed_in.post("/mechanics", json=BOB).status_code == 201
    as_(marge).put(f"/mechanics/{bob.id}", json={"role": "mechanic"})
    assert signed_in.post("/mechanics", json=BOB).status_code == 403


@pytest.mark.parametrize("goes", [{"role": "mechanic"}, {"is_active": False}, None])
def test_the_last_manager_can_not_go_until_there_is_another(as_, goes):
    marge = a_manager()
    a_manager(is_active=False)
    path, client = f"/mechanics/{marge.id}", as_(marge)

    def go():
        return client.delete(path) if goes is None else client.put(path, json=goes)

    assert code(go()) == (409, "last_manager")
    told = client.get(path).json
    assert (told["role"], told["is_active"]) == ("manager", True)
    a_manager()
    assert go().status_code in (200, 204)


def test_somebody_without_work_is_deleted_once(client, as_):
    bob, marge = a_mechanic(PASSWORD, email="bob@example.com"), as_(a_manager())
    path = f"/mechanics/{bob.id}"

    assert [marge.delete(path).status_code for _ in range(2)] == [204, 404]
    assert sign_in(client, "bob@example.com").status_code == 401
    assert marge.post("/mechanics", json=BOB | {"password": PASSWORD}).status_code == 201


@pytest.mark.parametrize("work", ["assigned", "installed"])
def test_somebody_with_work_is_deactivated_once_and_keeps_the_name_on_it(client, as_, work):
    bob, marge = a_mechanic(PASSWORD, **BOB), as_(a_manager())
    signed_in, ticket, path = as_(bob), a_ticket(), f"/mechanics/{bob.id}"
    if work == "assigned":
        an_assignment(ticket, bob)
    else:
        pad = {"part_number": "PAD", "name": "Pad", "price_cents": 900, "quantity_in_stock": 1}
        pad_id = marge.post("/inventory", json=pad).json["id"]
        used = {"part_id": pad_id, "installed_by_mechanic_id": bob.id}
        marge.post(f"/service-tickets/{ticket.id}/parts", json=used)

    assert [marge.delete(path).status_code for _ in range(2)] == [204, 404]

    assert marge.get(path).json["is_active"] is False
    told = marge.get(f"/service-tickets/{ticket.id}").json
    crew, lines = told["mechanics"], told["parts"]
    assert (crew[0]["name"] if crew else lines[0]["installed_by"]) == "Bob"
    assert signed_in.get("/auth/me").status_code == 401
    assert sign_in(client, "bob@example.com").status_code == 401


def test_who_has_left_takes_no_new_work_until_taken_back(as_):
    bob, marge = a_mechanic(is_active=False), as_(a_manager())
    put = f"/service-tickets/{a_ticket().id}/assign-mechanic/{bob.id}"

    assert marge.put(put).status_code == 404
    marge.put(f"/mechanics/{bob.id}", json={"is_active": True})
    assert marge.put(put).status_code == 200
