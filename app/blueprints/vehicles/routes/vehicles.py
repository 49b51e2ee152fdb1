"""Vehicles over HTTP."""

from flask import g

from app.blueprints.vehicles import bp, queries
from app.blueprints.vehicles.schemas import (
    VehicleCreate,
    VehicleListQuery,
    VehicleOut,
    VehicleUpdate,
)
from app.blueprints.vehicles.services import vehicles
from app.errors import Forbidden, NotFound, OdometerLower, VehicleInUse, VinTaken
from app.web.auth import requires
from app.web.caching import cached
from app.web.limits import reads, writes
from app.web.pages import page_shape
from app.web.shapes import accepts, checks_if_match, refuses, returns


@bp.get("/vehicles")
@reads
@requires()
@cached("vehicles")
@accepts(VehicleListQuery(), "query")
@returns(page_shape(VehicleOut))
def index(**query):
    """List vehicles: a customer's own, or all of them for staff.

    `vin` finds the one, however its number is written; `q` finds them by words of VIN, plate, make, model
    and year, in any order.
    """
    return queries.vehicles(g.actor, **query)


@bp.get("/customers/<int:customer_id>/vehicles")
@reads
@requires()
@cached("vehicles", "customers")
@accepts(VehicleListQuery(exclude=("customer_id",)), "query")
@returns(page_shape(VehicleOut))
@refuses(NotFound)
def index_of_customer(customer_id, **query):
    """List a customer's vehicles.

    Customers see their own; anybody else's are not found.
    """
    return queries.vehicles_of(g.actor, customer_id, **query)


@bp.post("/customers/<int:customer_id>/vehicles")
@writes
@requires()
@accepts(VehicleCreate())
@returns(VehicleOut(), 201, location="/vehicles/{id}")
@refuses(NotFound, VinTaken, Forbidden)
def create(customer_id, **facts):
    """Put a customer's vehicle on file.

    Customers do so for themselves, staff for anyone. A VIN (ISO 3779), or another number of 3 to 20
    characters, is on file once, however it is written: a vehicle that changes hands keeps its row and gets a
    new owner.
    """
    return queries.vehicle(g.actor, vehicles.add_vehicle(g.actor, customer_id, **facts))


@bp.get("/vehicles/<int:vehicle_id>")
@reads
@requires()
@cached("vehicles")
@returns(VehicleOut())
@refuses(NotFound)
def show(vehicle_id):
    """Show one vehicle.

    Customers see their own. `vin_check` warns of a wrong check digit, and of a number that is no VIN on a
    vehicle that should have one.
    """
    return queries.vehicle(g.actor, vehicle_id)


@bp.route("/vehicles/<int:vehicle_id>", methods=["PUT", "PATCH"])
@writes
@requires()
@checks_if_match
@accepts(VehicleUpdate(partial=True), sent_back=(VehicleOut, queries.vehicle))
@returns(VehicleOut())
@refuses(NotFound, VinTaken, OdometerLower, Forbidden)
def change(vehicle_id, **facts):
    """Change what is known of a vehicle; its owner only by staff.

    The odometer only goes up; a lower reading needs an `override_reason`, which is kept.
    """
    return queries.vehicle(g.actor, vehicles.change_vehicle(g.actor, vehicle_id, **facts))


@bp.delete("/vehicles/<int:vehicle_id>")
@writes
@requires()
@checks_if_match
@returns(None, 204)
@refuses(NotFound, VehicleInUse)
def remove(vehicle_id, if_match):
    """Take a vehicle off file.

    One with service tickets stays, because its history does.
    """
    vehicles.remove_vehicle(g.actor, vehicle_id, if_match=if_match)
