"""The demo shop is one that could have come about: its books agree with each other."""

from collections import Counter
from datetime import timedelta
from itertools import groupby, pairwise

import pytest
from sqlalchemy import select

from app.cli.demo.jobs import JOBS
from app.clock import utc_now
from app.database.session import db
from app.models import (
    Account,
    Assignment,
    Customer,
    Job,
    Mechanic,
    MovementReason,
    OdometerReading,
    Part,
    ServiceTicket,
    StaffRole,
    StatusChange,
    StockMovement,
    TicketLine,
    TicketStatus,
    Vehicle,
)
from app.models.service_tickets import MOVES, WORKABLE
from app.models.vin import STANDARD, vin_check
from app.passwords import password_matches
from tests.books import surprises

pytestmark = pytest.mark.one_database("sqlite")

FRESH = timedelta(days=21)
PUT_RIGHT = (TicketStatus.INVOICED, TicketStatus.READY)  # the invoice is taken back


def every(model):
    return db.session.scalars(select(model).order_by(model.id)).all()


def grouped(rows, key):
    """Rows by `key`, each group in the order in which they were written."""
    return {value: list(group) for value, group in groupby(sorted(rows, key=key), key)}


def is_in_order(values):
    return all(earlier <= later for earlier, later in pairwise(values))


def test_the_demo_shop_is_of_a_believable_size_and_age(filled):
    began, _ = filled
    customers, staff, vehicles = every(Customer), every(Mechanic), every(Vehicle)
    tickets, parts = every(ServiceTicket), every(Part)
    assert len(customers) >= 64
    assert len(vehicles) >= 85
    assert len(tickets) >= 220
    assert len(parts) >= 125
    assert sum(customer.account_id is None for customer in customers) >= 10
    assert sum(customer.email is None for customer in customers) >= 3
    assert Counter(each.role for each in staff) == {StaffRole.MANAGER: 2, StaffRole.MECHANIC: 7}
    assert {ticket.status for ticket in tickets} == set(TicketStatus)
    assert 3 <= sum(part.low_stock and part.in_stock for part in parts) <= 20
    assert 2 <= sum(not part.in_stock for part in parts) <= 5
    assert len({ticket.problem_description for ticket in tickets}) > 120

    moments = [ticket.opened_at for ticket in tickets]
    moments += [row.at for model in (StatusChange, StockMovement) for row in every(model)]
    assert began - timedelta(days=366) < min(moments)
    assert max(moments) < began
    assert max(moments) - min(moments) > timedelta(days=300)


def test_the_books_of_the_demo_shop_are_in_order(filled):
    assert surprises() == {}


def test_people_in_the_demo_shop_are_reached_under_example_com_and_vehicles_have_valid_vins(filled):
    emails = [
        row.email for model in (Customer, Mechanic, Account) for row in every(model) if row.email
    ]
    assert all(email.endswith("@example.com") and email == email.lower() for email in emails)
    vins = [vehicle.vin for vehicle in every(Vehicle)]
    assert all(STANDARD.fullmatch(vin) and vin_check(vin) == "valid" for vin in vins)


def test_who_is_told_a_password_can_sign_in_with_it_and_nobody_else_has_one(filled):
    _, told = filled
    assert Counter(role for role, _, _ in told) == {"manager": 1, "mechanic": 1, "customer": 2}
    accounts = {account.email: account for account in every(Account)}
    assert all(password_matches(accounts[email].password_hash, word) for _, email, word in told)
    people = {each.email: each for each in every(Mechanic) + every(Customer) if each.account_id}
    assert people.keys() == accounts.keys()
    assert all(people[email].account_id == account.id for email, account in accounts.items())
    assert all(people[email].role == role for role, email, _ in told if role != "customer")
    assert len({account.password_hash for account in accounts.values()}) == len(told) + 1


