"""Random steps of a day: credit notes, looks at them, and tickets that are closed."""

from tests.system.whole_shop.balances import balance
from tests.system.whole_shop.chance import Chance, named
from tests.system.whole_shop.money_rows import Charge, Invoice
from tests.system.whole_shop.order_days import an_order
from tests.system.whole_shop.step import Name, Step


def an_invoice_is_credited(c: Chance) -> Step:
    """Return a credit note on one of the latest invoices: parts of some charges, or all that is left."""
    invoice = an_invoice(c)
    said = {"reason": c.word()}
    if c.once_in(5):
        said["all"] = True
    else:
        said["lines"] = parts(c, invoice)
    at = {"invoice": named(invoice, "invoice")}
    who = c.staff() if c.once_in(6) else c.signed_in("manager")
    return c.finished(Step("credit", who, at, said))


def a_ticket_is_closed(c: Chance) -> Step:
    """Return the closing of a ticket that is invoiced or ready, sometimes on account."""
    is_owed = c.once_in(3)  # money by the shop

    def is_likely(ticket):
        return ticket.lines and (not is_owed or balance(c.book, ticket) < 0)

    statuses = c.of(("invoiced",), ("invoiced",), ("ready",))
    ticket = an_order(c, is_likely, ("invoiced", "ready") if is_owed else statuses)
    said, who = {"to": "closed"}, c.staff()
    if c.once_in(2):
        said["on_account"] = c.of(True, True, True, False)
        who = c.signed_in(c.of("manager", "manager", "mechanic"))
    if c.once_in(20):
        said["to"] = c.of("ready", "Closed", "cancelled")
    at = {"ticket": named(ticket, "ticket")}
    return c.finished(Step("move", who, at, said), ticket)


def parts(c: Chance, invoice: Invoice | None) -> list[dict]:
    """Return parts of charges, mostly of those of which something is left; sometimes of none."""
    charges = invoice.charges if invoice else []
    good = [each for each in charges if each.net > each.credited]
    among = good if good and not c.once_in(8) else charges
    if not among or c.once_in(30):
        others = [each for other in c.book.invoices.values() for each in other.charges][-3:]
        names = [each.name for each in others if each not in charges]
        return [{"invoice_line_id": c.of(*names, Name("charge 0")), "net_cents": 1}]
    return [a_part(c, each) for each in c.random.sample(among, c.whole(1, min(3, len(among))))]


def a_part(c: Chance, charge: Charge) -> dict:
    left = charge.net - charge.credited
    part = c.whole(1, max(1, left))
    cents = c.of(part, part, part, left, left + c.of(0, 1))
    return {"invoice_line_id": charge.name, "net_cents": max(1, cents)}


def somebody_looks_at_a_credit_note(c: Chance) -> Step:
    """Return a step that reads credit notes or an invoice, by someone who may or may not read them."""
    notes = list(c.book.credit_notes.values())[-3:]
    note = c.of(*notes) if notes else None
    invoice = c.book.invoices[note.invoice] if note and not c.once_in(3) else an_invoice(c)
    at = {
        "credit_note": named(note if not c.once_in(15) else None, "credit_note"),
        "invoice": named(invoice, "invoice"),
    }
    page = {"per_page": 100}
    whose = {"customer_id": invoice.customer} if invoice else {}
    act, kind, query = c.of(
        ("see_credit_notes", "", page),
        ("see_credit_notes", "", page | whose),
        ("see_credit_notes_of", "invoice", page),
        ("see_credit_note", "credit_note", {}),
        ("see_credit_document", "credit_note", {}),
        ("see_charges", "invoice", {}),
        ("see_invoice", "invoice", {}),
        ("see_document", "invoice", {}),
    )
    who = c.owner_or_staff(invoice and invoice.customer)
    return Step(act, who, {kind: at[kind]} if kind else {}, query=query)


def an_invoice(c: Chance) -> Invoice | None:
    """Return mostly one of the latest invoices of which something is left; sometimes a void one."""
    latest = dict(list(c.book.invoices.items())[-10:])
    if c.once_in(12):
        return c.row(latest, lambda each: each.voided)
    return c.row(latest, lambda each: each.left and not each.voided)
