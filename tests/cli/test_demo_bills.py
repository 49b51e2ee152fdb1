"""The bills of the demo shop are what its acts would have written, and are paid as in a real shop."""

import json
from collections import Counter
from datetime import timedelta

import orjson
import pytest

from app.blueprints.service_tickets.queries.balances import balances
from app.blueprints.service_tickets.queries.invoice_drafts import draft
from app.blueprints.service_tickets.services.invoicing import CANONICAL
from app.clock import date_in, utc_now
from app.database.session import db
from app.models import (
    CreditLine,
    CreditNote,
    Customer,
    Invoice,
    InvoiceLine,
    Mechanic,
    Payment,
    ServiceTicket,
    Shop,
    StaffRole,
    StatusChange,
    StockMovement,
    TicketLine,
    TicketStatus,
)
from app.models.invoices import ChargeKind
from app.models.shop import SHOP
from app.quantities import as_json
from tests.cli.test_demo import every, grouped, is_in_order
from tests.cli.test_demo_orders import by_id, manager  # noqa: F401 - a fixture
from tests.factories import the_actor

pytestmark = pytest.mark.one_database

CLOSED, INVOICED = TicketStatus.CLOSED, TicketStatus.INVOICED
OF_DRAFT = ("number", "issued_at", "issued_on", "due_on")


def live_invoices():
    return [invoice for invoice in every(Invoice) if invoice.voided_at is None]


def of_ticket(model):
    return grouped(every(model), lambda row: row.ticket_id)


def test_numbers_are_in_the_order_of_time(filled):
    zone = db.session.get_one(Shop, SHOP).time_zone
    for model in (Invoice, CreditNote):
        rows = every(model)
        assert [row.sequence for row in rows] == [*range(1, len(rows) + 1)]
        assert is_in_order([row.issued_at for row in rows])
        assert all(row.issued_on == date_in(zone, row.issued_at) for row in rows)
    payments = every(Payment)
    assert is_in_order([payment.received_at for payment in payments])
    assert all(payment.received_at == payment.created_at < utc_now() for payment in payments)


def test_each_ticket_that_is_invoiced_or_closed_has_the_invoices_of_its_history(filled):
    invoices, notes = of_ticket(Invoice), of_ticket(CreditNote)
    histories = of_ticket(StatusChange)
    for ticket in every(ServiceTicket):
        steps = histories[ticket.id]
        back = [step.at for step in steps if step.from_status is INVOICED is not step.to_status]
        back = back[:-1] if ticket.status is CLOSED else back
        mine = invoices.get(ticket.id, [])
        assert [each.issued_at for each in mine] == [
            step.at for step in steps if step.to_status is INVOICED
        ]
        assert [each.voided_at for each in mine if each.voided_at] == back
        assert [each.issued_at for each in notes.get(ticket.id, []) if each.voids] == back
        is_billed = ticket.status in (INVOICED, CLOSED)
        assert [each.voided_at for each in mine][-1:] == ([None] if is_billed else [])
        assert (ticket.invoiced_terms is not None) == is_billed


def when_issued(invoice):
    """Return what an invoice says of the money that was paid before it."""
    ledger = [each for each in every(Payment) if each.ticket_id == invoice.ticket_id]
    paid = sum(each.amount_cents for each in ledger if each.created_at < invoice.issued_at)
    return {"paid_cents": paid, "balance_cents": invoice.total_cents - paid}


def test_an_invoice_is_what_the_act_would_write(filled):
    """Nothing changes a ticket after its invoice, so that it can be drafted again."""
    dana = the_actor(next(each for each in every(Mechanic) if each.role is StaffRole.MANAGER))
    lines = grouped(every(InvoiceLine), lambda line: line.invoice_id)
    for invoice in live_invoices():
        drafted, kept = draft(dana, invoice.ticket_id), json.loads(invoice.document)
        drafted.document["ticket"]["odometer_out"] = None
        drafted.document["totals"] |= when_issued(invoice)
        again = orjson.dumps(drafted.document, default=as_json, option=CANONICAL)
        assert json.loads(again) == {name: kept[name] for name in kept if name not in OF_DRAFT}
        assert kept["number"] == invoice.number
        assert kept["certified_by"] == "Dana Whitlock"
        made = [
            {name: getattr(line, name) for name in new}
            for line, new in zip(
                lines[invoice.id], [line for line, _ in drafted.lines], strict=True
            )
        ]
        assert made == [line for line, _ in drafted.lines]


def test_the_bills_can_be_read_and_printed(manager):  # noqa: F811
    for path in ("invoices", "credit-notes"):
        page = manager.get(f"/{path}?per_page=100")
        assert page.status_code == 200
        newest = page.json["items"][-1]
        for form in ("document", "pdf"):
            assert manager.get(f"/{path}/{newest['id']}/{form}").status_code == 200
    assert manager.get("/payments?per_page=100").status_code == 200


