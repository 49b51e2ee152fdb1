"""Rules that must hold for the rows of a shop after any test, with many clients too."""

import hashlib
import json

from sqlalchemy import select, text

from app.database.session import db
from app.folding import sort_key
from app.models import Authorization, CreditNote, Invoice, SearchTerm, search
from app.models.sort_keys import LAST_MOMENT, LAST_TEXT

# Each rule, with a query that selects the rows that break it.
RULES = {
    "the shelf holds what its ledger says": """
        SELECT parts.id, quantity_in_stock, sum(quantity)
        FROM parts LEFT JOIN stock_movements ON part_id = parts.id
        GROUP BY parts.id, quantity_in_stock
        HAVING quantity_in_stock <> coalesce(sum(quantity), 0)
    """,
    "the lines of a ticket are what was used and not returned": """
        SELECT ticket_id, part_id, sum(quantity) FROM (
            SELECT ticket_id, part_id, quantity FROM ticket_lines WHERE used_at IS NOT NULL
            UNION ALL
            SELECT ticket_id, part_id, quantity FROM stock_movements
            WHERE reason IN ('used', 'returned')
            UNION ALL  -- what was brought back after it was billed is still on the lines
            SELECT moves.ticket_id, part_id, -quantity FROM stock_movements AS moves
            JOIN service_tickets ON service_tickets.id = moves.ticket_id
            WHERE reason = 'returned' AND line_id IS NOT NULL AND status IN ('invoiced', 'closed')
                AND moves.at > (SELECT max(at) FROM status_changes
                    WHERE ticket_id = moves.ticket_id AND to_status = 'ready')
        ) AS moved
        GROUP BY ticket_id, part_id HAVING sum(quantity) <> 0
    """,
    "each move of a ticket begins where the one before it ended": """
        SELECT ticket_id, before, from_status FROM (
            SELECT ticket_id, from_status,
                lag(to_status) OVER (PARTITION BY ticket_id ORDER BY id) AS before
            FROM status_changes
        ) AS moves
        WHERE coalesce(before, '') <> coalesce(from_status, '')
    """,
    "a ticket has the status that its history ends with": """
        SELECT id, status FROM service_tickets WHERE status <> coalesce((
            SELECT to_status FROM status_changes WHERE ticket_id = service_tickets.id
            ORDER BY id DESC LIMIT 1
        ), '')
    """,
    "a mechanic's workload is what its tickets say": """
        SELECT mechanics.id, ticket_count, completed_count, on_tickets, finished
        FROM mechanics LEFT JOIN workloads ON workloads.mechanic_id = mechanics.id JOIN (
            SELECT mechanics.id, count(service_tickets.id) AS on_tickets,
                count(CASE WHEN status IN ('ready', 'invoiced', 'closed') THEN 1 END) AS finished
            FROM mechanics LEFT JOIN assignments ON assignments.mechanic_id = mechanics.id
            LEFT JOIN service_tickets ON service_tickets.id = ticket_id
            GROUP BY mechanics.id
        ) AS counted ON counted.id = mechanics.id
        WHERE coalesce(ticket_count, -1) <> on_tickets OR completed_count <> finished
    """,
    "nothing is a merged customer's": """
        SELECT customers.id, vehicles.id, service_tickets.id, others.id FROM customers
        LEFT JOIN vehicles ON vehicles.customer_id = customers.id
        LEFT JOIN service_tickets ON service_tickets.customer_id = customers.id
        LEFT JOIN customers AS others ON others.merged_into_id = customers.id
        WHERE customers.merged_into_id IS NOT NULL AND (customers.account_id IS NOT NULL
            OR coalesce(vehicles.id, service_tickets.id, others.id) IS NOT NULL)
    """,
    "a customer's e-mail address is its account's": """
        SELECT customers.id, customers.email, accounts.email
        FROM customers JOIN accounts ON accounts.id = account_id
        WHERE coalesce(customers.email, '') <> accounts.email
    """,
    "no part is used on a ticket while it is cancelled": """
        SELECT id, used_at, ticket_id FROM ticket_lines WHERE 'cancelled' = (
            SELECT to_status FROM status_changes
            WHERE status_changes.ticket_id = ticket_lines.ticket_id AND at < used_at
            ORDER BY status_changes.id DESC LIMIT 1
        )
    """,
    "every ticket has a job": """
        SELECT service_tickets.id FROM service_tickets
        LEFT JOIN jobs ON jobs.ticket_id = service_tickets.id WHERE jobs.id IS NULL
    """,
    "a line is of a job of its own ticket": """
        SELECT ticket_lines.id, job_id, ticket_lines.ticket_id, jobs.ticket_id
        FROM ticket_lines JOIN jobs ON jobs.id = job_id
        WHERE jobs.ticket_id <> ticket_lines.ticket_id
    """,
    "every charge has a job": """
        SELECT id, kind FROM ticket_lines WHERE job_id IS NULL AND kind <> 'discount'
    """,
    "a job has the word and the time of its latest decision": """
        SELECT jobs.id, jobs.decision, decided_at, latest.decision, latest.at
        FROM jobs LEFT JOIN (
            SELECT decisions.job_id, decisions.decision, authorizations.at
            FROM decisions JOIN authorizations ON authorizations.id = authorization_id
            WHERE decisions.id IN (SELECT max(id) FROM decisions GROUP BY job_id)
        ) AS latest ON latest.job_id = jobs.id
        WHERE coalesce(jobs.decision, '') <> coalesce(latest.decision, '')
            OR (jobs.decided_at IS NULL) <> (latest.at IS NULL) OR jobs.decided_at <> latest.at
    """,
    "a decision is on a job of the ticket of its authorization": """
        SELECT decisions.id, jobs.ticket_id, authorizations.ticket_id
        FROM decisions JOIN jobs ON jobs.id = job_id
        JOIN authorizations ON authorizations.id = authorization_id
        WHERE jobs.ticket_id <> authorizations.ticket_id
    """,
    "no part is used in a job that the customer has turned down": """
        SELECT ticket_lines.id, jobs.id, decision FROM ticket_lines JOIN jobs ON jobs.id = job_id
        WHERE used_at IS NOT NULL AND decision IN ('declined', 'deferred')
    """,
    "work that waits is taken up again once, on another visit": """
        SELECT earlier.id, count(*), min(again.ticket_id), earlier.ticket_id
        FROM jobs AS again JOIN jobs AS earlier ON earlier.id = again.revived_from_id
        GROUP BY earlier.id, earlier.ticket_id
        HAVING count(*) > 1 OR min(again.ticket_id) = earlier.ticket_id
    """,
    "work is taken up again on the same vehicle": """
        SELECT again.id, earlier.id, visit.vehicle_id, earlier_visit.vehicle_id
        FROM jobs AS again JOIN jobs AS earlier ON earlier.id = again.revived_from_id
        JOIN service_tickets AS visit ON visit.id = again.ticket_id
        JOIN service_tickets AS earlier_visit ON earlier_visit.id = earlier.ticket_id
        WHERE coalesce(visit.vehicle_id, -1) <> coalesce(earlier_visit.vehicle_id, -2)
    """,
    "the lines of an invoice add up to it": """
        SELECT invoices.id, subtotal_cents, sum(net_cents), invoices.tax_cents, sum(invoice_lines.tax_cents)
        FROM invoices LEFT JOIN invoice_lines ON invoice_id = invoices.id GROUP BY invoices.id
        HAVING subtotal_cents <> coalesce(sum(net_cents), 0)
            OR invoices.tax_cents <> coalesce(sum(invoice_lines.tax_cents), 0)
            OR total_cents <> subtotal_cents + invoices.tax_cents
    """,
    "an invoice and its lines are credited what their credit notes say": """
        SELECT invoices.id, credited_cents, sum(credit_notes.total_cents), voided_at
        FROM invoices LEFT JOIN credit_notes ON invoice_id = invoices.id GROUP BY invoices.id
        HAVING credited_cents <> coalesce(sum(credit_notes.total_cents), 0)
            OR (voided_at IS NULL) <> (coalesce(sum(CASE WHEN voids THEN 1 ELSE 0 END), 0) = 0)
            OR (voided_at IS NOT NULL AND credited_cents <> invoices.total_cents)
    """,
    "an invoice is open as long as something is left to pay": """
        SELECT invoices.id, is_open, total_cents, credited_cents, paid_cents, voided_at
        FROM invoices JOIN service_tickets ON service_tickets.id = ticket_id
        WHERE is_open <> (voided_at IS NULL AND total_cents - credited_cents > paid_cents)
    """,
    "a line is credited what its credit lines say": """
        SELECT invoice_lines.id, credited_cents, sum(credit_lines.net_cents)
        FROM invoice_lines LEFT JOIN credit_lines ON invoice_line_id = invoice_lines.id
        GROUP BY invoice_lines.id HAVING credited_cents <> coalesce(sum(credit_lines.net_cents), 0)
    """,
    "the lines of a credit note add up to it": """
        SELECT credit_notes.id, subtotal_cents, credit_notes.tax_cents, total_cents
        FROM credit_notes LEFT JOIN credit_lines ON credit_note_id = credit_notes.id
        GROUP BY credit_notes.id
        HAVING subtotal_cents <> coalesce(sum(net_cents), 0)
            OR credit_notes.tax_cents <> coalesce(sum(credit_lines.tax_cents), 0)
            OR total_cents <> subtotal_cents + credit_notes.tax_cents
    """,
    "the shares of a credit line in taxes add up to its tax": """
        SELECT credit_lines.id, credit_lines.tax_cents, sum(credit_line_taxes.tax_cents)
        FROM credit_lines LEFT JOIN credit_line_taxes ON credit_line_id = credit_lines.id
        GROUP BY credit_lines.id
        HAVING credit_lines.tax_cents <> coalesce(sum(credit_line_taxes.tax_cents), 0)
    """,
    "the numbers of credit notes have no gaps": """
        SELECT value, count(credit_notes.id), max(sequence) FROM counters
        LEFT JOIN credit_notes ON true WHERE name = 'credit_note' GROUP BY value
        HAVING value <> count(credit_notes.id) OR coalesce(max(sequence), 0) <> value
    """,
    "the shares of a line in taxes add up to its tax": """
        SELECT invoice_lines.id, invoice_lines.tax_cents, sum(invoice_line_taxes.tax_cents)
        FROM invoice_lines LEFT JOIN invoice_line_taxes ON invoice_line_id = invoice_lines.id
        GROUP BY invoice_lines.id
        HAVING invoice_lines.tax_cents <> coalesce(sum(invoice_line_taxes.tax_cents), 0)
    """,
    "the numbers of invoices have no gaps": """
        SELECT value, count(invoices.id), min(sequence), max(sequence) FROM counters
        LEFT JOIN invoices ON true WHERE name = 'invoice' GROUP BY value
        HAVING value <> count(invoices.id) OR max(sequence) - min(sequence) + 1 <> count(invoices.id)
    """,
    "a ticket has the terms of its invoice": """
        SELECT service_tickets.id, status FROM service_tickets LEFT JOIN invoices
            ON ticket_id = service_tickets.id AND voided_at IS NULL
        WHERE CASE status WHEN 'closed' THEN invoiced_terms IS NULL
            ELSE (invoices.id IS NULL) <> (invoiced_terms IS NULL) END
    """,
    "a ticket has been paid what its ledger says": """
        SELECT service_tickets.id, paid_cents, sum(amount_cents)
        FROM service_tickets LEFT JOIN payments ON ticket_id = service_tickets.id
        GROUP BY service_tickets.id, paid_cents HAVING paid_cents <> coalesce(sum(amount_cents), 0)
    """,
    "no more is paid back than was paid": """
        SELECT paid.id, paid.amount_cents, sum(back.amount_cents)
        FROM payments AS paid JOIN payments AS back ON back.refunds_payment_id = paid.id
        GROUP BY paid.id, paid.amount_cents HAVING paid.amount_cents + sum(back.amount_cents) < 0
            OR paid.amount_cents < 0 OR min(back.ticket_id) <> max(paid.ticket_id)
    """,
    "a link that can be used is of a ticket that is not cancelled": """
        SELECT approval_links.id, status FROM approval_links
        JOIN service_tickets ON service_tickets.id = ticket_id
        WHERE approval_links.ended_at IS NULL AND status = 'cancelled'
    """,
}


