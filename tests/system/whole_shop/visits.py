"""The expected effects on tickets: their customer, vehicle and odometer reading."""

from tests.system.whole_shop.book import CLOSED, OVER, WORKABLE, Book, must_be
from tests.system.whole_shop.decisions import revoke_link_of
from tests.system.whole_shop.jobs import first_job, forget_jobs
from tests.system.whole_shop.moves import go, may_go, way_to
from tests.system.whole_shop.rows import Reading, Ticket
from tests.system.whole_shop.shelf import bare, must_fit, put_on_file
from tests.system.whole_shop.step import INVALID, SIGNED_IN, STAFF, Refused, act, conflict

ABOUT = (
    *("problem_description", "priority", "odometer_in", "customer_id", "vehicle_id", "vin"),
    "shop_supplies_waived",
)


@act("POST", "/service-tickets", SIGNED_IN, 201)
def open_ticket(book: Book, step):
    said = step.said
    owner = customer_of_new(book, step)
    way = way_to("open", said.get("status", "open"))
    vehicle, new_vin = vehicle_of(book, step, owner, said.get("vehicle_id"), said.get("vin"))
    reading = said.get("odometer_in")
    if vehicle is None and not new_vin and reading is not None:
        raise INVALID
    opened = book.tick()
    if vehicle is not None and reading is not None:
        must_fit(vehicle, Reading(book.tick(), reading), said.get("override_reason"))
    may_go(book, step, "open", way)
    if new_vin:
        vehicle = put_on_file(book, owner.name, {"vin": new_vin})
    ticket = Ticket(
        name=book.new("ticket"),
        owner=owner.name,
        vehicle=vehicle and vehicle.name,
        problem=said["problem_description"].strip(),
        priority=said.get("priority", 3),
        opened=opened,
    )
    book.tickets[ticket.name] = ticket
    first_job(book, ticket)
    log(book, ticket, reading, said.get("override_reason"))
    go(book, ticket, way, {})
    ticket.changes = 0  # the answer has the version after all this


def customer_of_new(book, step):
    """Return the named customer, or else the customer who asks, or else the named vehicle's owner."""
    said, name = step.said, step.said.get("customer_id")
    if name is None and not book.is_staff(step):
        name = step.who
    elif name is None and said.get("vehicle_id"):
        name = book.vehicle(step, said["vehicle_id"]).owner
    elif name is None:
        on_file = known(book, said.get("vin"))
        if on_file is None:
            raise INVALID
        name = on_file.owner
    return book.customer(step, name)


def vehicle_of(book, step, owner, name, vin):
    """Return a vehicle that is on file, or None, and the VIN of a vehicle that is not yet on file."""
    if name is not None:
        vehicle = book.vehicle(step, name)
        must_be(vehicle.owner == owner.name)
        return vehicle, None
    vehicle = known(book, vin)
    if vehicle is not None and vehicle.owner != owner.name:
        raise conflict("vin_taken")
    if vehicle is None and vin and len(bare(vin)) == 17 and set("IOQ") & set(bare(vin)):
        raise INVALID
    return vehicle, (vin if vehicle is None else None)


def known(book, vin):
    return next(
        (each for each in book.vehicles.values() if vin and bare(each.vin) == bare(vin)), None
    )


@act("PATCH", "/service-tickets/{ticket}", STAFF)
def change_ticket(book: Book, step):
    ticket, said = book.ticket(step, step.at["ticket"]), step.said
    if said.keys() & set(ABOUT) and ticket.status in OVER:
        raise CLOSED
    before = told(ticket)
    owner, car, new_vin = visitor(book, step, ticket)
    reading = said.get("odometer_in", ticket.odometer_in)
    moved = new_vin or (car, reading) != (ticket.vehicle, ticket.odometer_in)
    if car is None and not new_vin and reading is not None:
        raise INVALID
    if moved and car and reading is not None:
        its = line_of(book, ticket)
        at = its.at if its else when(book, ticket, book.vehicles[car])
        others = [each for each in book.vehicles[car].log if each is not its]
        alone = type(book.vehicles[car])(name=car, owner=owner, log=others)
        must_fit(alone, Reading(at, reading), said.get("override_reason"))
    way = () if said.get("status") is None else way_to(ticket.status, said["status"])
    way = () if way == (ticket.status,) else way
    waived = ticket.shop_supplies_waived
    ticket.shop_supplies_waived = said.get("shop_supplies_waived", waived)
    try:
        may_go(book, step, ticket.status, way, said, ticket)
    except Refused:
        ticket.shop_supplies_waived = waived
        raise
    if new_vin or (owner, car) != (ticket.owner, ticket.vehicle):
        revoke_link_of(book, ticket)
        for job in ticket.jobs.values():
            job.revived_from_id = None
    ticket.owner = owner
    if new_vin:
        car = put_on_file(book, owner, {"vin": new_vin}).name
        book.made = None
    if moved:
        move_reading(book, ticket, car, reading)
    ticket.vehicle = car
    ticket.problem = said.get("problem_description", ticket.problem).strip()
    ticket.priority = said.get("priority", ticket.priority)
    book.touch(ticket, surely=before != told(ticket))
    go(book, ticket, way, said)


