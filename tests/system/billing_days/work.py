"""Random work: customers come, tickets are opened, get jobs and lines, and move from status to status."""

from sqlalchemy import select

from app.models import Customer, Job, Part, ServiceTicket, TicketLine, Vehicle
from tests.factories import a_vin
from tests.system.billing_days.shop import Act, BillingShop

HERE = (Customer.erased_at.is_(None), Customer.merged_into_id.is_(None))
WORKABLE = ("open", "in_progress", "on_hold")
WITH_LINES = (*WORKABLE, "ready")
HAS_LINES = ServiceTicket.id.in_(select(TicketLine.ticket_id))
# Lines for parts that were not taken off the shelf yet; tickets with them are not invoiced.
PLANNED = (TicketLine.part_id.is_not(None), TicketLine.used_at.is_(None))
HAS_PLANNED = ServiceTicket.id.in_(select(TicketLine.ticket_id).where(*PLANNED))
CENTS = (0, 1, 7, 99, 333, 1_001, 4_995, 12_345)


def a_customer_comes(shop: BillingShop) -> Act:
    said = {"name": shop.word(), "city": shop.of("Salem", "Bend", None)}
    return Act("customer", "POST", "/customers", said)


def a_vehicle_comes(shop: BillingShop) -> Act:
    said = {"vin": a_vin(), "make": "Honda", "model": "Accord", "year": shop.whole(1990, 2026)}
    said["license_plate"] = f"P {shop.whole(1, 9_999)}"
    return Act("vehicle", "POST", f"/customers/{shop.recent(Customer, *HERE)}/vehicles", said)


def a_ticket_is_opened(shop: BillingShop) -> Act | None:
    """Return the opening of a ticket for a vehicle or, once in five times, for a customer alone."""
    whom = {"customer_id": shop.recent(Customer, *HERE)}
    if not shop.once_in(5):
        whose = Vehicle.customer_id.in_(shop.ids(Customer, *HERE))
        whom = {"vehicle_id": shop.recent(Vehicle, whose)}
    if None in whom.values():
        return None
    return Act("ticket", "POST", "/service-tickets", whom | {"problem_description": shop.word()})


def a_ticket_is_deleted(shop: BillingShop) -> Act | None:
    ticket = shop.ticket("open")
    return ticket and Act("ticket deleted", "DELETE", f"/service-tickets/{ticket}")


def a_job_is_added(shop: BillingShop) -> Act | None:
    bare = () if shop.once_in(2) else (ServiceTicket.id.not_in(select(TicketLine.ticket_id)),)
    ticket = shop.ticket(*WITH_LINES, where=bare) or shop.ticket(*WITH_LINES)
    lines = [a_line(shop) for _ in range(shop.whole(1, 4))]
    path = f"/service-tickets/{ticket}/jobs"
    return ticket and Act("job", "POST", path, {"name": shop.word(), "lines": lines})


def a_line(shop: BillingShop) -> dict:
    """Return the body of a new line of a job, often with a discount of its own or a core charge."""
    kind = shop.of("labor", "labor", "part", "bought", "bought", "sublet", "fee", "discount")
    if kind == "discount":
        return {"kind": kind, "name": "Coupon"} | off(shop) | scope(shop)
    line = {"kind": kind, "name": shop.word(), "taxable": not shop.once_in(6)}
    if kind == "labor":
        line["billed_minutes"] = shop.of(1, 20, 30, 60, 100)
        line |= shop.of({}, {}, {"rate_cents": 9_999}, {"flat_price_cents": shop.of(*CENTS)})
    elif kind == "part":
        line |= {"part_id": shop.recent(Part, Part.retired_at.is_(None))}
        line |= {"quantity": shop.of(1, 1, 2)} | core(shop)
    elif kind == "bought":
        line |= {"kind": "part", "part_number": "B 1", "quantity": shop.of(1, 2, 1.5, 3.33)}
        line |= {"unit_price_cents": shop.of(*CENTS), "unit_cost_cents": 501} | core(shop)
    elif kind == "sublet":
        line |= {"unit_price_cents": shop.of(*CENTS), "unit_cost_cents": 700}
    else:
        line["unit_price_cents"] = shop.of(*CENTS) * shop.of(1, 1, 1, -1)
    return line | (off(shop) if shop.once_in(4) else {})


def core(shop):
    if not shop.once_in(3):
        return {}
    return {"core_charge_cents": 2_501, "cores_returned": shop.of(0, 0, 1)}


def off(shop):
    by_rate = {"discount_percentage": shop.of(1, 3.33, 10, 99.99, 100)}
    return shop.of(by_rate, {"discount_cents": shop.of(*CENTS)})


def scope(shop):
    return {"applies_to": shop.of("all", "labor", "part")}


def a_discount_is_given(shop: BillingShop) -> Act | None:
    ticket = shop.ticket(*WITH_LINES)
    said = {"name": "Coupon"} | off(shop) | scope(shop)
    return ticket and Act("discount", "POST", f"/service-tickets/{ticket}/lines", said)


