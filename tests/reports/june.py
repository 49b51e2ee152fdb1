"""What tests of reports share: invoices, credit notes and money with chosen days, and what reports show."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import update

from app.database.session import db
from app.models import Authorization, CreditNote, Invoice, Payment
from tests.billing.money import credited, issued
from tests.factories import a_mechanic, a_part
from tests.service_tickets.consenting import Order

JUNE = ("2026-06-01", "2026-06-30")
TAXES = [
    {"name": "State", "part_percentage": 6.25, "labor_percentage": 6.25},
    {"name": "City", "part_percentage": 1.125},
]


def dated(model, row_id, on):
    """Date a row at noon of a day; the clock of the tests can't be turned back."""
    at = datetime.combine(date.fromisoformat(on), datetime.min.time(), UTC) + timedelta(hours=18)
    times = {Payment: {"received_at": at}, Authorization: {"at": at}}
    with db.engine.begin() as connection:
        table = model.__table__
        when = times.get(model, {"issued_on": date.fromisoformat(on)})
        connection.execute(update(table).where(table.c.id == row_id).values(when))


def an_invoice(staff, on="2026-06-10", **line):
    """Invoice an order of labor, a part from stock, a core, a sublet and a fee; return order and invoice."""
    order = Order(staff)
    mechanic = a_mechanic()
    order.add(kind="labor", billed_minutes=95, rate_cents=13_333, mechanic_id=mechanic.id)
    order.add(
        kind="sublet", name="Alignment", quantity=1, unit_price_cents=8_900, unit_cost_cents=6_100
    )
    order.add(kind="fee", name="Disposal", quantity=2, unit_price_cents=275)
    order.add(
        kind="part",
        part_id=a_part(9, price_cents=4_999, current_cost_cents=2_777).id,
        quantity=3,
        core_charge_cents=1_500,
        **line,
    )
    order.discount(kind="discount", discount_percentage=7.5)
    for each in parts_of(order):
        assert staff.post(f"/lines/{each['id']}/use", json={}).status_code == 201
    order.move("in_progress")
    assign = {"mechanic_id": mechanic.id, "minutes_worked": 80}
    assert (
        staff.post("/assignments", json=assign | {"ticket_id": order.ticket.id}).status_code == 201
    )
    order.move("ready")
    invoice = issued(order)
    dated(Invoice, invoice["id"], on)
    order.mechanic = mechanic
    return order, invoice


def parts_of(order):
    lines = order.staff.get(f"/jobs/{order.job}").json["lines"]
    return [line for line in lines if line["part_id"]]


def report(staff, period=JUNE):
    answer = staff.get("/reports/shop?from={}&to={}".format(*period))
    assert answer.status_code == 200, answer.json
    return answer.json


def values(told):
    return {figure["name"]: figure["value"] for figure in told["figures"]}


def groups(told, name):
    [figure] = [each for each in told["figures"] if each["name"] == name]
    return {(each["key"], each["of"]): each["value"] for each in figure["groups"]}


def a_note(order, invoice, on, **body):
    answer = credited(order, invoice, **body)
    assert answer.status_code == 201, answer.json
    dated(CreditNote, answer.json["id"], on)
    return answer.json


def lines_of(staff, invoice, kind):
    lines = staff.get(f"/invoices/{invoice['id']}/lines").json["items"]
    return [line for line in lines if line["kind"] == kind]


def documents(staff, period):
    """Return the documents of the invoices and, with those of their invoices, of the credit notes."""
    first, last = period
    issued_in = f"issued_from={first}&issued_to={last}&per_page=100"

    def document(path):
        return staff.get(f"{path}/document").json

    invoices = staff.get(f"/invoices?{issued_in}").json["items"]
    notes = staff.get(f"/credit-notes?{issued_in}").json["items"]
    return (
        [document(f"/invoices/{each['id']}") for each in invoices],
        [
            (document(f"/credit-notes/{each['id']}"), document(f"/invoices/{each['invoice_id']}"))
            for each in notes
        ],
    )
