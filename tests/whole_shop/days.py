"""What may happen in a shop on any day, as steps chosen at random."""

from tests.whole_shop.chance import PASSWORDS, Chance, named
from tests.whole_shop.step import Step
from tests.whole_shop.work import HOLD_REASONS, MOVES

ODD_STATUSES = ("completed", "pending", *MOVES)


def someone_signs_in(c: Chance) -> Step | None:
    """Mostly who is out, managers first; never so often in vain that the door stays shut for a while."""
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


def someone_is_hired(c: Chance) -> Step:
    """Mostly a mechanic, so that now and then a manager is the last one."""
    said = {"name": c.word(), "email": c.email()} | c.facts(specialty=c.word, phone=c.word)
    said |= {} if c.once_in(4) else {"password": PASSWORDS[0]}
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
    """The last manager would go, if it could."""
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
    vehicle = c.vehicle()
    said = {"vehicle_id": named(vehicle, "vehicle"), "problem_description": c.word()}
    if vehicle and vehicle.vin and c.once_in(4):
        said = {"vin": c.of(vehicle.vin, vehicle.vin.lower()), "problem_description": c.word()}
    said |= c.facts(priority=lambda: c.whole(1, 5))
    if c.once_in(3):
        said |= _reading(c, vehicle, "odometer_in")
    if c.once_in(6):
        owner = vehicle.owner if vehicle and not c.once_in(3) else named(c.customer(), "customer")
        said["customer_id"] = owner
    return c.finished(Step("open_ticket", c.owner_or_staff(vehicle and vehicle.owner), said=said))


def a_ticket_changes(c: Chance) -> Step:
    ticket = c.ticket()
    vehicle = c.book.vehicles[ticket.vehicle] if ticket else None
    said = c.of(
        {"priority": c.whole(1, 5)},
        {"problem_description": c.word()},
        _reading(c, vehicle, "odometer_in"),
        {"status": _next(c, ticket)},
    ) | c.facts(problem_description=c.word)
    at = {"ticket": named(ticket, "ticket")}
    return c.finished(Step("change_ticket", c.staff(), at, said), ticket)


def a_ticket_moves(c: Chance) -> Step:
    ticket = c.ticket()
    said = {"to": _next(c, ticket)}
    if c.once_in(3):
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
    """Mostly a legal move, and not yet the last one; at times any."""
    legal = sorted(MOVES[ticket.status]) if ticket else []
    if not legal or c.once_in(4):
        return c.of(*(status for status in ODD_STATUSES if status not in legal))
    onwards = [status for status in legal if status != "cancelled"]
    return c.of(*(legal if c.once_in(4) else onwards or legal))


def _reading(c, vehicle, name):
    """Mostly a bit more than the last one; lower at times, with a reason or without."""
    last = (vehicle.odometer if vehicle else None) or 0
    said = {name: max(0, last + c.whole(*c.of((0, 900), (0, 900), (-900, 0))))}
    return said | ({"override_reason": c.word()} if c.once_in(3) else {})
