"""Who wrote what, over HTTP."""

from app.actors import Role
from app.blueprints.audit import bp, queries
from app.blueprints.audit.schemas import AuditEntryOut, AuditListQuery
from app.web.auth import requires
from app.web.caching import cached
from app.web.limits import reads
from app.web.pages import page_shape
from app.web.shapes import accepts, returns


@bp.get("")
@reads
@requires(Role.MANAGER)
@cached("audit_entries", "mechanics", "customers")
@accepts(AuditListQuery(), "query")
@returns(page_shape(AuditEntryOut))
def index(**query):
    """Show who wrote what, and what it was before; the newest first.

    Every row that a request writes leaves an entry; those that go along with a deleted one, such as
    the history of a ticket, go with its entry. Passwords and tokens are withheld, and what is said of
    customers who are erased is erased, too.
    """
    return queries.entries(**query)
