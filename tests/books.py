"""Rules that must hold for the rows of a shop after any test, with many clients too."""

from sqlalchemy import select, text

from app.database.session import db
from app.folding import sort_key
from app.models import SearchTerm, search
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
    "no part is used on a ticket that was cancelled before": """
        SELECT ticket_lines.id, used_at, at
        FROM ticket_lines JOIN status_changes
            ON status_changes.ticket_id = ticket_lines.ticket_id AND to_status = 'cancelled'
        WHERE used_at > at
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
}


def surprises():
    """Return the broken rules, each with the rows that break it; nothing for a sound shop."""
    found = {rule: db.session.execute(text(query)).all() for rule, query in RULES.items()}
    found["a row is found by what it says"] = sorted(said() ^ searched())
    found["a row is sorted by what it says"] = out_of_order()
    db.session.rollback()
    return {rule: [tuple(row) for row in rows] for rule, rows in found.items() if rows}


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
