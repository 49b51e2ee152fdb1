"""Random steps of a day: people, vehicles and tickets."""

from tests.system.whole_shop.chance import PASSWORDS, Chance, named
from tests.system.whole_shop.moves import BACK, HOLD_REASONS, MOVES
from tests.system.whole_shop.step import Step

ODD_STATUSES = ("completed", "pending", "In Progress", "ON-HOLD", *MOVES)


def someone_signs_in(c: Chance) -> Step | None:
    """Return a sign-in, mostly of someone who is signed out, managers first.

    Return None after three failures of an account: more would block its sign-ins for a while.
    """
    people = [each for each in c.book.people.values() if each.password]
    managers = [each for each in c.book.managers if not each.signed_in]
    out = managers or [each for each in people if not each.signed_in] or people
    person = c.of(*(people if c.once_in(5) else out))
    if c.book.failed_sign_ins.get(person.email, 0) >= 3:
        return None
    password = c.of(*PASSWORDS) if c.once_in(5) else person.password
    return Step("sign_in", person.name, said={"email": person.email, "password": password})


def someone_signs_out(c: Chance) -> Step:
    return Step("sign_out", c.signed_in())


def someone_registers(c: Chance) -> Step:
    said = {"name": c.word(), "email": c.email(), "password": PASSWORDS[0]}
    said |= c.facts(city=c.word)
    if c.once_in(8):
        del said[c.of("email", "password")]
    return c.finished(Step("take_in", None, said=said))


def a_walk_in(c: Chance) -> Step:
    said = {"name": c.word()} | c.facts(email=c.email, phone=c.word, city=c.word)
    return c.finished(Step("take_in", c.staff(), said=said))


def a_customer_changes(c: Chance) -> Step:
    customer = c.customer()
    who = c.owner_or_staff(customer and customer.name)
    said = {"city": c.word()} | c.facts(name=c.word, phone=c.word)
    if c.once_in(4):
        said = {"email": c.email()}
    elif c.once_in(3) and c.book.failed_sign_ins.get(customer and customer.email, 0) < 3:
        said = {"password": c.of(*PASSWORDS)}
    elif c.once_in(8) and customer:
        said = {"name": customer.called}
    at = {"customer": named(customer, "customer")}
    return c.finished(Step("change_customer", who, at, said), customer)


def a_customer_is_erased(c: Chance) -> Step:
    customer = c.customer()
    own = customer and customer.signed_in and c.once_in(2)
    who = customer.name if own else c.signed_in("manager", *c.of((), ("customer",)))
    return c.finished(
        Step("erase_customer", who, {"customer": named(customer, "customer")}), customer
    )


def two_customers_are_one(c: Chance) -> Step:
    this, other = c.customer(), c.customer()
    if this and other and other.password and not this.password:
        this, other = other, this
    said = {"from_id": named(other, "customer")}
    if other and other.password and c.once_in(2):
        said["keep_account"] = "this"
    at = {"customer": named(this, "customer")}
    return c.finished(Step("merge_customers", c.signed_in("manager"), at, said))


def someone_is_hired(c: Chance) -> Step:
    """Return a hiring, of a manager only if there are fewer than two: so one is sometimes the last."""
    said = {"name": c.word(), "email": c.email()} | c.facts(specialty=c.word, phone=c.word)
    said |= {} if c.once_in(4) else {"password": PASSWORDS[0]}
    if c.once_in(6):
        del said["email"]
    said["role"] = "mechanic" if len(c.book.managers) > 1 else c.of("mechanic", "manager")
    who = c.signed_in("manager") if c.once_in(2) else c.staff()
    return c.finished(Step("hire", who, said=said))


def one_of_the_staff_changes(c: Chance) -> Step:
    mechanic = c.mechanic()
    who = mechanic.name if mechanic and mechanic.signed_in and c.once_in(3) else c.staff()
    said = c.of(
        {"phone": c.word()},
        {"name": c.word()},
        {"specialty": c.word()},
        {"email": c.email()},
        {"role": c.of("mechanic", "manager")},
        {"role": c.of("mechanic", "manager")},
        {"is_active": c.of(True, True, False)},
        {"is_active": c.of(True, True, False)},
    )
    if c.once_in(8):
        said = {"password": c.of(*PASSWORDS)}
    at = {"mechanic": named(mechanic, "mechanic")}
    return c.finished(Step("change_mechanic", who, at, said), mechanic)


def someone_is_let_go(c: Chance) -> Step:
    """Return a dismissal; of the last manager, who can't go, if there is only one."""
    mechanic = c.mechanic() if len(c.book.managers) > 1 else c.of(*c.book.managers)
    at = {"mechanic": named(mechanic, "mechanic")}
    return c.finished(Step("let_go", c.signed_in("manager"), at), mechanic)


def a_vehicle_comes(c: Chance) -> Step:
    customer = c.customer()
    who = c.owner_or_staff(customer and customer.name)
    said = c.facts(
        license_plate=c.word,
        make=c.word,
        color=c.word,
        year=lambda: c.of(1965, 1980, 1981, 2003, 2020),
        odometer=lambda: c.whole(0, 90_000),
    )
    said |= {} if c.once_in(4) else {"vin": c.vin()}
    at = {"customer": named(customer, "customer")}
    return c.finished(Step("add_vehicle", who, at, said))


