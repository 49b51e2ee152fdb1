"""The expected effects of credit notes, and what reads of them show."""

from decimal import Decimal

from tests.service_tickets.oracle import of
from tests.system.whole_shop.book import Book, must_be
from tests.system.whole_shop.invoices import found, may_see, printed
from tests.system.whole_shop.money_rows import Charge, CreditNote, Invoice, today
from tests.system.whole_shop.order import number
from tests.system.whole_shop.planned import take_off
from tests.system.whole_shop.step import MISSING, SIGNED_IN, Refused, act, conflict

OF_INVOICE = "/invoices/{invoice}/credit-notes"
FIRST_PAGE = 100


@act("POST", OF_INVOICE, ("manager",), 201, needs_key=True)
def credit(book: Book, step):
    """Take back parts of an invoice or, without `lines`, all that is left, which voids it."""
    invoice, wanted = found(book, step), step.said.get("lines")
    if invoice.voided:
        raise conflict("nothing_to_credit")
    asked = what_is_left(invoice) if wanted is None else parts_of(invoice, wanted)
    ticket = book.tickets[invoice.ticket]
    note = CreditNote(
        name=book.next("credit_note"),
        invoice=invoice.name,
        ticket=ticket.name,
        customer=invoice.customer,
        reason=step.said["reason"].strip(),
        voids=wanted is None,
        on=today(),
        by=step.who,
        lines=[(charge.name, net, going_back(charge, net)) for charge, net in asked],
    )
    if note.total > invoice.left:
        raise Refused(409, "above_invoice", {"remaining_cents": invoice.left})
    for charge, net in asked:
        charge.credited += net
    invoice.credited += note.total
    book.credit_notes[note.name] = note
    if note.voids:
        invoice.voided = ticket.status
        if ticket.status == "invoiced":  # to be put right, with the taxes and supplies of today
            for line in (each for each in ticket.lines if each.brought_back):
                take_off(line, line.brought_back)
                line.brought_back = Decimal(0)
            ticket.history.append("ready")
            ticket.frozen = None
    book.touch(ticket)
    book.made, book.members = note.name, shown(book, note)


def what_is_left(invoice: Invoice) -> list[tuple[Charge, int]]:
    """Return what is left of each charge of an invoice, of negative ones too."""
    left = [(each, each.net - each.credited) for each in invoice.charges]
    return [(each, net) for each, net in left if net]


def parts_of(invoice: Invoice, wanted: list[dict]) -> list[tuple[Charge, int]]:
    """Return the parts of charges that are asked for, or refuse them; nothing of a negative one."""
    charges = {each.name: each for each in invoice.charges}
    for each in wanted:
        charge = charges.get(each["invoice_line_id"])
        if charge is None:
            raise MISSING
        left = charge.net - charge.credited if charge.net > 0 else 0
        if each["net_cents"] > left:
            about = {"invoice_line_id": charge.name, "remaining_cents": left}
            raise Refused(409, "above_invoice", about)
    asked = {each["invoice_line_id"]: each["net_cents"] for each in wanted}
    return [(each, asked[each.name]) for each in invoice.charges if each.name in asked]


def going_back(charge: Charge, net: int) -> list[tuple[str, int, int]]:
    """Return what goes back of each tax with a part of a charge.

    With all parts until now, it is the tax in proportion to them, rounded once.
    """
    until = charge.credited + net
    return [
        (name, rate, of(cents, until, charge.net) - of(cents, charge.credited, charge.net))
        for name, rate, cents in charge.taxes
    ]


@act("GET", OF_INVOICE, SIGNED_IN)
def see_credit_notes_of(book: Book, step):
    invoice = found(book, step)
    show(book, step, [each for each in book.credit_notes.values() if each.invoice == invoice.name])


@act("GET", "/credit-notes", SIGNED_IN)
def see_credit_notes(book: Book, step):
    whose = step.query.get("customer_id")
    every = book.credit_notes.values()
    show(book, step, [each for each in every if whose in (None, each.customer)])


@act("GET", "/credit-notes/{credit_note}", SIGNED_IN)
def see_credit_note(book: Book, step):
    book.members = shown(book, seen(book, step))


@act("GET", "/credit-notes/{credit_note}/document", SIGNED_IN)
def see_credit_document(book: Book, step):
    note = seen(book, step)
    sums: dict[tuple[str, int], int] = {}
    for name, rate, cents in (share for *_, shares in note.lines for share in shares):
        sums[name, rate] = sums.get((name, rate), 0) + cents
    taxes = [
        {"name": name, "percentage": rate / 10_000, "tax_cents": cents}
        for (name, rate), cents in sums.items()
    ]
    members = shown(book, note)
    of_totals = ("subtotal_cents", "tax_cents", "total_cents")
    totals = {name: members.pop(name) for name in of_totals} | {"taxes": taxes}
    book.members = members | {"totals": totals}


@act("GET", "/invoices/{invoice}/lines", SIGNED_IN)
def see_charges(book: Book, step):
    invoice = found(book, step)
    book.shown = [each.name for each in invoice.charges]
    book.members = {
        "items": [
            {
                "position": n,
                "kind": each.kind,
                "job_id": each.job,
                "amount_cents": each.amount,
                "discount_cents": each.amount - each.net,
                "net_cents": each.net,
                "tax_cents": each.tax,
                "credited_cents": each.credited,
            }
            for n, each in enumerate(invoice.charges, start=1)
        ]
    }


def seen(book: Book, step) -> CreditNote:
    """Return the credit note of a step, if the actor may see it."""
    note = must_be(book.credit_notes.get(step.at["credit_note"]))
    return must_be(note if may_see(book, step, note) else None)


def show(book: Book, step, notes: list[CreditNote]) -> None:
    """Set what the first page must list: the newest first."""
    newest = [each for each in notes if may_see(book, step, each)][::-1][:FIRST_PAGE]
    book.shown = [each.name for each in newest]
    book.members = {"items": [shown(book, each) for each in newest]}


def shown(book: Book, note: CreditNote) -> dict:
    return {
        "number": f"CN-{number(note):06d}",
        "invoice_id": note.invoice,
        "invoice_number": printed(book.invoices[note.invoice]),
        "ticket_id": note.ticket,
        "customer_id": note.customer,
        "reason": note.reason,
        "voids": note.voids,
        "lines": [
            {
                "invoice_line_id": charge,
                "net_cents": net,
                "tax_cents": sum(cents for *_, cents in shares),
            }
            for charge, net, shares in note.lines
        ],
        "subtotal_cents": note.subtotal,
        "tax_cents": note.tax,
        "total_cents": note.total,
    }
