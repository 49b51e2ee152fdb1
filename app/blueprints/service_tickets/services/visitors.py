"""Finding and locking the customer and the vehicle of a ticket.

Every transaction that locks a customer and its vehicles must lock the customer first.
"""

from typing import Any

from sqlalchemy import select

from app.actors import Actor
from app.blueprints.customers.services.verification import set_verified
from app.database.session import db
from app.errors import Invalid, NotFound, TryAgain, VinTaken
from app.folding import same
from app.lookup import find
from app.models import Customer, Vehicle
from app.models.vin import vin_key
from app.permissions import customers_visible_to, vehicles_visible_to


def customer_named(
    actor: Actor, customer_id: int | None, vehicle_id: int | None, vin: str | None
) -> Customer:
    """Lock and return the customer of a new ticket.

    That is the customer `customer_id`. If it is None, that is the actor or, if the actor is not a
    customer, the owner of the vehicle with this `vehicle_id` or `vin`. Raise TryAgain if the vehicle
    gets another owner at the same moment.
    """
    named = customer_id or actor.customer_id
    owner = named or _owner(actor, vehicle_id, vin)
    try:
        return find(customers_visible_to, actor, owner, lock=True)
    except NotFound:
        if named is None and _owner(actor, vehicle_id, vin) != owner:
            # The owner was merged into another customer while this transaction waited, and may be locked
            # all the same. To lock the other customer as well could cause a deadlock.
            raise TryAgain() from None
        raise


def vehicle_named(
    actor: Actor, customer: Customer, vehicle_id: int | None, vin: str | None, **about: Any
) -> Vehicle | None:
    """Lock and return the vehicle with this `vehicle_id` or `vin`; return None if both are None.

    `customer` must be locked and own the vehicle. A VIN that no vehicle has yet adds a vehicle. The
    keyword arguments make, model and year describe a new vehicle; if a vehicle exists, they must agree
    with it.
    """
    vehicle: Vehicle | None
    if vehicle_id is not None:
        vehicle = find(vehicles_visible_to, actor, vehicle_id, lock=True)
        if vehicle.customer_id != customer.id:
            raise NotFound(f"Customer {customer.id} has no vehicle {vehicle_id}.")
        if vin is not None and vin_key(vin) != vehicle.vin_key:
            raise Invalid.at("/vin", f"Vehicle {vehicle_id} has another VIN.")
    elif vin is not None:
        vehicle = db.session.scalar(
            select(Vehicle)
            .where(Vehicle.vin_key == vin_key(vin))
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        if vehicle is None:
            return _put_on_file(actor, customer, {"vin": vin} | about)
        if vehicle.customer_id != customer.id:
            raise VinTaken()
    else:
        return None
    _must_be_as_said(vehicle, about)
    return vehicle


def _owner(actor, vehicle_id, vin):
    if vehicle_id is not None:
        return find(vehicles_visible_to, actor, vehicle_id, detached=True).customer_id
    if vin is None:
        raise Invalid.at(
            "/customer_id",
            "Say for whom, by customer_id, or for which vehicle, by vehicle_id or vin.",
        )
    owner_id = db.session.scalar(select(Vehicle.customer_id).where(Vehicle.vin_key == vin_key(vin)))
    if owner_id is None:
        raise Invalid.at(
            "/customer_id", "No vehicle has this VIN yet: say whose it is, and it is put on file."
        )
    return owner_id


def _put_on_file(actor, customer, facts):
    set_verified(actor, facts, "vin", is_new=True)
    vehicle = Vehicle(customer_id=customer.id)
    vehicle.describe(**facts)
    db.session.add(vehicle)
    db.session.flush()
    return vehicle


def _must_be_as_said(vehicle, about):
    """Raise Invalid if a make, model or year in `about` differs from that of the vehicle."""
    for name, said in about.items():
        known = getattr(vehicle, name)
        if said is not None and (known is None or same(str(said)) != same(str(known))):
            raise Invalid.at(
                f"/{name}",
                f"Vehicle {vehicle.id} is on file otherwise; change it with PATCH /vehicles/{vehicle.id}.",
            )