def a_vehicle_changes(c: Chance) -> Step:
    vehicle = c.vehicle()
    said = c.of(
        {"color": c.word()},
        {"license_plate": c.word()},
        {"customer_id": named(c.customer(), "customer")},
        {"customer_id": named(c.customer(), "customer")},
        {"vin": c.vin()},
        _reading(c, vehicle, "odometer"),
        _reading(c, vehicle, "odometer"),
    )
    at = {"vehicle": named(vehicle, "vehicle")}
    return c.finished(
        Step("change_vehicle", c.owner_or_staff(vehicle and vehicle.owner), at, said), vehicle
    )


def a_vehicle_goes(c: Chance) -> Step:
    vehicle = c.vehicle()
    at = {"vehicle": named(vehicle, "vehicle")}
    return c.finished(
        Step("remove_vehicle", c.owner_or_staff(vehicle and vehicle.owner), at), vehicle
    )


def a_ticket_is_opened(c: Chance) -> Step:
    """Return a new ticket, mostly with a vehicle's id, else with a VIN, or without a vehicle."""
    vehicle = c.vehicle()
    owner = vehicle.owner if vehicle and not c.once_in(3) else named(c.customer(), "customer")
    said = {"vehicle_id": named(vehicle, "vehicle")}
    if vehicle and vehicle.vin and c.once_in(4):
        said = {"vin": c.of(vehicle.vin, vehicle.vin.lower(), f"*{vehicle.vin}*"[:21])}
    elif c.once_in(6):
        said = {"vin": c.vin()} | c.of({}, {"customer_id": owner}, {"customer_id": owner})
    elif c.once_in(6):
        said = c.of({}, {"vehicle_id": None}, {"customer_id": owner}, {"customer_id": owner})
    said |= {"problem_description": c.word()} | c.facts(priority=lambda: c.whole(1, 5))
    if c.once_in(3):
        said |= _reading(c, vehicle, "odometer_in")
    if c.once_in(6):
        said["customer_id"] = owner
    if c.once_in(8):
        said["status"] = c.of("open", "Pending", "in_progress", "COMPLETED", "cancelled", "closed")
    return c.finished(Step("open_ticket", c.owner_or_staff(vehicle and vehicle.owner), said=said))


def a_ticket_changes(c: Chance) -> Step:
    ticket = c.ticket()
    vehicle = c.book.vehicles.get(ticket.vehicle or "") if ticket else None
    said = c.of(
        {"priority": c.whole(1, 5)},
        {"problem_description": c.word()},
        _reading(c, vehicle, "odometer_in"),
        _reading(c, vehicle, "odometer_in"),
        {"odometer_in": None},
        {"status": _next(c, ticket)},
        _visitor(c, ticket),
    ) | c.facts(problem_description=c.word)
    if "status" in said:
        said |= c.facts(reason=c.word)
    at = {"ticket": named(ticket, "ticket")}
    return c.finished(Step("change_ticket", c.staff(), at, said), ticket)


def _visitor(c, ticket):
    """Return members that give a ticket another vehicle, no vehicle, or another customer.

    Mostly the customer owns the vehicle.
    """
    owner = c.customer() if c.once_in(2) else ticket and c.book.people[ticket.owner]
    theirs = [each for each in c.book.vehicles.values() if owner and each.owner == owner.name]
    vehicle = c.of(*theirs) if theirs and not c.once_in(6) else c.vehicle()
    said = c.of(
        {"vehicle_id": named(vehicle, "vehicle")},
        {"vehicle_id": named(vehicle, "vehicle")},
        {"vehicle_id": None, "odometer_in": None},
        {"vehicle_id": None},
        {"vin": c.vin()},
        {},
    )
    return {"customer_id": named(owner, "customer")} | said if c.once_in(2) or not said else said


def a_ticket_moves(c: Chance) -> Step:
    ticket = c.ticket()
    said = {"to": _next(c, ticket)}
    if c.once_in(2):
        said["reason"] = c.of("parts", c.word())
    if said["to"] == "on_hold" and c.once_in(2):
        said["hold_reason"] = c.of(*HOLD_REASONS)
    who = c.owner_or_staff(ticket and ticket.owner) if c.once_in(4) else c.staff()
    return c.finished(Step("move", who, {"ticket": named(ticket, "ticket")}, said), ticket)


def a_ticket_is_deleted(c: Chance) -> Step:
    ticket = c.ticket("open")
    at = {"ticket": named(ticket, "ticket")}
    return c.finished(Step("delete_ticket", c.signed_in("manager"), at), ticket)


def _next(c, ticket):
    """Return a status to move to: mostly legal and not `cancelled`, sometimes a move back or illegal."""
    legal = sorted(MOVES[ticket.status]) if ticket else []
    if ticket and ticket.status in BACK and c.once_in(4):
        return c.of(*BACK[ticket.status])
    if not legal or c.once_in(4):
        return c.of(*(status for status in ODD_STATUSES if status not in legal))
    onwards = [status for status in legal if status != "cancelled"]
    return c.of(*(legal if c.once_in(4) else onwards or legal))


def _reading(c, vehicle, name):
    """Return a reading, mostly a bit above the last; sometimes lower; sometimes with a reason."""
    last = (vehicle.odometer if vehicle else None) or 0
    said = {name: max(0, last + c.whole(*c.of((0, 900), (0, 900), (-900, 0))))}
    return said | ({"override_reason": c.word()} if c.once_in(3) else {})
