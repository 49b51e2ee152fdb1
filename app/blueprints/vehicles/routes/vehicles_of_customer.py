"""Deprecated routes of an earlier system, with the customer's id in the path of a vehicle."""

from flask import g

from app.blueprints.vehicles import bp, queries
from app.blueprints.vehicles.schemas import VehicleOut, VehicleUpdate
from app.blueprints.vehicles.services import vehicles
from app.errors import Forbidden, NotFound, OdometerLower, VehicleInUse, VinTaken
from app.web.auth import requires
from app.web.caching import cached
from app.web.declared import deprecated
from app.web.limits import reads, writes
from app.web.shapes import accepts, checks_if_match, refuses, returns

TODAYS = "/vehicles/<int:vehicle_id>"
PATH = f"/customers/<int:owner_id>{TODAYS}"


@bp.get(PATH)
@deprecated(TODAYS)
@reads
@requires()
@cached("vehicles", "customers")
@returns(VehicleOut())
@refuses(NotFound)
def show_of_customer(owner_id, vehicle_id):
    """Show one vehicle of a customer.

    Answer 404 if the vehicle belongs to another customer.
    """
    return queries.vehicle_of(g.actor, owner_id, vehicle_id)


@bp.route(PATH, methods=["PUT", "PATCH"])
@deprecated(TODAYS)
@writes
@requires()
@checks_if_match
@accepts(VehicleUpdate(partial=True), sent_back=(VehicleOut, queries.vehicle_of))
@returns(VehicleOut())
@refuses(NotFound, VinTaken, OdometerLower, Forbidden)
def change_of_customer(owner_id, vehicle_id, **facts):
    """Change a vehicle of a customer; only staff can change its owner.

    Answer 404 if the vehicle belongs to another customer.
    """
    queries.vehicle_of(g.actor, owner_id, vehicle_id)
    return queries.vehicle(g.actor, vehicles.change_vehicle(g.actor, vehicle_id, **facts))


@bp.delete(PATH)
@deprecated(TODAYS)
@writes
@requires()
@checks_if_match
@returns(None, 204)
@refuses(NotFound, VehicleInUse)
def remove_of_customer(owner_id, vehicle_id, if_match):
    """Delete a vehicle of a customer.

    Answer 404 if the vehicle belongs to another customer. A vehicle with service tickets can't be
    deleted, because they are its history.
    """
    queries.vehicle_of(g.actor, owner_id, vehicle_id)
    vehicles.remove_vehicle(g.actor, vehicle_id, if_match=if_match)
