"""The route for the audit trail."""

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
    """List changes of rows, with the author and the values before and after; newest first.

    Each row that a request writes has an entry. Rows that are deleted together with another row, such as
    the history of a ticket, have no entry of their own. Passwords and tokens are withheld, and the
    values of erased customers are removed from the entries.
    """
    return queries.entries(**query)
