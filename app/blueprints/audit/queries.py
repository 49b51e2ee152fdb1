"""The query for the audit trail."""

from datetime import datetime

from sqlalchemy import Select, func, select

from app.actors import Actor
from app.lists.pages import equals, filtered, paginated
from app.models import AuditEntry, Customer, Mechanic

ENTRY = (
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.request_id,
    AuditEntry.operation,
    AuditEntry.account_id,
    AuditEntry.role,
    func.coalesce(Mechanic.name, Customer.name).label("name"),
    AuditEntry.action,
    AuditEntry.entity,
    AuditEntry.entity_id,
    AuditEntry.before,
    AuditEntry.after,
)


@paginated({"id": AuditEntry.id})
def entries(
    _actor: Actor | None = None,
    *,
    entity: str | None = None,
    entity_id: int | None = None,
    account_id: int | None = None,
    request_id: str | None = None,
    at_from: datetime | None = None,
    at_to: datetime | None = None,
) -> Select:
    """Select the audit entries that match all given filters, each with its author's present name.

    `at_from` and `at_to` are the earliest and the latest time of a change. Callers get a page of the
    entries (see `paginated`).
    """
    return filtered(
        select(*ENTRY)
        .outerjoin(Mechanic, Mechanic.account_id == AuditEntry.account_id)
        .outerjoin(Customer, Customer.account_id == AuditEntry.account_id),
        equals(AuditEntry.entity, entity),
        equals(AuditEntry.entity_id, entity_id),
        equals(AuditEntry.account_id, account_id),
        equals(AuditEntry.request_id, request_id),
        None if at_from is None else AuditEntry.at >= at_from,
        None if at_to is None else AuditEntry.at <= at_to,
    )
