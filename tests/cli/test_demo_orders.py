"""The repair orders of the demo shop say of jobs, prices and consent what the API would have let them say."""

from collections import Counter
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from app.blueprints.service_tickets.consent import sha256_of
from app.blueprints.service_tickets.schemas.lines import LineCreate
from app.database.session import db
from app.models import (
    Assignment,
    Authorization,
    AuthorizationMethod,
    CannedJob,
    Condition,
    Customer,
    Decision,
    Job,
    JobDecision,
    LineKind,
    Mechanic,
    PriceSource,
    ServiceTicket,
    Shop,
    StaffRole,
    StatusChange,
    TicketLine,
    TicketStatus,
    Vehicle,
)
from app.models.jobs import TURNED_DOWN, name_of_first_job
from app.models.service_tickets import WITH_LINES
from app.models.shop import SHOP
from tests.cli.test_demo import every, grouped, is_in_order
from tests.factories import signed_in

pytestmark = pytest.mark.one_database("sqlite")

DONE = (TicketStatus.READY, TicketStatus.INVOICED, TicketStatus.CLOSED)
KINDS = {"labor": "labor", "part": "parts", "sublet": "sublet", "fee": "fees"}


def by_id(model):
    return {row.id: row for row in every(model)}


def status_at(history, moment):
    return [step.to_status for step in history if step.at <= moment][-1]


@pytest.fixture
def manager(filled, shop):
    """Return a client of the demo's manager."""
    return signed_in(shop, next(each for each in every(Mechanic) if each.role is StaffRole.MANAGER))


