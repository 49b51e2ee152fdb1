"""Writing rows without SQLAlchemy's unit of work, for the few operations that must be very fast."""

from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, func, insert, or_, select, update

from app.clock import UTCDateTime, utc_now
from app.database.prepared import PREPARED
from app.database.session import shop_session
from app.database.statements import execute, insert_rows
from app.models import audit
from app.models.columns import OnTicket
from app.models.jobs import Job, JobDecision
from app.models.service_tickets import ServiceTicket
from app.models.ticket_lines import MOST_LINES, TicketLine, next_position

LINES = TicketLine.__table__
OF_A_USED_PART = (
    *("ticket_id", "kind", "name", "taxable", "part_id", "part_number", "condition", "quantity"),
    *("unit_cost_cents", "markup_bps", "unit_price_cents", "price_source", "core_charge_cents"),
    *(
        "cores_returned",
        "warranty_months",
        "warranty_distance",
        "installed_by_mechanic_id",
        "used_at",
    ),
)
OF_LINE = {name: bindparam(f"line_{name}", type_=LINES.c[name].type) for name in OF_A_USED_PART}
OF_JOB = bindparam("of_job", type_=Integer)  # the job to take, or None for the first one
LINES_OF_TICKET = (
    select(func.count()).where(LINES.c.ticket_id == OF_LINE["ticket_id"]).scalar_subquery()
)
FIRST_JOB = (
    select(*OF_LINE.values(), Job.id, next_position(LINES, OF_LINE["ticket_id"]))
    .where(
        Job.ticket_id == OF_LINE["ticket_id"],
        Job.id == func.coalesce(OF_JOB, Job.id),
        or_(Job.decision.is_(None), Job.decision == JobDecision.AUTHORIZED),
        LINES_OF_TICKET < MOST_LINES,
    )
    .order_by(Job.position, Job.id)
    .limit(1)
)
# The INSERT itself finds the first job and the next position, and counts the ticket's lines: a used part
# takes no further statements.
INSERT_LINE = (
    insert(LINES)
    .from_select([*OF_LINE, "job_id", "position"], FIRST_JOB, include_defaults=False)
    .returning(LINES.c.id, LINES.c.job_id, LINES.c.position)
    .execution_options(**PREPARED)
)


def next_version(table) -> dict:
    """Return the values for an UPDATE of `table` that gives a row its next version: `{column: value}`.

    The UPDATE adds 1 to `version`, and sets `updated_at` to the bind parameter `moment`.
    """
    return {"version": table.c.version + 1, "updated_at": bindparam("moment", type_=UTCDateTime)}


def insert_line(line: TicketLine) -> bool:
    """Insert the line of a used part without the SQLAlchemy session, and return whether a job took it.

    The line goes into the job `line.job_id` or, if that is None, into the ticket's first job that the
    customer has not declined or deferred. It is not inserted if there is no such job, or if the ticket
    has 200 lines already. Set the line's `id`, `job_id` and `position`, and add its audit entry. Raise
    TypeError unless this transaction has incremented the ticket's version.
    """
    _demand_bumped(line)
    values = {f"line_{name}": getattr(line, name) for name in OF_A_USED_PART}
    inserted = execute(INSERT_LINE, of_job=line.job_id, **values)
    if not inserted:
        return False
    for name, value in inserted[0].items():
        setattr(line, name, value)
    audit.record_insert(line)
    return True


def insert_now(row: Any) -> None:
    """Insert a row without the SQLAlchemy session, set its `id`, and add its audit entry.

    `row` is a model object. If it belongs to a ticket, raise TypeError unless this transaction has
    incremented the ticket's version.
    """
    if isinstance(row, OnTicket):
        _demand_bumped(row)
    columns = [each for each in row.__table__.c if not each.primary_key]
    for each in columns:
        if getattr(row, each.key) is None and each.default is not None:
            value = each.default.arg
            setattr(row, each.key, value(None) if each.default.is_callable else value)
    [row.id] = insert_rows(row.__table__, [{each.key: getattr(row, each.key) for each in columns}])
    audit.record_insert(row)


def _demand_bumped(row):
    if row.ticket_id not in shop_session().pending.bumped:
        raise TypeError(f"Move the version of ticket {row.ticket_id} first: `bump_version`.")


def bump_version(copy: Any) -> None:
    """Increment the version of a row without the SQLAlchemy session.

    Call this if data that belongs to the row changes. `copy` is the row as a model object that the
    session does not track.
    """
    execute(_bump(copy.__table__), row_id=copy.id, moment=utc_now(), wait=False)
    if isinstance(copy, ServiceTicket):
        shop_session().pending.bumped.add(copy.id)


@cache
def _bump(table):
    moved = update(table).where(table.c.id == bindparam("row_id")).values(next_version(table))
    return moved.returning(table.c.version).execution_options(**PREPARED)