def told(ticket):
    about = ticket.problem, ticket.priority, ticket.odometer_in, ticket.shop_supplies_waived
    return *about, ticket.owner, ticket.vehicle


def visitor(book, step, ticket):
    """Return the owner's and the vehicle's name, and the VIN of a vehicle that must be added."""
    said = step.said
    name = said.get("customer_id", ticket.owner)
    car = said.get("vehicle_id", None if said.get("vin") else ticket.vehicle)
    if not said.keys() & {"customer_id", "vehicle_id", "vin"}:
        return ticket.owner, ticket.vehicle, None
    if not said.get("vin") and (name, car) == (ticket.owner, ticket.vehicle):
        return name, car, None
    if ticket.status not in WORKABLE:
        raise CLOSED
    if is_settled(book, ticket):
        raise conflict("ticket_in_use")
    owner = book.customer(step, name)
    vehicle, new_vin = vehicle_of(book, step, owner, car, said.get("vin"))
    return name, vehicle and vehicle.name, new_vin


def is_settled(book, ticket):
    """Return whether a customer has decided on a ticket, paid for it, or ever got its invoice."""
    rows = (*book.payments.values(), *book.invoices.values())
    return bool(ticket.authorizations) or any(each.ticket == ticket.name for each in rows)


def move_reading(book, ticket, car, reading):
    """Move a ticket's reading from the vehicle that it had to the one that it has."""
    its, cars = line_of(book, ticket), {car, ticket.vehicle} - {None}
    before = {each: book.vehicles[each].odometer for each in cars}
    at = its.at if its else (when(book, ticket, book.vehicles[car]) if car else 0)
    for each in cars:
        log_ = book.vehicles[each].log
        log_[:] = [line for line in log_ if line.ticket != ticket.name]
    if reading is not None:
        book.vehicles[car].log.append(Reading(at, reading, ticket.name))
    ticket.odometer_in = reading
    for each in cars:
        if book.vehicles[each].odometer != before[each]:
            book.touch(book.vehicles[each])


def line_of(book, ticket):
    log_ = book.vehicles[ticket.vehicle].log if ticket.vehicle else []
    return next((line for line in log_ if line.ticket == ticket.name), None)


def when(book, ticket, vehicle):
    """Return the time of a new reading: now, or the ticket's opening if a later visit has a reading."""
    visits = [book.tickets[line.ticket] for line in vehicle.log if line.ticket]
    return ticket.opened if any(each.opened > ticket.opened for each in visits) else book.tick()


def log(book, ticket, reading, override_reason):
    """Add the reading that a ticket is opened with, if there is one."""
    if reading is None:
        return
    vehicle, line = book.vehicles[ticket.vehicle], Reading(book.tick(), reading, ticket.name)
    must_fit(vehicle, line, override_reason)
    before, ticket.odometer_in = vehicle.odometer, reading
    vehicle.log.append(line)
    if vehicle.odometer != before:
        book.touch(vehicle)


@act("DELETE", "/service-tickets/{ticket}", ("manager",), 204)
def delete_ticket(book: Book, step):
    ticket = book.ticket(step, step.at["ticket"])
    if ticket.status != "open" or ticket.used or is_settled(book, ticket):
        raise conflict("ticket_in_use")
    move_reading(book, ticket, ticket.vehicle, None)
    del book.tickets[ticket.name]
    forget_jobs(book, ticket.jobs.values())
    book.links = {name: each for name, each in book.links.items() if each.ticket != ticket.name}