def test_the_ledger_of_the_demo_shop_explains_every_part_on_the_shelf(filled):
    ledgers = grouped(every(StockMovement), lambda movement: movement.part_id)
    for part in every(Part):
        shelf, ledger = 0, ledgers.get(part.id, [])
        for movement in ledger:
            shelf += movement.quantity
            assert shelf >= 0, part.name
        assert shelf == part.quantity_in_stock
        assert is_in_order([movement.at for movement in ledger])

    used = {row.line_id: row for row in every(StockMovement) if row.line_id is not None}
    lines = [line for line in every(TicketLine) if line.used_at]
    assert used.keys() == {line.id for line in lines}
    for line in lines:
        movement = used[line.id]
        assert movement.reason is MovementReason.USED
        assert (movement.ticket_id, movement.part_id) == (line.ticket_id, line.part_id)
        assert (movement.quantity, movement.at) == (-line.quantity, line.used_at)
        assert 0 < line.unit_cost_cents < line.unit_price_cents


def test_each_ticket_of_the_demo_shop_got_where_it_is_by_legal_steps(filled):
    histories = grouped(every(StatusChange), lambda step: step.ticket_id)
    for ticket in every(ServiceTicket):
        history = histories[ticket.id]
        assert (history[0].from_status, history[0].to_status) == (None, TicketStatus.OPEN)
        assert history[0].at == ticket.opened_at
        for before, step in pairwise(history):
            assert step.from_status is before.to_status
            is_put_right = (before.to_status, step.to_status) == PUT_RIGHT
            assert is_put_right or step.to_status in MOVES[before.to_status]
            assert step.reason or not is_put_right
            assert before.at < step.at
        assert history[-1].to_status is ticket.status
        assert (ticket.hold_reason is not None) == (ticket.status is TicketStatus.ON_HOLD)
        is_over = not MOVES[ticket.status]
        assert ticket.closed_at == (history[-1].at if is_over else None)
        assert is_over or utc_now() - ticket.opened_at < FRESH


def test_work_in_the_demo_shop_is_done_while_it_may_be_by_who_was_there(filled):
    histories = grouped(every(StatusChange), lambda step: step.ticket_id)
    crews = grouped(every(Assignment), lambda assignment: assignment.ticket_id)
    staff = {mechanic.id: mechanic for mechanic in every(Mechanic)}
    for line in [line for line in every(TicketLine) if line.used_at]:
        taken = [step for step in histories[line.ticket_id] if step.at <= line.used_at]
        assert taken[-1].to_status in WORKABLE
        assert line.installed_by_mechanic_id in {each.mechanic_id for each in crews[line.ticket_id]}
    for assignment in every(Assignment):
        assert assignment.role
        assert staff[assignment.mechanic_id].created_at <= assignment.assigned_at

    (gone,) = (mechanic for mechanic in staff.values() if not mechanic.is_active)
    past = {each.ticket_id for each in every(Assignment) if each.mechanic_id == gone.id}
    assert past
    assert all(not MOVES[histories[ticket_id][-1].to_status] for ticket_id in past)


def test_a_vehicle_of_the_demo_shop_is_in_once_at_a_time_and_its_odometer_only_goes_up(filled):
    readings = grouped(every(OdometerReading), lambda reading: reading.vehicle_id)
    visits = grouped(every(ServiceTicket), lambda ticket: ticket.vehicle_id)
    for vehicle in every(Vehicle):
        log = readings[vehicle.id]
        assert is_in_order([reading.reading for reading in log])
        assert is_in_order([reading.at for reading in log])
        assert vehicle.odometer == log[-1].reading
        read = {reading.ticket_id: reading.reading for reading in log}
        for visit in visits[vehicle.id]:
            assert visit.customer_id == vehicle.customer_id
            assert visit.odometer_in == read.get(visit.id)
            assert vehicle.created_at <= visit.opened_at
        for earlier, later in pairwise(visits[vehicle.id]):
            assert earlier.closed_at < later.opened_at


def test_a_brake_job_in_the_demo_shop_takes_parts_for_brakes(filled):
    names = tuple(job.name for job in JOBS if job.trade == "brakes")
    brakes = {job.id for job in every(Job) if job.name.startswith(names)}
    categories = {part.id: part.category for part in every(Part)}
    of_brakes = [line for line in every(TicketLine) if line.job_id in brakes and line.part_id]
    used = [categories[line.part_id] for line in of_brakes if line.used_at]
    assert len(used) > 30
    assert set(used) == {"Brakes"}
