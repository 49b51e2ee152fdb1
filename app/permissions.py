"""Which rows an actor may see or work on, as queries: a stranger's row is not in them, so it is a 404.

Roles are checked on the route; rows are chosen here, by lists and items alike. `ACTOR_PLACEHOLDER` stands
for any actor of a role, so that a statement can be put together once; `actor_params` says who it is.
"""

from typing import Any

from sqlalchemy import Select, bindparam, select

from app.actors import Actor, Role
from app.clock import utc_now
from app.database.placeholders import Placeholder
from app.models import Customer, Mechanic, Part, ServiceTicket, Session, Vehicle

WHO = ("account_id", "session_id", "customer_id", "mechanic_id")
ANYBODY: Any = [Placeholder(f"reader_{each}") for each in WHO]
ACTOR_PLACEHOLDER = {role: Actor(role, *ANYBODY) for role in Role}


def actor_params(actor: Actor | None) -> dict[str, Any]:
    """Return the values of the placeholders in `ACTOR_PLACEHOLDER`."""
    return {} if actor is None else {f"reader_{each}": getattr(actor, each) for each in WHO}


def customers_visible_to(actor: Actor) -> Select[Customer]:
    """Select every customer for staff, itself for a customer. The erased and the merged are gone."""
    query = select(Customer).where(Customer.erased_at.is_(None), Customer.merged_into_id.is_(None))
    return query if actor.is_staff else query.where(Customer.id == actor.customer_id)


def vehicles_visible_to(actor: Actor) -> Select[Vehicle]:
    query = select(Vehicle)
    return query if actor.is_staff else query.where(Vehicle.customer_id == actor.customer_id)


def tickets_visible_to(actor: Actor) -> Select[ServiceTicket]:
    query = select(ServiceTicket)
    return query if actor.is_staff else query.where(ServiceTicket.customer_id == actor.customer_id)


def mechanics_visible_to(_actor: Actor) -> Select[Mechanic]:
    """Select every mechanic, for all who are signed in; the answer's schema has what each may see."""
    return select(Mechanic)


def sessions_of(actor: Actor) -> Select[Session]:
    """Select the actor's own live sessions, for managers too."""
    return select(Session).where(
        Session.account_id == actor.account_id,
        Session.ended_at.is_(None),
        Session.expires_at > bindparam("now", callable_=utc_now),  # of when it is asked
    )


def mechanics_at_work(_actor: Actor) -> Select[Mechanic]:
    """Select those who can be put on a ticket."""
    return select(Mechanic).where(Mechanic.is_active)


def parts_in_catalogue(_actor: Actor | None) -> Select[Part]:
    """Select the parts that are not retired: the catalogue is public."""
    return select(Part).where(Part.retired_at.is_(None))


def parts_on_file(_actor: Actor) -> Select[Part]:
    """Select every part: staff work with a retired part, too, because it may come back."""
    return select(Part)