def a_part_is_used(shop: BillingShop) -> Act | None:
    ticket, part = shop.ticket(*WORKABLE), shop.recent(Part, Part.retired_at.is_(None))
    path, said = f"/service-tickets/{ticket}/parts/{part}", {"quantity_used": shop.of(1, 2, 3)}
    return ticket and Act("part used", "POST", path, said)


def of_tickets(shop, *statuses):
    """Return the condition that a line or a job is of a ticket in one of these statuses."""
    return lambda model: model.ticket_id.in_(
        shop.ids(ServiceTicket, ServiceTicket.status.in_(statuses))[-20:]
    )


def a_planned_part_is_used(shop: BillingShop) -> Act | None:
    line = shop.recent(TicketLine, of_tickets(shop, *WORKABLE)(TicketLine), *PLANNED)
    return line and Act("planned part used", "POST", f"/lines/{line}/use", {})


def a_used_part_comes_back(shop: BillingShop) -> Act | None:
    used, statuses = (
        TicketLine.used_at.is_not(None),
        shop.of(WORKABLE, WORKABLE, WORKABLE, ("closed",)),
    )
    line = shop.recent(TicketLine, of_tickets(shop, *statuses)(TicketLine), used)
    said = shop.of({}, {}, {"quantity": 1})
    return line and Act("part returned", "POST", f"/lines/{line}/return", said)


def a_core_comes_back(shop: BillingShop) -> Act | None:
    cores = TicketLine.core_charge_cents > 0
    line = shop.recent(TicketLine, of_tickets(shop, *WITH_LINES, "invoiced")(TicketLine), cores)
    said = {"cores_returned": shop.of(0, 1, 1)}
    return line and Act("core returned", "PATCH", f"/lines/{line}", said)


def a_line_changes(shop: BillingShop) -> Act | None:
    """Return a change of labor, or of a price; tickets with an invoice refuse it."""
    is_labor = shop.once_in(2)
    kinds = ("labor",) if is_labor else ("part", "sublet", "fee")
    of_kind = TicketLine.kind.in_(kinds)
    line = shop.recent(TicketLine, of_tickets(shop, *WITH_LINES, "invoiced")(TicketLine), of_kind)
    said = {"billed_minutes": shop.of(0, 10, 45)} if is_labor else {}
    said = said or {"unit_price_cents": shop.of(*CENTS)}
    return line and Act("line changed", "PATCH", f"/lines/{line}", said)


def a_line_is_taken_off(shop: BillingShop) -> Act | None:
    of_ticket, planned = of_tickets(shop, *WITH_LINES)(TicketLine), TicketLine.used_at.is_(None)
    line = shop.recent(TicketLine, of_ticket, planned)
    return line and Act("line deleted", "DELETE", f"/lines/{line}")


def work_is_decided_on(shop: BillingShop) -> Act | None:
    job = shop.recent(Job, of_tickets(shop, *WITH_LINES)(Job))
    if job is None:
        return None
    [ticket] = shop.ids(ServiceTicket, ServiceTicket.id == Job.ticket_id, Job.id == job)
    decision = {"job_id": job, "decision": shop.of("authorized", "declined", "deferred")}
    said = {"method": "phone", "authorized_by_name": "Alla", "contact": "555-0123"}
    path = f"/service-tickets/{ticket}/authorizations"
    return Act("decision", "POST", path, said | {"decisions": [decision]})


def moved(kind: str, to: str, *before: str, where=(HAS_LINES,), reason=False):
    """Return the card of a move to the status `to`, mostly of a ticket in one of `before` with `where`."""

    def a_ticket_moves(shop: BillingShop) -> Act | None:
        ticket = shop.ticket(*before, where=() if shop.once_in(4) else where)
        said = {"to": to} | ({"reason": shop.word()} if reason else {})
        return ticket and Act(kind, "POST", f"/service-tickets/{ticket}/transitions", said)

    return a_ticket_moves


DONE = (HAS_LINES, ~HAS_PLANNED)
WORK = {
    a_customer_comes: 5,
    a_vehicle_comes: 3,
    a_ticket_is_opened: 8,
    a_ticket_is_deleted: 1,
    a_job_is_added: 10,
    a_discount_is_given: 2,
    a_part_is_used: 3,
    a_planned_part_is_used: 5,
    a_used_part_comes_back: 2,
    a_core_comes_back: 2,
    a_line_changes: 3,
    a_line_is_taken_off: 1,
    work_is_decided_on: 1,
    moved("begun", "in_progress", "open", "on_hold"): 4,
    moved("held", "on_hold", "in_progress"): 2,
    moved("completed", "completed", "open", "in_progress", where=DONE): 9,
    moved("ready", "ready", "in_progress", where=DONE): 5,
    moved("worked on again", "in_progress", "ready", where=(HAS_PLANNED,)): 2,
    moved("cancelled", "cancelled", *WORKABLE): 2,
    moved("taken up again", "open", "cancelled", reason=True): 2,
}
WORK_KINDS = (
    *("customer", "vehicle", "ticket", "ticket deleted", "job", "discount", "part used"),
    *("planned part used", "part returned", "core returned", "line changed", "line deleted"),
    *("decision", "begun", "held", "completed", "ready", "worked on again", "cancelled"),
    "taken up again",
)
