"""The till of the demo shop: it writes invoices, credit notes and payments as they were at a minute."""

from sqlalchemy import select

from app.actors import Actor
from app.blueprints.billing.services.credit_notes import write_credit_note
from app.blueprints.service_tickets.queries.invoice_drafts import draft
from app.blueprints.service_tickets.services.invoicing import write_invoice
from app.cli.demo.visit import Charge, Visit
from app.cli.demo.year import DAY, Year
from app.database.session import db
from app.models import (
    AppliesTo,
    InvoiceLine,
    LineKind,
    Payment,
    PaymentMethod,
    TicketLine,
)
from app.models.invoices import ChargeKind

LABOR_SHARE = 8  # what is taken back of a labor charge, as 1 of so many
FIRST_CHECK = 2_000  # its number


class Till:
    """The desk of the demo shop when it bills and takes money; `actor` is the manager who works there.

    Call its methods in the order of the minutes `at`, because they number what they write.
    """

    def __init__(self, actor: Actor, year: Year):
        self.actor, self.year = actor, year

    def invoice(self, at: int, visit: Visit) -> None:
        """Issue the invoice of a visit, whose ticket is ready."""
        db.session.flush()  # because drafts of invoices are read from the database
        drafted, moment = draft(self.actor, visit.ticket.id), self.year.at(at)
        visit.invoice = write_invoice(self.actor, visit.ticket, drafted, at=moment)

    def void(self, at: int, visit: Visit, reason: str) -> None:
        """Take the invoice of a visit back, so that it can be issued anew."""
        write_credit_note(self.actor, visit.invoice, reason=reason, at=self.year.at(at))
        visit.invoice = visit.ticket.invoiced_terms = None

    def discount(self, at: int, visit: Visit, name: str, cents: int) -> None:
        """Add a discount to a visit after its last line."""
        line = TicketLine(
            ticket_id=visit.ticket.id,
            position=len(visit.charges) + 1,
            kind=LineKind.DISCOUNT,
            name=name,
            discount_cents=cents,
            applies_to=AppliesTo.ALL,
        )
        db.session.add(line)

    def take_back_core(self, at: int, visit: Visit, charge: Charge, reason: str) -> None:
        """Credit the deposit for an old part that is brought back after the invoice."""
        [core] = _lines(visit, ChargeKind.CORE, InvoiceLine.line_id == charge.row.id)
        self._credit(at, visit, core, core.net_cents, reason)

    def lower_labor(self, at: int, visit: Visit, reason: str) -> None:
        """Credit a part of the first labor on the invoice of a visit."""
        labor = _lines(visit, ChargeKind.LABOR)[0]
        self._credit(at, visit, labor, labor.net_cents // LABOR_SHARE, reason)

    def pay(self, at: int, visit: Visit, method: PaymentMethod, cents: int | None = None) -> None:
        """Take a payment for a visit: `cents`, or all that is left to pay."""
        self._record(at, visit, cents or -_surplus(visit), method=method)

    def pay_together(self, at: int, visits: list[Visit], method: PaymentMethod) -> None:
        """Take one payment for all that is left to pay for the visits of a customer."""
        paid = [self._record(at, each, -_surplus(each), method=method) for each in visits]
        db.session.flush()
        for payment in paid:
            payment.batch_id = paid[0].id

    def _credit(self, at, visit, line, cents, reason):
        """Credit a part of an invoice line, and refund what was paid for it."""
        lines = [{"invoice_line_id": line.id, "net_cents": cents}]
        moment = self.year.at(at)
        write_credit_note(self.actor, visit.invoice, reason=reason, lines=lines, at=moment)
        visit.invoice.is_open = _surplus(visit) < 0
        if (surplus := _surplus(visit)) > 0:
            paid = visit.payment
            back = {"method": paid.method, "refunds_payment_id": paid.id, "note": reason}
            self._record(at, visit, -surplus, **back)

    def _record(self, at, visit, cents, *, method, **facts):
        moment = self.year.at(at)
        payment = Payment(
            ticket_id=visit.ticket.id,
            customer_id=visit.ticket.customer_id,
            amount_cents=cents,
            method=method,
            reference=_reference(at, method),
            received_at=moment,
            created_at=moment,
            account_id=self.actor.account_id,
            **facts,
        )
        db.session.add(payment)
        if cents > 0:
            visit.payment = payment
        visit.ticket.paid_cents += cents
        if visit.invoice:
            visit.invoice.is_open = _surplus(visit) < 0
        return payment


def _lines(visit, kind, *conditions):
    of_kind = (InvoiceLine.invoice_id == visit.invoice.id, InvoiceLine.kind == kind)
    found = select(InvoiceLine).where(*of_kind, *conditions).order_by(InvoiceLine.position)
    return db.session.scalars(found).all()


def _surplus(visit: Visit) -> int:
    """Return what was paid for a visit above what is due by its invoice, or below as a negative number."""
    due = visit.invoice.total_cents - visit.invoice.credited_cents
    return visit.ticket.paid_cents - due


def _reference(at, method):
    if method is PaymentMethod.CARD:
        return f"auth {at:06}"
    return f"no. {FIRST_CHECK + at // DAY}" if method is PaymentMethod.CHECK else None
