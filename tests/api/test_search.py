"""`q` finds what people say at the counter: every word, anywhere in the row, in any order."""

from pathlib import Path

import pytest
from anyascii import anyascii

from app.extensions import db
from app.models import Customer, Vehicle
from app.words import search_for, words
from tests import factories
from tests.api.overheard import overheard

HERE = Path(__file__).parent
CARS = [
    (make, model.strip())
    for line in (HERE / "makes_and_models.txt").read_text("utf-8").splitlines()
    for make, _, models in [line.partition(":")]
    for model in models.split(",")
]
NAMES = (HERE / "names.txt").read_text("utf-8").splitlines()

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


@pytest.mark.parametrize("sort", ["id", "-id", "name", "-name", "part_number", "-part_number"])
@pytest.mark.parametrize("typed", ["BRK-110", "brk110", "Brk 110"])
def test_what_is_typed_in_full_comes_first_whatever_the_order(client, sort, typed):
    for number, name in (("BRK-1101", "Aa"), ("BRK-110", "Mm"), ("BRK-1102", "Zz")):
        factories.a_part(part_number=number, name=name)

    items = client.get("/inventory", query_string={"q": typed, "sort": sort}).json["items"]

    assert items[0]["part_number"] == "BRK-110"
    rest = [item["part_number"] for item in items[1:]]
    assert rest == sorted(rest, reverse=sort.startswith("-"))


@pytest.mark.parametrize(
    ("typed", "by"),
    [("K 7", "license_plate"), ("1HGCM82633A004352", "vin"), ("415-555-0132", "phone")],
)
def test_a_plate_a_vin_and_a_phone_typed_in_full_come_first(as_, typed, by):
    boris = factories.a_customer(phone="+1 (415) 555-0132")
    bob = factories.a_customer(name="K 7111", phone="415-555-0132 9")
    others = [factories.a_vehicle(bob, license_plate="K 77", model=typed) for _ in range(2)]
    car = factories.a_vehicle(boris, license_plate="K 7", vin="1HGCM82633A004352")
    visits = [factories.a_ticket(each) for each in (others[0], car, others[1])]
    marge = as_(factories.a_manager())

    for sort in ("id", "-id", "opened_at", "-opened_at", "priority", "promised_at"):
        found = marge.get("/service-tickets", query_string={"q": typed, "sort": sort})
        assert ids(found)[0] == visits[1].id, (by, sort)
    for sort in ("id", "-id", "created_at", "license_plate") if by != "phone" else ():
        found = marge.get("/vehicles", query_string={"q": typed, "sort": sort})
        assert ids(found)[0] == car.id, (by, sort)
    for sort in ("id", "-id", "name", "-name"):
        found = marge.get("/customers", query_string={"q": typed, "sort": sort})
        assert ids(found)[0] == boris.id, (by, sort)


@pytest.mark.parametrize("sort", ["id", "-name", "part_number"])
@pytest.mark.parametrize("per_page", [1, 2, 3, 7, 100])
def test_pages_go_on_after_what_came_first(client, sort, per_page):
    for n in range(12):
        factories.a_part(part_number=f"X-1{n or ''}", name=f"Part {n * 5 % 12}")
    wanted = {"q": "x1", "sort": sort}
    whole = client.get("/inventory", query_string=wanted | {"per_page": 100}).json
    order = [item["id"] for item in whole["items"]]
    assert whole["items"][0]["part_number"] == "X-1"

    numbered, page = [], 0
    while page := page + 1:
        said = client.get("/inventory", query_string=wanted | {"per_page": per_page, "page": page})
        numbered += ids(said)
        if not said.json["pagination"]["has_next"]:
            break
    walked, cursor = [], None
    while True:
        said = client.get(
            "/inventory",
            query_string=wanted | {"per_page": per_page} | ({"cursor": cursor} if cursor else {}),
        )
        walked += ids(said)
        if not (cursor := said.json["pagination"]["next_cursor"]):
            break

    assert len(order) == 12
    assert numbered == walked == order


