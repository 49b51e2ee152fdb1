"""The SQLAlchemy models, one class for each table. Import them from this package.

The methods of a model check or change a single row.
"""

from sqlalchemy import CheckConstraint, Enum, String, func

from app.database.session import db
from app.errors import (
    AlreadyAssigned,
    AlreadyRevived,
    EmailTaken,
    IllegalTransition,
    NameTaken,
    NothingToCredit,
    PartNumberTaken,
    ShopError,
    StockTooHigh,
    VinTaken,
)
from app.models.accounts import Account, Session, SignInAttempts
from app.models.approval_links import ApprovalLink, LinkEnd
from app.models.assignments import Assignment
from app.models.audit import AuditAction, AuditEntry
from app.models.authorizations import Authorization, AuthorizationMethod, Decision
from app.models.canned_jobs import CannedJob
from app.models.columns import Folded
from app.models.counters import Counter, CounterName
from app.models.credit_notes import CreditLine, CreditLineTax, CreditNote
from app.models.customers import Customer
from app.models.inventory import MovementReason, Part, StockMovement, Unit
from app.models.invoices import ChargeKind, Invoice, InvoiceLine, InvoiceLineTax
from app.models.jobs import Job, JobDecision
from app.models.marks import Kind
from app.models.mechanics import Mechanic, StaffRole
from app.models.name_generation import NameGeneration
from app.models.payments import Payment, PaymentMethod
from app.models.search import SearchTerm
from app.models.service_tickets import (
    HoldReason,
    ServiceTicket,
    StatusChange,
    TicketStatus,
)
from app.models.shop import Shop
from app.models.ticket_lines import AppliesTo, Condition, LineKind, PriceSource, TicketLine
from app.models.vehicles import OdometerReading, Vehicle
from app.models.workloads import Workload

# The refusal for each constraint that a write may violate. Nothing is checked before the write, because
# two requests at the same moment would both pass such a check.
REFUSED_BY: dict[str, type[ShopError]] = {
    "uq_accounts_email": EmailTaken,
    "uq_mechanics_email": EmailTaken,
    "uq_vehicles_vin_key": VinTaken,
    "uq_parts_part_number_key": PartNumberTaken,
    "uq_canned_jobs_name_key": NameTaken,
    "uq_jobs_revived_from_id": AlreadyRevived,
    "uq_invoices_ticket_id": IllegalTransition,
    "uq_credit_notes_invoice_id": NothingToCredit,
    "uq_assignments_ticket_id_mechanic_id": AlreadyAssigned,
    "ck_parts_quantity_in_stock_in_range": StockTooHigh,
}

# PostgreSQL enforces the length of a text column; SQLite needs a CHECK for it.
for _table in db.metadata.tables.values():
    for _column in _table.columns:
        is_text = isinstance(_column.type, String | Folded) and not isinstance(_column.type, Enum)
        if is_text and _column.type.length is not None:
            _fits = func.length(_column) <= _column.type.length
            _table.append_constraint(CheckConstraint(_fits, name=f"{_column.name}_fits"))

__all__ = [
    "REFUSED_BY",
    "Account",
    "AppliesTo",
    "ApprovalLink",
    "Assignment",
    "AuditAction",
    "AuditEntry",
    "Authorization",
    "AuthorizationMethod",
    "CannedJob",
    "ChargeKind",
    "Condition",
    "Counter",
    "CounterName",
    "CreditLine",
    "CreditLineTax",
    "CreditNote",
    "Customer",
    "Decision",
    "HoldReason",
    "Invoice",
    "InvoiceLine",
    "InvoiceLineTax",
    "Job",
    "JobDecision",
    "Kind",
    "LineKind",
    "LinkEnd",
    "Mechanic",
    "MovementReason",
    "NameGeneration",
    "OdometerReading",
    "Part",
    "Payment",
    "PaymentMethod",
    "PriceSource",
    "SearchTerm",
    "ServiceTicket",
    "Session",
    "Shop",
    "SignInAttempts",
    "StaffRole",
    "StatusChange",
    "StockMovement",
    "TicketLine",
    "TicketStatus",
    "Unit",
    "Vehicle",
    "Workload",
]