def surprises():
    """Return the broken rules, each with the rows that break it; nothing for a sound shop."""
    found = {rule: db.session.execute(text(query)).all() for rule, query in RULES.items()}
    found["an authorization has the hash of what was asked"] = misquoted()
    found["an invoice has the hash of its document, which has its total"] = misprinted(Invoice)
    found["a credit note has the hash of its document, too"] = misprinted(CreditNote)
    found["a row is found by what it says"] = sorted(said() ^ searched())
    found["a row is sorted by what it says"] = out_of_order()
    db.session.rollback()
    return {rule: [tuple(row) for row in rows] for rule, rows in found.items() if rows}


def misquoted():
    """Return `(authorization id, hash)` of the authorizations whose hash is not that of their estimate."""
    columns = (Authorization.id, Authorization.estimate, Authorization.estimate_sha256)
    found = []
    for row_id, estimate, kept in db.session.execute(select(*columns)):
        text_ = json.dumps(estimate, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if hashlib.sha256(text_.encode()).hexdigest() != kept:
            found.append((row_id, kept))
    return found


def misprinted(model):
    """Return the numbers of invoices or credit notes whose document has another hash or total."""
    columns = (model.number, model.total_cents, model.document, model.document_sha256)
    return [
        number
        for number, total, document, kept in db.session.execute(select(*columns))
        if hashlib.sha256(document.encode()).hexdigest() != kept
        or json.loads(document)["totals"]["total_cents"] != total
    ]


def said():
    """Return `(kind, row id, word)` of every word that a search must find, read from the rows."""
    return {
        (kind, row.id, word)
        for model in search.searched()
        for row in db.session.execute(select(*model.__table__.columns))
        for kind, found in search.terms(model, row).items()
        for word in found
    }


def searched():
    """Return `(kind, row id, word)` of every word that is stored for the search."""
    asked = select(SearchTerm.kind, SearchTerm.row_id, SearchTerm.word)
    return {tuple(row) for row in db.session.execute(asked)}


def out_of_order():
    """Return `(table, row id, key)` of the rows with a wrong sort key."""
    found = set()
    for table in db.metadata.sorted_tables:
        for key in (each for each in table.columns if each.info.get("sort_key")):
            of = table.c[key.name.removesuffix("_sort")]
            for row_id, value, kept in db.session.execute(select(table.c.id, of, key)):
                last = LAST_TEXT if isinstance(kept, str) else LAST_MOMENT
                right = sort_key(value) if isinstance(value, str) else value
                if kept != (last if value is None else right):
                    found.add((table.name, row_id, kept))
    return sorted(found, key=str)
