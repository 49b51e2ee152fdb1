"""Real makes, models and names are found by all their words, in any order and without accents."""

from pathlib import Path

from anyascii import anyascii

from app.database.session import db
from app.models import Customer, Vehicle
from app.words import search_for, words
from tests import factories
from tests.lists.test_search import ids

HERE = Path(__file__).parent
CARS = [
    (make, model.strip())
    for line in (HERE / "makes_and_models.txt").read_text("utf-8").splitlines()
    for make, _, models in [line.partition(":")]
    for model in models.split(",")
]
NAMES = (HERE / "names.txt").read_text("utf-8").splitlines()


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
