"""Registration of the collectors: functions that derive data from the rows that a transaction writes.

They derive search terms, audit entries and the versions of tickets, for example. Those registered for
the same point of a transaction are called in the order given here. app/database/pending.py explains
them.
"""

from sqlalchemy import inspect

from app.database.pending import collect, touch_tables
from app.database.session import db
from app.database.statements import DERIVED_FROM
from app.models import Assignment, Mechanic, ServiceTicket, audit
from app.models.jobs import begin_jobs
from app.models.name_generation import count_renaming, note_renaming
from app.models.search import keep_terms, searched
from app.models.ticket_versions import bump_tickets, note_bumped
from app.models.workloads import add_up_work, begin_workloads, count_work
from app.web.caching import renew_touched

collect(
    db.session,
    before_flush=(begin_jobs, count_work, note_renaming, bump_tickets),
    after_flush=(touch_tables, note_bumped, keep_terms, begin_workloads, audit.note_changes),
    before_commit=(add_up_work, count_renaming, audit.write_entries),
    after_commit=(renew_touched, audit.leave_no_trace),
)
DERIVED_FROM |= {
    inspect(model).local_table.name for model in (Assignment, Mechanic, ServiceTicket, *searched())
}
