"""Roles, and the signed-in person who makes a request."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum


class Role(StrEnum):
    CUSTOMER = "customer"
    MECHANIC = "mechanic"
    MANAGER = "manager"


STAFF = (Role.MECHANIC, Role.MANAGER)


@dataclass(frozen=True)
class Actor:
    """A signed-in person: role, account, session, and the id of the customer or mechanic."""

    role: Role
    account_id: int
    session_id: str
    customer_id: int | None = None
    mechanic_id: int | None = None
    session_expires_at: datetime = field(default=datetime.max.replace(tzinfo=UTC), compare=False)

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_manager(self) -> bool:
        return self.role is Role.MANAGER