@pytest.fixture
def listed(manager):
    """Return all tickets with their jobs and totals, as they are listed."""
    pages = range(1, len(every(ServiceTicket)) // 100 + 2)
    path = "/service-tickets?include=jobs,totals&per_page=100&page="
    return [ticket for page in pages for ticket in manager.get(f"{path}{page}").json["items"]]


def test_the_demo_shop_has_a_name_rates_and_hours(manager):
    shop = manager.get("/shop").json
    assert (shop["name"], shop["phone"]) != ("Mechanic Shop", None)
    assert shop["address_lines"]
    assert shop["estimate_terms"]
    assert shop["labor_rate_cents"] > shop["labor_cost_rate_cents"] > 0
    assert shop["shop_supplies"]["cap_cents"]
    assert len(shop["markup_matrix"]) > 2
    assert shop["authorization_policy"] == "off"
    [tax] = shop["taxes"]
    assert tax["labor_percentage"] == 0 < tax["part_percentage"] == tax["fee_percentage"]
    zone = ZoneInfo(shop["time_zone"])
    hours = {ticket.opened_at.astimezone(zone).hour for ticket in every(ServiceTicket)}
    assert hours <= {*range(8, 18)}


def test_jobs_of_canned_jobs_have_their_labor_and_their_parts(filled):
    canned, jobs = by_id(CannedJob), grouped(every(Job), lambda job: job.canned_job_id or 0)
    assert 5 <= len(canned) <= 8
    assert jobs.keys() == {0, *canned}
    lines = grouped(every(TicketLine), lambda line: line.job_id or 0)
    for each in canned.values():
        template = LineCreate(many=True).load(each.lines)
        for job in jobs[each.id]:
            made = [(line.kind, line.part_id, line.quantity) for line in lines[job.id]]
            for line in template:
                quantity = None if line["kind"] is LineKind.LABOR else line.get("quantity", 1)
                assert (line["kind"], line.get("part_id"), quantity) in made
            assert job.name == each.name
            [labor] = [line for line in lines[job.id] if line.kind is LineKind.LABOR][:1]
            assert labor.flat_price_cents == template[0]["flat_price_cents"]


def test_the_first_job_of_a_demo_ticket_holds_the_work(filled):
    jobs = grouped(every(Job), lambda job: job.ticket_id)
    lines = grouped(every(TicketLine), lambda line: line.ticket_id)
    histories = grouped(every(StatusChange), lambda step: step.ticket_id)
    how_many = Counter()
    for ticket in every(ServiceTicket):
        of_ticket, its_lines = jobs[ticket.id], lines.get(ticket.id, [])
        assert [job.position for job in of_ticket] == [*range(1, len(of_ticket) + 1)]
        assert [line.position for line in its_lines] == [*range(1, len(its_lines) + 1)]
        how_many[len(of_ticket)] += 1
        if its_lines:
            billed = {line.job_id for line in its_lines if line.kind is LineKind.LABOR}
            assert billed == {job.id for job in of_ticket}
            assert of_ticket[0].name != name_of_first_job(ticket.problem_description)
        else:
            statuses = {step.to_status for step in histories[ticket.id]}
            assert statuses <= {TicketStatus.OPEN, TicketStatus.CANCELLED}
            [job] = of_ticket
            assert job.name == name_of_first_job(ticket.problem_description)
            how_many["empty"] += 1
        for job in of_ticket:
            assert job.created_at >= ticket.opened_at
            done = ticket.status in DONE and job.decision not in TURNED_DOWN
            assert bool(job.correction) == done
    assert how_many[2] > 60
    assert 0 < how_many["empty"] < 15


def test_labor_in_the_demo_shop_is_billed_near_the_time_worked(filled):
    rate = db.session.get_one(Shop, SHOP).labor_rate_cents
    crews = {(each.ticket_id, each.mechanic_id): each for each in every(Assignment)}
    jobs, tickets = by_id(Job), by_id(ServiceTicket)
    labor = [line for line in every(TicketLine) if line.kind is LineKind.LABOR]
    assert {line.rate_cents for line in labor} == {rate}
    assert {line.warranty_months for line in labor} == {None, 12}
    finished = [line for line in labor if tickets[line.ticket_id].status in DONE]
    assert all((line.ticket_id, line.mechanic_id) in crews for line in finished)
    done = [line for line in finished if jobs[line.job_id].decision not in TURNED_DOWN]
    for ticket_id, lines in grouped(done, lambda line: line.ticket_id).items():
        if all(line.flat_price_cents is None for line in lines):
            worked = crews[ticket_id, lines[0].mechanic_id].minutes_worked
            assert 0.75 < sum(line.billed_minutes for line in lines) / worked < 1.4


def test_the_demo_shop_has_every_kind_of_line(filled):
    lines, tickets = every(TicketLine), by_id(ServiceTicket)
    assert min(Counter(line.kind for line in lines)[kind] for kind in LineKind) >= 10
    discounts = [line for line in lines if line.discount_bps or line.discount_cents]
    assert {(line.kind is LineKind.DISCOUNT, line.job_id is None) for line in discounts} == {
        *((True, True), (True, False), (False, False)),
    }
    cores = [line for line in lines if line.core_charge_cents]
    assert {bool(line.cores_returned) for line in cores} == {True, False}
    for line in cores:
        is_done = line.used_at is not None and tickets[line.ticket_id].status in DONE
        assert line.cores_returned in ((0, line.quantity) if is_done else (0,))
    after = {line.id for line in cores if line.used_at and not line.cores_returned}
    assert len(after) >= 3  # cores that are brought back after the invoice, if at all
    bought = [line for line in lines if line.kind is LineKind.PART and not line.part_id]
    assert {line.price_source for line in bought} == {PriceSource.MATRIX}
    assert {line.condition for line in lines} == {None, Condition.NEW, Condition.REBUILT}
    assert {line.warranty_distance for line in lines} >= {None, 12_000, 24_000, 48_000}
    assert all(
        line.supplier and line.unit_price_cents > line.unit_cost_cents
        for line in lines
        if line.kind is LineKind.SUBLET
    )


def test_parts_of_the_demo_shop_wait_only_where_work_is_not_done(filled):
    jobs, tickets, told = by_id(Job), by_id(ServiceTicket), by_id(Authorization)
    planned = [line for line in every(TicketLine) if line.part_id and not line.used_at]
    assert len(planned) > 30
    for line in planned:
        turned_down = jobs[line.job_id].decision in TURNED_DOWN
        assert turned_down or tickets[line.ticket_id].status not in DONE
    decisions = grouped(every(Decision), lambda each: each.job_id)
    for line in [line for line in every(TicketLine) if line.used_at]:
        assert jobs[line.job_id].decision not in TURNED_DOWN
        for decision in decisions.get(line.job_id, [])[:1]:
            assert told[decision.authorization_id].at < line.used_at


def test_totals_of_the_demo_shop_are_the_sums_of_its_lines(listed):
    for ticket in listed:
        totals = ticket["totals"]
        jobs = [job for job in ticket["jobs"] if job["authorization"] not in TURNED_DOWN]
        lines = [line for job in jobs for line in job["lines"]]
        for kind, name in KINDS.items():
            of_kind = [line["amount_cents"] for line in lines if line["kind"] == kind]
            assert totals[f"{name}_cents"] == sum(of_kind)
        net = sum(line["net_cents"] or 0 for line in lines)
        cores = totals["core_charges_cents"] - totals["core_returns_cents"]
        assert totals["subtotal_cents"] == net + cores + totals["shop_supplies_cents"]
        assert totals["total_cents"] == totals["subtotal_cents"] + totals["tax_cents"]
        assert ticket["total_cents"] == totals["total_cents"]
        is_over = ticket["status"] == "cancelled"
        taxed = totals["parts_cents"] + totals["fees_cents"] + totals["shop_supplies_cents"]
        assert bool(totals["tax_cents"]) == (taxed > 0 and not is_over)
    assert sum(ticket["totals"]["total_cents"] for ticket in listed) > 5_000_000


def test_estimates_of_the_demo_shop_are_in_every_state(listed):
    states = Counter(
        (ticket["status"], job["authorization"], job["because"])
        for ticket in listed
        for job in ticket["jobs"]
    )
    assert {state for _, state, _ in states} == {"pending", "authorized", "declined", "deferred"}
    assert all(states["closed", word, None] for word in ("authorized", "declined", "deferred"))
    assert all(states["cancelled", word, None] for word in ("pending", "declined"))
    assert {status for status, _, because in states if because == "price_raised"} <= {
        *("in_progress", "on_hold"),
    }
    assert sum(many for (*_, because), many in states.items() if because == "price_raised") >= 2
    words = {(ticket["status"], ticket["totals"]["authorization_status"]) for ticket in listed}
    assert {word for _, word in words} == {"full", "partial", "none"}
    assert words >= {("open", "full"), ("open", "none"), ("in_progress", "partial")}


def test_decisions_in_the_demo_shop_are_on_the_estimate_that_was_seen(filled):
    decisions = grouped(every(Decision), lambda each: each.authorization_id)
    for record in every(Authorization):
        seen = record.estimate
        assert record.estimate_sha256 == sha256_of(seen)
        assert seen["total_cents"] == seen["subtotal_cents"] + sum(
            tax["tax_cents"] for tax in seen["taxes"]
        )
        kinds = {line["kind"] for job in seen["jobs"] for line in job["lines"]}
        assert seen["taxes"] or not kinds & {LineKind.PART, LineKind.FEE}
        jobs = {job["id"]: job for job in seen["jobs"] + seen["declined_jobs"]}
        for each in decisions[record.id]:
            job = jobs[each.job_id]
            assert (each.name, each.price_cents) == (job["name"], job["price_cents"])
        if record.authorized_total_cents == seen["total_cents"]:
            continue
        # Somebody has turned something down, or has not decided on a job yet.
        assert record.authorized_total_cents < seen["total_cents"]
        assert {each.decision for each in decisions[record.id]} <= {*TURNED_DOWN}


def test_what_was_seen_last_in_the_demo_shop_is_what_was_done(filled, listed):
    records = grouped(every(Authorization), lambda each: each.ticket_id)
    latest, told = {each.job_id: each for each in every(Decision)}, 0
    for ticket in listed:
        if TicketStatus(ticket["status"]) not in DONE or ticket["id"] not in records:
            continue
        seen = records[ticket["id"]][-1].estimate
        lines = {line["id"]: line for job in ticket["jobs"] for line in job["lines"]}
        asked = [line for job in seen["jobs"] + seen["declined_jobs"] for line in job["lines"]]
        assert {line["id"] for line in asked} == lines.keys()
        assert all(line.items() <= lines[line["id"]].items() for line in asked)
        for job in ticket["jobs"]:
            # The customer pays the deposit for a core, which comes back after the estimate.
            back = [
                line["core_charge_cents"] * line["cores_returned"]
                for line in job["lines"]
                if line["cores_returned"]
            ]
            assert latest[job["id"]].price_cents == job["price_cents"] + sum(back)
            told += 1
    assert told > 200


def test_an_estimate_of_the_demo_shop_that_has_not_changed_has_the_hash_of_its_decision(
    manager, listed
):
    same = 0
    for ticket in listed:
        if ticket["status"] in ("invoiced", "closed", "cancelled"):
            continue
        estimate = manager.get(f"/service-tickets/{ticket['id']}/estimate").json
        told, totals = estimate["authorizations"], estimate["totals"]
        if not told or totals["core_returns_cents"] or estimate["declined_jobs"]:
            continue
        is_same = estimate["estimate_sha256"] == told[-1]["estimate_sha256"]
        assert is_same == (totals["authorization_status"] == "full")
        assert not is_same or told[-1]["authorized_total_cents"] == totals["total_cents"]
        same += is_same
    assert same >= 5


def test_decisions_in_the_demo_shop_are_made_in_time_by_who_may_make_them(filled):
    histories = grouped(every(StatusChange), lambda step: step.ticket_id)
    tickets, customers, staff = by_id(ServiceTicket), by_id(Customer), every(Mechanic)
    accounts = {each.account_id for each in staff}
    methods = Counter()
    for ticket_id, records in grouped(every(Authorization), lambda each: each.ticket_id).items():
        customer = customers[tickets[ticket_id].customer_id]
        assert all(earlier.at < later.at for earlier, later in pairwise(records))
        for record in records:
            assert status_at(histories[ticket_id], record.at) in WITH_LINES
            assert record.authorized_by_name == customer.name
            contacts = {"phone": customer.phone, "sms": customer.phone, "in_person": None}
            assert record.contact == contacts.get(record.method, customer.email)
            is_own = record.method is AuthorizationMethod.ACCOUNT
            assert record.account_id in ({customer.account_id} if is_own else accounts)
            assert not (is_own and record.note)
            methods[record.method] += 1
        assert tickets[ticket_id].updated_at >= records[-1].at
    assert methods.keys() == {*AuthorizationMethod} - {AuthorizationMethod.LINK}
    assert min(methods.values()) >= 10


def test_a_job_of_the_demo_shop_has_its_latest_decision(filled):
    told = by_id(Authorization)
    latest = {each.job_id: each for each in every(Decision)}
    jobs = by_id(Job)
    assert {job.id for job in jobs.values() if job.decision} == latest.keys()
    for job_id, decision in latest.items():
        job, record = jobs[job_id], told[decision.authorization_id]
        assert (job.decision, job.decided_at) == (decision.decision, record.at)
        assert job.ticket_id == record.ticket_id
    again = Counter(each.job_id for each in every(Decision))
    twice = [job_id for job_id, many in again.items() if many > 1]
    assert twice
    for decisions in grouped(every(Decision), lambda each: each.job_id).values():
        assert is_in_order([each.price_cents for each in decisions])
    limits = [each for each in every(Decision) if each.up_to_cents is not None]
    assert limits
    assert all(each.decision is JobDecision.AUTHORIZED for each in limits)


def test_work_that_was_turned_down_in_the_demo_shop_waits_is_taken_up_or_dismissed(manager):
    jobs, tickets = by_id(Job), by_id(ServiceTicket)
    with_lines = {line.job_id for line in every(TicketLine)}
    taken_up = {job.revived_from_id for job in jobs.values() if job.revived_from_id}
    dismissed = {job.id for job in jobs.values() if job.dismissed_at}
    turned_down = {
        job.id
        for job in jobs.values()
        if job.decision in TURNED_DOWN
        or (tickets[job.ticket_id].status is TicketStatus.CANCELLED and job.id in with_lines)
    }
    waiting = set()
    for vehicle in every(Vehicle):
        found = manager.get(f"/vehicles/{vehicle.id}/recommendations").json["items"]
        assert {tickets[each["ticket_id"]].vehicle_id for each in found} <= {vehicle.id}
        assert all(each["price_cents"] > 0 for each in found)
        waiting |= {each["job_id"] for each in found}
    assert waiting == turned_down - taken_up - dismissed
    assert len(waiting) > 10
    assert turned_down > taken_up | dismissed
    assert all(jobs[each].dismissed_reason for each in dismissed)
    assert dismissed
    assert len(taken_up) >= 5
    for job in [job for job in jobs.values() if job.revived_from_id]:
        old = jobs[job.revived_from_id]
        then, now = tickets[old.ticket_id], tickets[job.ticket_id]
        assert (job.name, job.note, job.cause) == (old.name, old.note, old.cause)
        assert now.vehicle_id == then.vehicle_id
        assert then.closed_at < now.opened_at
        assert job.decision not in TURNED_DOWN
