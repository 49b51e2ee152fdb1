"""Routes for vehicles."""

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
    """List vehicles: customers see their own, staff see all.

    `vin` selects the vehicle with this number, in any spelling. `q` selects the vehicles that have each
    of its words, in any order, in VIN, plate, make, model or year.
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
    """List the vehicles of a customer.

    Customers can list only their own; for any other customer, the response is 404.
    """
    return queries.vehicles_of(g.actor, customer_id, **query)


@bp.post("/customers/<int:customer_id>/vehicles")
@writes
@requires()
@accepts(VehicleCreate())
@returns(VehicleOut(), 201, location="/vehicles/{id}")
@refuses(NotFound, VinTaken, Forbidden)
def create(customer_id, **facts):
    """Add a vehicle to a customer.

    Customers can add their own vehicles, staff those of any customer. The number `vin` is a VIN (ISO
    3779), or another number of 3 to 20 characters. Only one vehicle can have it, in any spelling. When a
    vehicle is sold, change its owner instead of adding it again.
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

    Customers can see only their own. `vin_check` warns of a wrong check digit, and of a number that is
    not a VIN on a vehicle that should have one.
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
    """Change a vehicle; only staff can change its owner.

    An odometer reading that is lower than the last one needs an `override_reason`, which is stored.
    """
    return queries.vehicle(g.actor, vehicles.change_vehicle(g.actor, vehicle_id, **facts))


@bp.delete("/vehicles/<int:vehicle_id>")
@writes
@requires()
@checks_if_match
@returns(None, 204)
@refuses(NotFound, VehicleInUse)
def remove(vehicle_id, if_match):
    """Delete a vehicle.

    A vehicle with service tickets can't be deleted, because they are its history.
    """
    vehicles.remove_vehicle(g.actor, vehicle_id, if_match=if_match)
