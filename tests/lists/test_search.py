"""`q` finds what people say at the counter: every word, anywhere in the row, in any order."""

import pytest

from app.database.session import db
from tests import factories
from tests.web.overheard import overheard

PARTS = {
    "pads": {"part_number": "BRK_1101_F", "name": "Brake pads, front", "manufacturer": "Brembo"},
    "rear": {"part_number": "BRK_1101_R", "name": "Brake pads, rear", "manufacturer": "Brembo"},
    "filter": {"part_number": "OC 90", "name": "Oil filter", "manufacturer": "MAHLE"},
    "oil": {"part_number": "5W40-1", "name": "Engine oil 15W-40", "category": "Fluids"},
    "seal": {
        "part_number": "S-1",
        "name": "Joint d'étanchéité",
        "description": "Fits 0 986 494 123 and many others of this family, with its 2 bolts (M8x40)",
    },
    "wide": {"part_number": "ＮＧＫ－７", "name": "Spark plug"},
}


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("brake front", {"pads"}),
        ("FRONT brake", {"pads"}),
        ("brembo", {"pads", "rear"}),
        ("brembo rear", {"rear"}),
        ("mahle filter", {"filter"}),
        ("filter mahle", {"filter"}),
        ("brk1101f", {"pads"}),
        ("BRK-1101-F", {"pads"}),
        ("brk 1101 f", {"pads"}),
        ("1101", {"pads", "rear"}),
        ("oc90", {"filter"}),
        ("15w40", {"oil"}),
        ("15W-40", {"oil"}),
        ("fluids oil", {"oil"}),
        ("etancheite", {"seal"}),
        ("ÉTANCHÉITÉ", {"seal"}),
        ("e\u0301tanche\u0301ite\u0301", {"seal"}),
        ("detancheite", {"seal"}),
        ("0986494123", {"seal"}),
        ("0 986 494 123", {"seal"}),
        ("m8x40", {"seal"}),
        ("ngk7", {"wide"}),
        ("ngk-7 plug", {"wide"}),
        ("brake mahle", set()),
        ("rake", set()),
        ("%", set()),
        ("brake " * 10, {"pads", "rear"}),
    ],
)
def test_parts_are_found(client, q, found):
    ids = {name: factories.a_part(**facts).id for name, facts in PARTS.items()}

    answer = client.get("/inventory", query_string={"q": q})

    assert {item["id"] for item in answer.json["items"]} == {ids[name] for name in found}
    assert answer.json["pagination"]["total"] == len(found)


PEOPLE = {
    "boris": {"name": "Boris Vianello", "phone": "+1 (415) 555-0132"},
    "mary": {"name": "Mary Anne Quimby", "phone": "020 7946 0018"},
    "sean": {"name": "Seán O’Brien", "phone": "212-555-0199 (wife) / 212-555-0177"},
    "hara": {"name": "Kate O'Hara", "phone": None},
    "anne": {"name": "Anne-Marie Strauß", "phone": "4155550187"},
}


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("vianello boris", {"boris"}),
        ("Vianello, Boris", {"boris"}),
        ("mary quimby", {"mary"}),
        ("o'brien", {"sean"}),
        ("o’brien", {"sean"}),
        ("obrien", {"sean"}),
        ("obrien sean", {"sean"}),
        ("ohara", {"hara"}),
        ("o hara", {"hara"}),
        ("STRAUSS", {"anne"}),
        ("annemarie", {"anne"}),
        ("anne marie", {"anne"}),
        ("marie strauss", {"anne"}),
        ("4155550132", {"boris"}),
        ("+14155550132", {"boris"}),
        ("(415) 555-0132", {"boris"}),
        ("1 415 555 0132", {"boris"}),
        ("555-0132", {"boris"}),
        ("0132", {"boris"}),
        ("415555", {"boris", "anne"}),
        ("+1 415 555 0187", {"anne"}),
        ("+44 20 7946 0018", {"mary"}),
        ("020 7946 0018", {"mary"}),
        ("wife", {"sean"}),
        ("2125550199", {"sean"}),
        ("+1 212-555-0177", {"sean"}),
        ("vianello 0132", {"boris"}),
        ("vianello 0187", set()),
        ("7946", {"mary"}),
    ],
)
def test_customers_are_found(as_, q, found):
    ids = {name: factories.a_customer(**facts).id for name, facts in PEOPLE.items()}

    answer = as_(factories.a_manager()).get("/customers", query_string={"q": q})

    assert {item["id"] for item in answer.json["items"]} == {ids[name] for name in found}


def test_a_phone_is_read_by_the_country_of_the_shop(app, as_, monkeypatch):
    monkeypatch.setitem(app.config, "COUNTRY", "GB")
    mary = factories.a_customer(phone="020 7946 0018")
    marge = as_(factories.a_manager())

    for q in ("+44 20 7946 0018", "442079460018", "00442079460018", "02079460018"):
        assert ids(marge.get("/customers", query_string={"q": q})) == [mary.id]


def test_a_customer_is_found_by_its_vehicle(as_):
    boris = factories.a_customer(name="Boris Vianello")
    factories.a_vehicle(boris, license_plate="AB·12—C", vin="1HGCM82633A004352", make="Honda")
    marge = as_(factories.a_manager())

    for q in ("ab12c", "AB-12-C", "ab 12 c", "004352", "boris ab12c", "4352 vianello"):
        assert ids(marge.get("/customers", query_string={"q": q})) == [boris.id], q
    assert ids(marge.get("/customers", query_string={"q": "4352 quimby"})) == []


