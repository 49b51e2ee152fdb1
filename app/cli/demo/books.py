"""Functions that make the database rows of the demo's planned visits, such as tickets and history.

Call them in the order of this file: a later function needs the ids of the rows that an earlier one has
made.
"""

from collections.abc import Iterator

from app.cli.demo.bills import Deal
from app.cli.demo.people import Hand, is_firm
from app.cli.demo.shelf import Move
from app.cli.demo.visit import Visit
from app.cli.demo.year import HOUR, Year
from app.database.session import Model
from app.models import (
    Assignment,
    Job,
    OdometerReading,
    ServiceTicket,
    StatusChange,
    StockMovement,
    TicketStatus,
)
from app.models.jobs import name_of_first_job
from app.models.service_tickets import OVER


def odometers(visits: list[Visit], year: Year) -> None:
    """Set the odometer in each vehicle's row to the reading of its last visit that has a reading.

    `visits` are the demo's planned visits in order of time.
    """
    for visit in visits:
        if visit.odometer is not None:
            visit.car.row.odometer = visit.odometer
            visit.car.row.updated_at = year.at(visit.opened)


def tickets(visits: list[Visit], year: Year) -> Iterator[Model]:
    """Yield the row of each planned visit's ticket, and store it in `visit.ticket`.

    If no jobs are planned for a visit, also yield the row of a job named after the complaint.
    """
    for visit in visits:
        visit.ticket = ticket = _ticket(visit, year)
        yield ticket
        if not visit.rounds:
            name = name_of_first_job(visit.complaint)
            yield Job(ticket=ticket, name=name, created_at=ticket.opened_at)


def happenings(visits: list[Visit], ledger: list[Move], desk: Hand, year: Year) -> list[Model]:
    """Return all rows of assignments, odometer readings, status changes and stock movements.

    The first three kinds are made from the planned `visits`, the movements from `ledger`, which has
    those of the whole year. Movements without a visit are recorded by `desk`, a member of the staff.
    """
    return [
        *(assignment for visit in visits for assignment in _assignments(visit, year)),
        *(_reading(visit, year) for visit in visits if visit.odometer is not None),
        *_history(visits, year),
        *(_movement(move, desk, year) for move in ledger),
    ]


def finish(visits: list[Visit], deals: list[Deal], year: Year) -> None:
    """Set the status and the time of the last change of the tickets that were invoiced or paid.

    `deals` are what was done about bills and money, in order of time, and written by now.
    """
    last = {id(visit): deal.at for deal in deals for visit in deal.visits}
    for visit in visits:
        if id(visit) in last:
            visit.ticket.status = visit.steps[-1].status
            visit.ticket.updated_at = year.at(max(last[id(visit)], visit.changed))


def _ticket(visit, year):
    last = visit.steps[-1]
    is_over, is_of_firm = last.status in OVER, is_firm(visit.car.row.customer)
    return ServiceTicket(
        customer_id=visit.car.row.customer_id,
        vehicle_id=visit.car.row.id,
        kept_vin=visit.car.row.vin if is_over else None,
        status=TicketStatus.READY if visit.invoiced else last.status,  # until the till invoices it
        hold_reason=visit.hold if last.status is TicketStatus.ON_HOLD else None,
        priority=visit.job.priority,
        problem_description=visit.complaint,
        odometer_in=visit.odometer,
        service_date=year.at(visit.steps[:2][-1].at).date(),
        promised_at=year.at(visit.opened + 10 * HOUR + 2 * visit.job.minutes[1]),
        opened_at=year.at(visit.opened),
        closed_at=year.at(last.at) if is_over else None,
        updated_at=year.at(visit.changed),
        customer_po=f"{visit.opened:06}" if is_of_firm else None,
        return_replaced_parts="old parts" in visit.complaint,
        shop_supplies_waived=is_of_firm,
    )


def _assignments(visit, year):
    """Return the assignment of each mechanic who worked on a visit.

    They are made at the first status change after opening or, if there is none, at the opening.
    """
    assigned_at = year.at(visit.steps[:2][-1].at)
    return [
        Assignment(
            ticket_id=visit.ticket.id,
            mechanic_id=shift.hand.row.id,
            role=shift.role,
            minutes_worked=shift.minutes,
            assigned_at=assigned_at,
        )
        for shift in visit.crew
    ]


def _reading(visit, year):
    return OdometerReading(
        vehicle_id=visit.car.row.id,
        ticket_id=visit.ticket.id,
        reading=visit.odometer,
        account_id=visit.steps[0].by.account_id,
        at=year.at(visit.opened),
    )


def _history(visits, year):
    """Return the status changes of all visits, in order of time."""
    taken = sorted(
        (
            (step, before and before.status, visit)
            for visit in visits
            for before, step in zip([None, *visit.steps], visit.steps, strict=False)
        ),
        key=lambda taken: taken[0].at,
    )
    return [
        StatusChange(
            ticket_id=visit.ticket.id,
            from_status=before,
            to_status=step.status,
            reason=step.reason,
            on_account=visit.on_account and step.status is TicketStatus.CLOSED,
            account_id=step.by.account_id,
            at=year.at(step.at),
        )
        for step, before, visit in taken
    ]


def _movement(move, desk, year):
    """Return the row of a stock movement, recorded by the visit's lead, or by `desk` without a visit."""
    visit = move.visit
    return StockMovement(
        part_id=move.item.row.id,
        quantity=move.quantity,
        reason=move.reason,
        note=move.note,
        ticket_id=visit and visit.ticket.id,
        line_id=move.line and move.line.id,
        account_id=(visit.crew[0].hand if visit else desk).row.account_id,
        at=year.at(move.at),
    )
