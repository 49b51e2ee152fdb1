"""Which moves a service ticket may make is a closed table; this is it."""

from itertools import product

import pytest

from app.errors import IllegalTransition, Invalid, TicketClosed
from app.models import ServiceTicket, TicketStatus
from app.models.service_tickets import FINISHED, MOVES, STEPS_BACK, WORKABLE

LEGAL = {
    "open": {"in_progress", "cancelled"},
    "in_progress": {"on_hold", "ready", "cancelled"},
    "on_hold": {"in_progress", "cancelled"},
    "ready": {"in_progress", "invoiced", "closed"},
    "invoiced": {"closed"},
    "closed": set(),
    "cancelled": set(),
}
BACK = {"in_progress": {"open"}, "invoiced": {"ready"}, "cancelled": {"open"}}
EVERY_MOVE = list(product(LEGAL, LEGAL))
ILLEGAL = [
    (start, end) for start, end in EVERY_MOVE if end not in LEGAL[start] | BACK.get(start, set())
]


def a_ticket_that_is(status):
    return ServiceTicket(id=42, status=TicketStatus(status))


def test_the_seven_statuses():
    assert [status.value for status in TicketStatus] == list(LEGAL)


def test_the_table_of_moves():
    assert {start.value: {end.value for end in ends} for start, ends in MOVES.items()} == LEGAL


def test_the_table_of_steps_back():
    assert {start.value: {end.value for end in ends} for start, ends in STEPS_BACK.items()} == BACK


@pytest.mark.parametrize(("start", "end"), [(start, *ends) for start, ends in BACK.items()])
def test_a_step_back_needs_a_reason(start, end):
    ticket = a_ticket_that_is(start)
    with pytest.raises(Invalid) as refusal:
        ticket.move_to(TicketStatus(end))
    assert refusal.value.members["errors"][0]["pointer"] == "/reason"
    assert ticket.status == start

    step = ticket.move_to(TicketStatus(end), "the wrong ticket")

    assert (ticket.status, step.from_status, step.reason) == (end, start, "the wrong ticket")


def test_a_ticket_that_is_open_again_is_not_closed_any_more():
    ticket = a_ticket_that_is("open")
    ticket.move_to(TicketStatus.CANCELLED)

    ticket.move_to(TicketStatus.OPEN, "he came after all")

    assert ticket.closed_at is None


def test_what_is_finished_before_it_was_begun_goes_by_way_of_in_progress():
    ways = {start: a_ticket_that_is(start).way_to(FINISHED) for start in LEGAL}

    assert ways.pop("open") == ("in_progress", "ready")
    assert set(ways.values()) == {("ready",)}
    assert a_ticket_that_is("open").way_to("ready") == ("ready",)


@pytest.mark.parametrize(("start", "end"), [m for m in EVERY_MOVE if m[1] in LEGAL[m[0]]])
def test_a_legal_move_is_made_and_told(start, end):
    ticket = a_ticket_that_is(start)

    step = ticket.move_to(TicketStatus(end), "because")

    assert ticket.status == end
    assert (step.ticket_id, step.from_status, step.to_status, step.reason) == (
        (42, start, end, "because")
    )


@pytest.mark.parametrize(
    ("start", "end"), [m for m in EVERY_MOVE if m[1] not in LEGAL[m[0]] | BACK.get(m[0], set())]
)
def test_an_illegal_move_changes_nothing_and_names_the_legal_ones(start, end):
    ticket = a_ticket_that_is(start)

    with pytest.raises(IllegalTransition) as refusal:
        ticket.move_to(TicketStatus(end))

    assert ticket.status == start
    assert set(refusal.value.members["legal"]) == LEGAL[start] | BACK.get(start, set())


@pytest.mark.parametrize("end", ["closed", "cancelled"])
def test_the_last_move_closes_the_ticket(end):
    ticket = a_ticket_that_is("ready" if end == "closed" else "open")

    ticket.move_to(TicketStatus(end))

    assert ticket.closed_at is not None


@pytest.mark.parametrize("end", ["in_progress", "invoiced"])
def test_any_other_move_leaves_it_unclosed(end):
    ticket = a_ticket_that_is("ready")

    ticket.move_to(TicketStatus(end))

    assert ticket.closed_at is None


@pytest.mark.parametrize("why", ["parts", "customer", "sublet", "bay"])
def test_a_ticket_on_hold_says_what_it_waits_for(why):
    ticket = a_ticket_that_is("in_progress")

    ticket.move_to(TicketStatus.ON_HOLD, why)

    assert ticket.hold_reason == why


def test_a_reason_in_free_words_is_history_and_no_hold_reason():
    ticket = a_ticket_that_is("in_progress")

    step = ticket.move_to(TicketStatus.ON_HOLD, "waiting for the customer's call")

    assert ticket.hold_reason is None
    assert step.reason == "waiting for the customer's call"


def test_a_ticket_that_goes_on_waits_for_nothing():
    ticket = a_ticket_that_is("in_progress")
    ticket.move_to(TicketStatus.ON_HOLD, "parts")

    ticket.move_to(TicketStatus.IN_PROGRESS)

    assert ticket.hold_reason is None


def test_a_ticket_is_worked_on_while_open_in_progress_or_on_hold():
    assert {status.value for status in WORKABLE} == {"open", "in_progress", "on_hold"}


@pytest.mark.parametrize("status", ["open", "in_progress", "on_hold"])
def test_work_is_allowed_until_the_ticket_is_ready(status):
    a_ticket_that_is(status).must_be_workable()


@pytest.mark.parametrize("status", ["ready", "invoiced", "closed", "cancelled"])
def test_from_ready_on_work_is_refused(status):
    with pytest.raises(TicketClosed):
        a_ticket_that_is(status).must_be_workable()