@pytest.fixture
def visits(app):
    """Tickets by a word for each, the newest last."""
    boris = factories.a_customer(name="Boris Vianello", phone="+1 (415) 555-0132")
    mary = factories.a_customer(name="Mary Anne Quimby", phone="212-555-0199")
    accord = factories.a_vehicle(
        boris,
        make="Honda",
        model="Accord",
        year=2003,
        vin="1HGCM82633A004352",
        license_plate="K 77",
    )
    camry = factories.a_vehicle(mary, make="Toyota", model="Camry", year=2024, license_plate="M-9")
    return {
        "squeal": factories.a_ticket(accord, problem_description="Squeals when braking"),
        "oil": factories.a_ticket(accord, problem_description="Oil change, 15W-40"),
        "noise": factories.a_ticket(camry, problem_description="Noise at the front"),
    }


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("honda accord", {"squeal", "oil"}),
        ("accord honda", {"squeal", "oil"}),
        ("2024 toyota", {"noise"}),
        ("toyota 2024", {"noise"}),
        ("vianello boris", {"squeal", "oil"}),
        ("mary quimby", {"noise"}),
        ("quimby camry noise", {"noise"}),
        ("honda squeal", {"squeal"}),
        ("vianello oil", {"oil"}),
        ("vianello noise", set()),
        ("4155550132", {"squeal", "oil"}),
        ("0199", {"noise"}),
        ("k77", {"squeal", "oil"}),
        ("m9", {"noise"}),
        ("1hgcm82633a004352", {"squeal", "oil"}),
        ("4352 oil", {"oil"}),
        ("15w40", {"oil"}),
    ],
)
def test_tickets_are_found(as_, visits, q, found):
    answer = as_(factories.a_manager()).get("/service-tickets", query_string={"q": q})

    assert set(ids(answer)) == {visits[name].id for name in found}


@pytest.mark.parametrize(
    "form", ["RO-{:06d}", "ro-{}", "RO {}", "ro{:06d}", "{}", "{:06d}", "RO#{}"]
)
def test_a_ticket_is_found_by_its_number(as_, visits, form):
    ticket = visits["oil"]

    q = form.format(ticket.id)
    answer = as_(factories.a_manager()).get("/service-tickets", query_string={"q": q})

    assert ids(answer)[0] == ticket.id


def test_a_ticket_number_and_a_word_narrow_each_other(as_, visits):
    marge = as_(factories.a_manager())
    ro_number = f"RO-{visits['oil'].id:06d}"

    assert ids(marge.get(f"/service-tickets?q={ro_number} honda")) == [visits["oil"].id]
    assert ids(marge.get(f"/service-tickets?q=toyota {ro_number}")) == []


def test_customers_find_nothing_by_what_they_may_not_see(as_):
    alice, bob = factories.a_customer(name="Alice Driver"), factories.a_customer(name="Bob Buyer")
    car = factories.a_vehicle(alice, license_plate="OLD-1", make="Honda")
    ticket = factories.a_ticket(car, problem_description="Squeal")
    car.customer_id, car.license_plate = bob.id, "NEW-1"
    db.session.commit()
    theirs = as_(alice)

    for q in ("honda", "squeal", "alice", f"RO-{ticket.id}", "honda squeal"):
        assert ids(theirs.get("/service-tickets", query_string={"q": q})) == [ticket.id], q
    for q in ("new1", "new1 squeal", "buyer", "bob"):
        assert ids(theirs.get("/service-tickets", query_string={"q": q})) == [], q
    assert ids(as_(factories.a_manager()).get("/service-tickets?q=new1")) == [ticket.id]
    assert ids(as_(bob).get(f"/service-tickets?q=RO-{ticket.id}")) == []


def test_several_are_found_where_nothing_can_match_exactly(as_):
    """Customers find mechanics by name alone, and canned jobs have no numbers."""
    staff = as_(factories.a_manager(name="Marge"))
    for name in ("Bob Wrench", "Bob Novak"):
        factories.a_mechanic(name=name)
        canned = {"name": f"Look at {name}", "lines": [{"kind": "labor", "billed_minutes": 5}]}
        assert staff.post("/canned-jobs", json=canned).status_code == 201
    assert len(as_(factories.a_customer()).get("/mechanics?q=bob").json["items"]) == 2
    assert len(staff.get("/canned-jobs?q=look").json["items"]) == 2


def test_a_mechanic_is_found_by_phone_and_e_mail_by_staff_alone(as_):
    bob = factories.a_mechanic(name="Bob Wrench", phone="415-555-0111", specialty="Brakes, hybrid")

    for q in ("4155550111", bob.email, "0111 wrench"):
        assert ids(as_(bob).get("/mechanics", query_string={"q": q})) == [bob.id]
        assert ids(as_(factories.a_customer()).get("/mechanics", query_string={"q": q})) == []
    assert ids(as_(factories.a_customer()).get("/mechanics?q=hybrid bob")) == [bob.id]


@pytest.mark.parametrize(
    "q", ["honda", "honda accord 2003 k 77 boris vianello", "0", "a b c d e f g h i"]
)
def test_a_search_takes_a_constant_number_of_statements(as_, visits, q):
    marge = as_(factories.a_manager())
    for path, most in (("/service-tickets", 9), ("/customers", 5), ("/vehicles", 5)):
        with overheard() as said:
            assert marge.get(path, query_string={"q": q}).status_code == 200
        assert len(said) <= most


def ids(answer):
    assert answer.status_code == 200, answer.json
    return [item["id"] for item in answer.json["items"]]
