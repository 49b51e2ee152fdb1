"""A folder or a request of the collection works by itself: what it needs of the day goes before it."""

from itertools import count

import pytest

from app.cli.walkthrough import needs, play
from app.cli.walkthrough.scenes import DAY
from tests.factories import PASSWORD, a_manager, a_vin

pytestmark = pytest.mark.one_database("sqlite")

NEEDS = needs.needs()
run = count()


@pytest.fixture
def a_day(app):
    """`a_day(calls)` makes them, in a day of their own, each after what it needs and was not made yet."""
    marge = a_manager(password=PASSWORD)
    who = {"manager_email": marge.email, "manager_password": PASSWORD}

    def make(calls):
        client, done = app.test_client(), []
        kept = who | {"run": f"-by-itself-{next(run)}", "car_vin": a_vin(), "older_vin": a_vin()}
        for call in calls:
            for each in (*NEEDS[call.name], call):
                if each not in done:
                    play.make(client, each, kept)  # AnotherAnswer where it is not as in the day
                    done.append(each)

    return make


def test_names_of_requests_are_their_own():
    assert len(NEEDS) == len(needs.CALLS)


def test_a_folder_works_by_itself(a_day, at_length):
    for scene in at_length((DAY[-1],), slow=DAY):
        a_day(scene.calls)


def test_a_request_works_by_itself(a_day, at_length):
    for call in at_length(needs.CALLS[::59], slow=needs.CALLS):
        a_day([call])


def test_what_stands_alone_needs_nothing_and_what_a_person_does_needs_the_sign_in():
    assert NEEDS["The shop answers"] == []
    assert [call.name for call in NEEDS["Hire Bob"]] == ["The manager signs in"]
