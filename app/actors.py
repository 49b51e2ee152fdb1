"""Who can act in the shop."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    CUSTOMER = "customer"
    MECHANIC = "mechanic"
    MANAGER = "manager"


STAFF = (Role.MECHANIC, Role.MANAGER)


@dataclass(frozen=True)
class Actor:
    """A signed-in person: the account that signed in, its session, and the row that person is."""

    role: Role
    account_id: int
    session_id: str
    customer_id: int | None = None
    mechanic_id: int | None = None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_manager(self) -> bool:
        return self.role is Role.MANAGER
