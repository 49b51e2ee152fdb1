"""Queries for vehicles; they return what the API's responses contain."""

from sqlalchemy import Select

from app.actors import Actor
from app.blueprints.customers.queries.customers import customer
from app.blueprints.vehicles.schemas import VehicleOut
from app.database.statements import Row
from app.errors import NotFound
from app.lists.columns import columns_for
from app.lists.pages import equals, filtered, get_or_404, paginated
from app.lists.searching import Searched, Source
from app.models import Kind, Vehicle
from app.models.vin import vin_check
from app.permissions import vehicles_visible_to

OF_VEHICLES = Searched(Vehicle.id, (Source((Kind.VIN, Kind.PLATE, Kind.MODEL), Vehicle.id),))


def _checked(found: list[Row], _actor: Actor | None = None) -> list[Row]:
    return [row | {"vin_check": vin_check(row["vin"], row["year"])} for row in found]


@paginated(
    {
        "id": Vehicle.id,
        "license_plate": Vehicle.license_plate_sort,
        "created_at": Vehicle.created_at,
    },
    finish=_checked,
    searched=OF_VEHICLES,
)
def vehicles(
    actor: Actor,
    *,
    vin: str | None = None,
    customer_id: int | None = None,
) -> Select:
    return filtered(
        _vehicles(actor),
        equals(Vehicle.vin_key, vin),
        equals(Vehicle.customer_id, customer_id),
    )


def vehicles_of(actor: Actor, customer_id: int, **page) -> dict:
    customer(actor, customer_id)
    return vehicles(actor, customer_id=customer_id, **page)


def vehicle(actor: Actor, vehicle_id: int) -> Row:
    return _checked(get_or_404(_vehicles, actor, vehicle_id))[0]


def vehicle_of(actor: Actor, customer_id: int, vehicle_id: int) -> Row:
    """Return a vehicle of this customer. Raise NotFound if it belongs to another customer."""
    found = vehicle(actor, vehicle_id)
    if found["customer_id"] != customer_id:
        raise NotFound(f"There is no vehicle {vehicle_id}.")
    return found


def _vehicles(actor):
    columns = columns_for(VehicleOut, actor, vin_check=None)
    return vehicles_visible_to(actor).with_only_columns(*columns)
