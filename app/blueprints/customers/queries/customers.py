"""Customers and their vehicles, as they go over the wire."""

from sqlalchemy import Select, bindparam, select

from app.actors import Actor
from app.blueprints.service_tickets.queries import tickets as service_tickets
from app.database.statements import Row, rows
from app.errors import Merged, NotFound
from app.lists.pages import equals, filtered, listed, one_of
from app.lists.searching import Searched, Source
from app.models import Customer, Kind, OdometerReading, Vehicle
from app.models.vin import vin_check
from app.permissions import customers_visible_to, vehicles_visible_to

CUSTOMER = (
    Customer.id,
    Customer.name,
    Customer.email,
    Customer.phone,
    Customer.address,
    Customer.city,
    Customer.state,
    Customer.postal_code,
    Customer.account_id.is_not(None).label("has_account"),
    Customer.created_at,
    Customer.updated_at,
    Customer.version,
)
VEHICLE = (
    Vehicle.id,
    Vehicle.customer_id,
    Vehicle.vin,
    Vehicle.license_plate,
    Vehicle.make,
    Vehicle.model,
    Vehicle.year,
    Vehicle.color,
    Vehicle.odometer,
    Vehicle.created_at,
    Vehicle.updated_at,
    Vehicle.version,
)
VEHICLE_OF_STAFF = (*VEHICLE, Vehicle.vin_verified)
CUSTOMER_OF_STAFF = (*CUSTOMER, Customer.email_verified)
TAKEN_IN = select(*CUSTOMER).where(Customer.id == bindparam("customer_id"))
READINGS = (
    select(
        OdometerReading.reading,
        OdometerReading.override_reason,
        OdometerReading.ticket_id,
        OdometerReading.at,
    )
    .where(OdometerReading.vehicle_id == bindparam("vehicle_id"))
    .order_by(OdometerReading.at.desc(), OdometerReading.id.desc())
    .limit(100)
)


OF_CUSTOMERS = Searched(
    Customer.id,
    (
        Source((Kind.CUSTOMER,), Customer.id),
        Source((Kind.VIN, Kind.PLATE), Customer.id, of=(Vehicle.id, Vehicle.customer_id)),
    ),
)
OF_VEHICLES = Searched(Vehicle.id, (Source((Kind.VIN, Kind.PLATE, Kind.MODEL), Vehicle.id),))


@listed(
    {"id": Customer.id, "name": Customer.name_sort, "created_at": Customer.created_at},
    searched=OF_CUSTOMERS,
)
def customers(actor: Actor) -> Select:
    """A page of customers; `q` looks into name, e-mail, phone, and their vehicles' VIN and plate."""
    return _customers(actor)


def customer(actor: Actor, customer_id: int) -> Row:
    return one_of(_customers, actor, customer_id, "customer")[0]


def customer_or_survivor(actor: Actor, customer_id: int) -> Row:
    """The customer, or Merged with the id of the one that it was merged into."""
    try:
        return customer(actor, customer_id)
    except NotFound:
        survivors = one_of(_merged, actor, customer_id, "customer")
    raise Merged(survivors[0]["merged_into_id"])


def just_taken_in(actor: Actor | None, customer_id: int | None) -> Row:
    """A new customer, shown to whoever brought it in, signed in or not."""
    if actor and actor.is_staff and customer_id:
        return customer(actor, customer_id)
    return rows(TAKEN_IN, customer_id=customer_id)[0]


def _checked(found: list[Row], _actor: Actor | None = None) -> list[Row]:
    return [row | {"vin_check": vin_check(row["vin"], row["year"])} for row in found]


@listed(
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
    return _checked(one_of(_vehicles, actor, vehicle_id, "vehicle"))[0]


def vehicle_of(actor: Actor, customer_id: int, vehicle_id: int) -> Row:
    """A vehicle of this customer; one of somebody else is not found."""
    found = vehicle(actor, vehicle_id)
    if found["customer_id"] != customer_id:
        raise NotFound(f"There is no vehicle {vehicle_id}.")
    return found


def vehicle_history(actor: Actor, vehicle_id: int, **page) -> dict:
    """Every visit of a vehicle, whoever owned it then, and its last 100 odometer readings, newest first."""
    vehicle(actor, vehicle_id)
    visits = service_tickets.visits(actor, vehicle_id=vehicle_id, **page)
    return visits | {"odometer": rows(READINGS, vehicle_id=vehicle_id)}


def _merged(actor):
    """Records that were emptied, each for those who see the customer it was merged into."""
    survivors = customers_visible_to(actor).with_only_columns(Customer.id)
    return select(Customer.id, Customer.merged_into_id).where(
        Customer.merged_into_id.in_(survivors)
    )


def _customers(actor):
    seen = CUSTOMER_OF_STAFF if actor.is_staff else CUSTOMER
    return customers_visible_to(actor).with_only_columns(*seen)


def _vehicles(actor):
    seen = VEHICLE_OF_STAFF if actor.is_staff else VEHICLE
    return vehicles_visible_to(actor).with_only_columns(*seen)
