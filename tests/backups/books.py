"""Whether the books of a shop agree with themselves."""

import sqlalchemy as sa

from app.extensions import db
from app.models import Part, ServiceTicket, StatusChange, StockMovement, TicketPart


def assert_in_order():
    """The ledger is the shelf, lines are what left it, histories end where tickets are."""
    shelf = dict(db.session.execute(sa.select(Part.id, Part.quantity_in_stock)).all())
    moved = sa.select(StockMovement.part_id, sa.func.sum(StockMovement.quantity))
    ledger = dict(db.session.execute(moved.group_by(StockMovement.part_id)).all())
    assert {part: n for part, n in shelf.items() if n} == {p: n for p, n in ledger.items() if n}

    used = db.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(TicketPart.quantity_used), 0)))
    left = sa.select(sa.func.coalesce(sa.func.sum(StockMovement.quantity), 0))
    assert used == -db.session.scalar(left.where(StockMovement.line_id.is_not(None)))

    statuses = dict(db.session.execute(sa.select(ServiceTicket.id, ServiceTicket.status)).all())
    changes = sa.select(StatusChange.ticket_id, StatusChange.to_status).order_by(StatusChange.id)
    assert dict(db.session.execute(changes).all()) == statuses

    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys:
            orphans = sa.select(sa.func.count()).where(
                key.parent.is_not(None), key.parent.not_in(sa.select(key.column))
            )
            assert db.session.scalar(orphans) == 0, key


def whole():
    """Every row of every table."""
    return {
        table.name: sorted(map(repr, db.session.execute(sa.select(table)).all()))
        for table in db.metadata.sorted_tables
    }