def test_firms_pay_on_account_late_or_never_and_all_others_when_they_pick_up(filled):
    firms = {each.id for each in every(Customer) if each.payment_terms_days is not None}
    paid = grouped(
        [each for each in every(Payment) if each.amount_cents > 0], key=lambda each: each.ticket_id
    )
    closings = {each.ticket_id: each for each in every(StatusChange) if each.to_status is CLOSED}
    today = date_in(db.session.get_one(Shop, SHOP).time_zone, utc_now())
    left, late, days, overdue = balances(by_id(ServiceTicket)), 0, [], []
    for invoice in live_invoices():
        is_of_firm, payments = invoice.customer_id in firms, paid.get(invoice.ticket_id, [])
        assert invoice.due_on - invoice.issued_on == timedelta(days=30 if is_of_firm else 0)
        closing, balance = closings.get(invoice.ticket_id), left[invoice.ticket_id].balance_cents
        if closing is not None:
            assert closing.on_account == is_of_firm
        if not is_of_firm:
            assert (balance == 0) == (closing is not None)
            assert not closing or payments[-1].received_at == closing.at
        elif payments:
            [payment] = payments
            assert (balance, payment.method in ("check", "transfer")) == (0, True)
            days.append((payment.received_at - invoice.issued_at).days)
            late += payment.received_at.date() > invoice.due_on
        elif invoice.due_on < today:
            overdue.append(invoice.number)
    assert 10 <= min(days) < 20 < 60 < max(days) <= 80
    assert late >= 10
    assert 3 <= len(overdue) <= 8


def test_deposits_are_paid_before_the_invoice_while_the_vehicle_waits_for_parts(filled):
    invoices, histories = of_ticket(Invoice), of_ticket(StatusChange)
    deposits = [
        each
        for each in every(Payment)
        if each.ticket_id not in invoices
        or each.received_at < invoices[each.ticket_id][0].issued_at
    ]
    assert len(deposits) >= 8
    for deposit in deposits:
        steps = [each for each in histories[deposit.ticket_id] if each.at <= deposit.received_at]
        assert steps[-1].reason == "Parts ordered, not here yet"
    assert any(each.ticket_id not in invoices for each in deposits)


def test_firms_pay_several_invoices_at_once(filled):
    batches = grouped(
        [each for each in every(Payment) if each.batch_id], lambda each: each.batch_id
    )
    for first, rows in batches.items():
        assert rows[0].id == first
        assert len({(each.customer_id, each.received_at, each.method) for each in rows}) == 1
        assert [each.id for each in rows] == [*range(first, first + len(rows))]
    assert sum(len(rows) > 1 for rows in batches.values()) >= 5


def test_parts_of_invoices_are_credited_and_what_was_paid_for_them_is_refunded(filled):
    invoices, lines, payments = by_id(Invoice), by_id(InvoiceLine), every(Payment)
    credited = {each.credit_note_id: each for each in every(CreditLine)}
    of_tickets, kinds, refunds = by_id(TicketLine), Counter(), []
    notes = [each for each in every(CreditNote) if not each.voids]
    for note in notes:
        invoice, line = invoices[note.invoice_id], lines[credited[note.id].invoice_line_id]
        kinds[line.kind] += 1
        if line.kind is ChargeKind.CORE:
            assert credited[note.id].net_cents == line.net_cents > 0
            assert of_tickets[line.line_id].cores_returned == 0
            assert timedelta(days=4) <= note.issued_at - invoice.issued_at <= timedelta(days=12)
        else:
            assert 0 < credited[note.id].net_cents < line.net_cents
        before = sum(
            each.amount_cents
            for each in payments
            if each.ticket_id == note.ticket_id and each.received_at < note.issued_at
        )
        back = [
            each
            for each in payments
            if each.amount_cents < 0
            and each.note == note.reason
            and (each.ticket_id, each.received_at) == (note.ticket_id, note.issued_at)
        ]
        assert sum(each.amount_cents for each in back) == (-note.total_cents if before else 0)
        refunds += back
    assert kinds.keys() == {ChargeKind.CORE, ChargeKind.LABOR}
    assert min(kinds.values()) >= 4
    assert refunds == [each for each in payments if each.amount_cents < 0]
    assert 5 <= len(refunds) < len(notes)


def test_some_invoices_are_taken_back_and_issued_anew_with_what_was_promised(filled):
    twice = [rows for rows in of_ticket(Invoice).values() if len(rows) > 1]
    assert len(twice) >= 4
    for old, new in twice:
        assert old.voided_at < new.issued_at
        assert (old.credited_cents, new.subtotal_cents < old.subtotal_cents) == (
            old.total_cents,
            True,
        )
        assert json.loads(new.document)["discounts"][-1]["discount_cents"] == 2_000
        assert not json.loads(old.document)["discounts"]


def test_nobody_has_paid_more_than_is_due_at_any_time(filled):
    left = balances(by_id(ServiceTicket))
    assert min(balance.balance_cents for balance in left.values()) == 0
    assert {each.payment_status for each in left.values()} == {"paid", "unpaid", "partially_paid"}
    notes = of_ticket(CreditNote)
    invoices = {each.ticket_id: each for each in live_invoices()}
    for ticket_id, payments in of_ticket(Payment).items():
        if ticket_id not in invoices:
            continue
        paid, invoice = 0, invoices[ticket_id]
        for payment in payments:
            paid += payment.amount_cents
            credits = sum(
                each.total_cents
                for each in notes.get(ticket_id, [])
                if not each.voids and each.issued_at <= payment.received_at
            )
            assert 0 < paid <= invoice.total_cents - credits


def test_a_ticket_was_changed_last_when_the_last_thing_happened(filled):
    moments = {
        ticket_id: [each.at for each in rows] for ticket_id, rows in of_ticket(StatusChange).items()
    }
    for each in every(Payment):
        moments[each.ticket_id].append(each.received_at)
    for each in every(CreditNote):
        moments[each.ticket_id].append(each.issued_at)
    for ticket in every(ServiceTicket):
        if ticket.status in (INVOICED, CLOSED):
            assert ticket.updated_at == max(moments[ticket.id])


def test_bills_move_no_stock(filled):
    issued = {each.issued_at for each in (*every(Invoice), *every(CreditNote))}
    assert not {each.at for each in every(StockMovement) if each.ticket_id} & issued