@pytest.fixture
def few(monkeypatch):
    """As if three rows were more than are counted: what is found is looked up row by row."""
    monkeypatch.setattr("app.queries.selection.COUNTED", 3)


@pytest.mark.parametrize("sort", ["id", "-id", "name", "-name"])
def test_what_many_have_is_found_in_the_order_of_the_list(client, few, sort):
    for n in range(9):
        factories.a_part(
            name=f"Brake {'front' if n % 3 else 'rear'} {n * 4 % 9}", part_number=f"N{n}"
        )
    factories.a_part(name="Brake front", part_number="brake")
    factories.a_part(name="Front lamp")

    wanted = {"q": "brake front", "sort": sort, "per_page": 2}
    first = client.get("/inventory", query_string=wanted).json
    walked, cursor = [item["name"] for item in first["items"]], first["pagination"]["next_cursor"]
    while cursor:
        page = client.get("/inventory", query_string=wanted | {"cursor": cursor}).json
        walked += [item["name"] for item in page["items"]]
        cursor = page["pagination"]["next_cursor"]

    assert (first["pagination"]["total"], first["pagination"]["total_is_exact"]) == (3, False)
    assert sorted(walked) == ["Brake front"] + [f"Brake front {n}" for n in (1, 2, 4, 5, 7, 8)]
    if "name" in sort:
        assert walked == sorted(walked, reverse=sort == "-name")


def test_what_many_words_lead_to_is_counted_once(client, few):
    factories.a_part(name="b ba bab baba babab", description="bb bc bd be")

    assert client.get("/inventory?q=b").json["pagination"]["total"] == 1


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


def test_every_make_and_model_is_found(as_, at_length, figures):
    """All of them by their words; some, or at length all, in a shop."""
    missed = [
        (make, model)
        for make, model in CARS
        for q in (f"{make} {model}", f"{model} {make}", anyascii(f"{model} {make}"))
        if not covers(words(make) | words(model), q)
    ]
    assert missed == []
    assert len(CARS) >= 300

    boris = factories.a_customer()
    cars = [Vehicle(customer_id=boris.id, make=make, model=model) for make, model in CARS]
    db.session.add_all(cars)
    db.session.commit()
    marge, asked = as_(factories.a_manager()), 0
    for car in at_length(cars[::29], slow=cars):
        for q in (f"{car.make} {car.model}", anyascii(f"{car.model} {car.make}")):
            found = marge.get("/vehicles", query_string={"q": q, "per_page": 100})
            assert car.id in ids(found), q
            asked += 1
    figures(f"{len(CARS)} makes and models found by all words, {asked} searches in the shop")


def test_every_name_is_found_last_name_first_and_without_accents(as_, at_length, figures):
    missed = [name for name in NAMES for q in ways(name) if not covers(words(name), q)]
    assert missed == []
    assert len(NAMES) >= 300

    people = [Customer(name=name) for name in NAMES]
    db.session.add_all(people)
    db.session.commit()
    marge, asked = as_(factories.a_manager()), 0
    for person in at_length(people[::23], slow=people):
        for q in ways(person.name):
            found = marge.get("/customers", query_string={"q": q, "per_page": 100})
            assert person.id in ids(found), q
            asked += 1
    figures(f"{len(NAMES)} names found by all words, {asked} searches in the shop")


def ways(name):
    """The name as it is said at the counter: last name first, first and last alone, without accents."""
    first, *_, last = name.split()
    plain = anyascii(name)
    return (
        *(name, f"{last} {first}", f"{last}, {first}", plain, plain.upper()),
        anyascii(f"{last} {first}").lower(),
    )


def covers(found, q):
    search = search_for(q, "US")
    return any(
        all(any(kept.startswith(word) for kept in found) for word in alternative)
        for alternative in (*search.strict, *search.loose)
    )


def ids(answer):
    assert answer.status_code == 200, answer.json
    return [item["id"] for item in answer.json["items"]]
