"""Writing rows without SQLAlchemy's unit of work, for the few operations that must be very fast."""

from typing import Any, cast

from sqlalchemy import Integer, Table, bindparam, func, insert, or_, select, true

from app.clock import UTCDateTime
from app.database.prepared import PREPARED
from app.database.session import Model, shop_session
from app.database.statements import execute, insert_rows
from app.models import audit
from app.models.columns import OnTicket
from app.models.jobs import Job, JobDecision
from app.models.shop import POLICY, Policy
from app.models.ticket_lines import MOST_LINES, TicketLine, position_after

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
OF_TICKET = (
    select(func.count().label("lines"), func.max(LINES.c.position).label("last"))
    .where(LINES.c.ticket_id == OF_LINE["ticket_id"])
    .subquery()
)
FIRST_JOB = (
    select(*OF_LINE.values(), Job.id, position_after(OF_TICKET.c.last))
    .join(OF_TICKET, true())
    .where(
        Job.ticket_id == OF_LINE["ticket_id"],
        Job.id == func.coalesce(OF_JOB, Job.id),
        or_(Job.decision.is_(None), Job.decision == JobDecision.AUTHORIZED),
        OF_TICKET.c.lines < MOST_LINES,
    )
    .order_by(Job.position, Job.id)
    .limit(1)
)
# The INSERT itself finds the first job and the next position, counts the ticket's lines and reads the
# shop's policy: a used part takes no further statements.
INSERT_LINE = (
    insert(LINES)
    .from_select([*OF_LINE, "job_id", "position"], FIRST_JOB, include_defaults=False)
    .returning(
        LINES.c.id, LINES.c.job_id, LINES.c.position, POLICY.scalar_subquery().label("policy")
    )
    .execution_options(**PREPARED)
)


def next_version(table) -> dict:
    """Return the values for an UPDATE of `table` that gives a row its next version: `{column: value}`.

    The UPDATE adds 1 to `version`, and sets `updated_at` to the bind parameter `moment`.
    """
    return {"version": table.c.version + 1, "updated_at": bindparam("moment", type_=UTCDateTime)}


def insert_line(line: TicketLine) -> Policy | None:
    """Insert the line of a used part without the SQLAlchemy session, and add its audit entry.

    The line goes into the job `line.job_id` or, if that is None, into the ticket's first job that the
    customer has not declined or deferred. Set the line's `id`, `job_id` and `position`, and return the
    shop's policy on authorizations. Return None, and insert nothing, if there is no such job, or if the
    ticket has 200 lines already. Raise TypeError unless this transaction has incremented the ticket's
    version. `line` is untracked.
    """
    _demand_bumped(line.ticket_id)
    row = cast(dict[str, Any], vars(line))
    values = {f"line_{name}": row[name] for name in OF_A_USED_PART}
    inserted = execute(INSERT_LINE, of_job=line.job_id, **values)
    if not inserted:
        return None
    policy = inserted[0].pop("policy")
    row |= inserted[0]
    audit.record_insert(TicketLine, row)
    return policy


def insert_now(model: type[Model], **values: Any) -> None:
    """Insert a row without the SQLAlchemy session, and add its audit entry.

    `values` are those of its columns, with an `id` that `NextId` has reserved; so the INSERT is sent
    together with the next statement. If the row belongs to a ticket, raise TypeError unless this
    transaction has incremented the ticket's version.
    """
    if issubclass(model, OnTicket):
        _demand_bumped(values["ticket_id"])
    insert_rows(cast(Table, model.__table__), [values], wait=False)
    audit.record_insert(model, values)


def _demand_bumped(ticket_id):
    if ticket_id not in shop_session().pending.bumped:
        raise TypeError(f"Move the version of ticket {ticket_id} first: `bumped_ticket`.")
