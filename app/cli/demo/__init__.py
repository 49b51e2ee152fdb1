"""The demo shop: one year of invented data for an empty database, made by `flask seed-demo`.

The data is the same in each run, except for passwords and dates.
"""

import gc
import secrets
from random import Random

from app.actors import Actor, Role
from app.blueprints.health.queries import has_people
from app.cli.demo import books, consents, lines, people, settings, shelf, vehicles
from app.cli.demo.bills import Bills
from app.cli.demo.till import Till
from app.cli.demo.visits import Planner
from app.cli.demo.year import Year
from app.clock import utc_now
from app.database.session import db
from app.models import audit

SEED = 1981
ROUNDS = 2  # of a repair order, at most


class NotEmpty(Exception):
    """Raised when the database already has customers or staff."""


def fill() -> list[tuple[str, str, str]]:
    """Fill an empty database with one year of a shop's data, all or nothing.

    Return `(role, email, password)` of each person who can sign in. Raise NotEmpty if the database has
    customers or staff.
    """
    if has_people():
        raise NotEmpty()
    audit.without_audit()
    gc.disable()  # to look for garbage takes a fifth of the time, and there is none before the end
    try:
        can_sign_in = _open_shop(Random(SEED), Year(utc_now()))
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        gc.enable()
    return can_sign_in


def _open_shop(rng, year):
    """Plan the demo's year and write its rows; return `(role, email, password)` of all who can sign in.

    `rng` is a random generator, and `year` is the calendar. A row is written after the rows that it
    refers to, because it needs their ids.
    """
    staff, patrons = people.staff(year), people.patrons(rng, year)
    cars, items = vehicles.cars(rng, year, patrons), shelf.items(rng, year)
    visits = Planner(rng, cars, staff, items).year()
    ledger = shelf.ledger(rng, items, [move for visit in visits for move in visit.moves], year)
    deals = Bills(rng).year(visits)
    books.odometers(visits, year)
    can_sign_in = _let_in(staff, patrons)

    _write(patron.row for patron in patrons)
    _write(hand.row for hand in staff)
    _write(car.row for car in cars)
    _write(item.row for item in items)
    shop = settings.set_up()
    _write_orders(visits, items, shop, staff[0], year)
    _write(books.happenings(visits, ledger, staff[0], year))
    _bill(deals, visits, Till(_manager(staff[0].row), year))
    return can_sign_in


def _write_orders(visits, items, shop, desk, year):
    """Write the canned jobs of the shop, and the tickets with their repair orders.

    It writes the first round of all repair orders, then the second, so that each decision of a customer
    finds the estimate of its moment in the database. `shop` are the settings, and `desk` is the member of
    the staff who records decisions.
    """
    canned = settings.canned_jobs(items, year)
    _write(dict.fromkeys(canned.values()))
    for n in range(ROUNDS):
        now = [visit for visit in visits if len(visit.rounds) > n]
        opened = books.tickets(visits, year) if n == 0 else ()
        _write([*opened, *lines.jobs(now, n, canned, year)])
        _write(lines.lines(now, n, shop, year))
        _write(consents.authorizations(now, n, desk, year))
    lines.settle(visits, year)


def _bill(deals, visits, till):
    """Do what was planned about bills and money, in order of time, and finish the tickets of the visits."""
    for deal in deals:
        deal.do(till)
    db.session.flush()  # sets `updated_at` of tickets, which is put right afterwards
    books.finish(visits, deals, till.year)
    db.session.flush()


def _manager(row):
    return Actor(Role.MANAGER, row.account_id, session_id="", mechanic_id=row.id)


def _let_in(staff, patrons):
    """Set passwords for a manager, a mechanic and two customers; return their `(role, email, password)`.

    `staff` are the Hands, and `patrons` the Patrons of the demo. All other accounts have no password,
    because it takes time to hash one.
    """
    customers = [patron.row for patron in patrons if patron.row.account]
    chosen = (
        ("manager", staff[0].row),
        ("mechanic", staff[2].row),
        *(("customer", customer) for customer in customers[:2]),
    )
    can_sign_in = [(role, row.email, secrets.token_urlsafe(12)) for role, row in chosen]
    for (_, row), (*_, password) in zip(chosen, can_sign_in, strict=True):
        row.account.set_password(password)
    return can_sign_in


def _write(rows):
    db.session.add_all(rows)
    db.session.flush()
