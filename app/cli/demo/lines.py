"""Functions that make the rows of the demo's planned jobs and lines, one round after the other.

A round is what is added to a ticket at one time, such as its first estimate.
"""

from collections.abc import Iterable, Iterator, Mapping

from app.cli.demo.visit import Visit
from app.cli.demo.year import MONTH, Year
from app.models import AppliesTo, CannedJob, Condition, Job, LineKind, Shop, TicketLine
from app.models.ticket_lines import unit_price
from app.money import BASIS_POINTS, half_up

PRICE_RISE = 7 * MONTH
BEFORE_THE_RISE = 9_600  # basis points of today's cost and price
OF_PARTS = {"condition": Condition.NEW, "core_charge_cents": 0, "cores_returned": 0}
Canned = Mapping[tuple[str, str], CannedJob]


def jobs(visits: Iterable[Visit], n: int, canned: Canned, year: Year) -> Iterator[Job]:
    """Yield the rows of the jobs planned in round `n` of each visit.

    Round 0 is the first estimate, and round 1 is what is found later. `canned` has the canned jobs by
    the name of the work and the body of the vehicle.
    """
    for visit in visits:
        now, before = visit.rounds[n], sum(len(each.tasks) for each in visit.rounds[:n])
        is_done = visit.is_finished and not (now.answer and now.answer.turned_down)
        for position, task in enumerate(now.tasks, before + 1):
            template = canned.get((task.job.name, visit.car.body))
            task.row = Job(
                ticket=visit.ticket,
                position=position,
                name=(template or task.job).name,
                note=task.job.note,
                cause=task.job.cause,
                correction=task.job.correction if is_done else None,
                canned_job_id=template.id if template and not task.revived else None,
                created_at=year.at(now.at),
            )
            yield task.row


def lines(visits: Iterable[Visit], n: int, shop: Shop, year: Year) -> Iterator[TicketLine]:
    """Yield the rows of the lines planned in round `n` of each visit, at the prices of that time.

    Round 0 is the first estimate, and round 1 is what is found later.
    """
    for visit in visits:
        now, before = visit.rounds[n], sum(len(each.charges) for each in visit.rounds[:n])
        for position, charge in enumerate(now.charges, before + 1):
            charge.row = line = TicketLine(
                ticket_id=visit.ticket.id,
                job_id=charge.task and charge.task.row.id,
                position=position,
                **_facts(charge, visit, now.at, shop),
            )
            if charge.move:
                charge.move.line, line.used_at = line, year.at(charge.move.at)
                line.installed_by_mechanic_id = visit.crew[0].hand.row.id
            yield line


def settle(visits: Iterable[Visit], year: Year) -> None:
    """Set columns for what happened after the estimates: returned cores, work taken up or dismissed."""
    for visit in visits:
        for task in visit.tasks:
            if task.revived:
                task.row.revived_from_id = task.revived.row.id
            if task.dismissed:
                at, reason = task.dismissed
                task.row.dismissed_at, task.row.dismissed_reason = year.at(at), reason
        for charge in visit.charges if visit.is_finished else ():
            if charge.move and charge.row.core_charge_cents and not charge.is_late:
                charge.row.cores_returned = charge.row.quantity


def _facts(charge, visit, at, shop):
    """Return the columns that a line gets when it is made at minute `at`, as in `making.make_line`.

    Before PRICE_RISE, cost and price of a part are lower than the present ones.
    """
    facts = charge.facts
    if facts["kind"] is LineKind.LABOR:
        lead = visit.crew[0].hand.row.id if visit.crew else None
        by_the_hour = {"rate_cents": shop.labor_rate_cents, "mechanic_id": lead}
        return {"name": charge.task.row.name} | by_the_hour | facts
    if facts["kind"] is LineKind.DISCOUNT:
        return {"applies_to": AppliesTo.ALL} | facts
    if facts["kind"] is LineKind.PART:
        facts = OF_PARTS | facts
    facts = {"quantity": 1} | facts
    if charge.item:
        part, level = charge.item.row, BEFORE_THE_RISE if at < PRICE_RISE else BASIS_POINTS
        cost = half_up(part.current_cost_cents * level, BASIS_POINTS)
        catalog = half_up(part.price_cents * level, BASIS_POINTS)
        facts |= {"part_id": part.id, "part_number": part.part_number, "name": part.name}
        return facts | {"unit_cost_cents": cost} | unit_price(cost, catalog_cents=catalog)
    if "unit_cost_cents" not in facts:
        return facts
    matrix = [(band["up_to_cents"], band["markup_bps"]) for band in shop.markup_matrix]
    markup = facts.get("markup_bps")
    return facts | unit_price(facts["unit_cost_cents"], markup_bps=markup, matrix=matrix)
