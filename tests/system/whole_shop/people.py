"""The expected effects on people: customers come and are erased, staff are hired and dismissed."""

from tests.system.whole_shop.book import OVER, Book, heed, must_be, tidy
from tests.system.whole_shop.rows import Person
from tests.system.whole_shop.step import (
    ANYONE,
    FORBIDDEN,
    INVALID,
    MISSING,
    SIGNED_IN,
    STAFF,
    Refused,
    act,
    conflict,
)

CONTACT = ("phone", "city", "specialty")


@act("POST", "/auth/login", ANYONE)
def sign_in(book: Book, step):
    email = step.said["email"].lower()
    person = next((each for each in accounts(book) if each.email == email), None)
    if not (person and person.active and person.password == step.said["password"]):
        book.failed_sign_ins[email] = book.failed_sign_ins.get(email, 0) + 1
        raise Refused(401, "wrong_credentials")
    book.failed_sign_ins.pop(email, None)
    person.signed_in = True
    book.signed_in_once.append(person.name)


@act("POST", "/auth/logout", SIGNED_IN, 204)
def sign_out(book: Book, step):
    book.actor(step).signed_in = False


@act("POST", "/customers", ANYONE, 201)
def take_in(book: Book, step):
    said, email = step.said, lower(step.said.get("email"))
    if "password" not in said and not book.is_staff(step):
        raise INVALID
    if "password" in said and not email:
        raise INVALID
    must_be_free(book, email, account="password" in said)
    newcomer(book, "customer", said, "customer")


@act("PATCH", "/customers/{customer}", SIGNED_IN)
def change_customer(book: Book, step):
    customer, said = book.customer(step, step.at["customer"]), step.said
    actor = book.actor(step)
    if "password" in said and actor is customer:
        must_be_its_own(book, customer, said["password"])
        said = {name: value for name, value in said.items() if name != "password"}
    heed(step)
    may_set = actor.role == "manager" or (actor.role == "mechanic" and not customer.password)
    if "password" in said and not may_set:
        raise FORBIDDEN
    moved = "email" in said and lower(said["email"]) != customer.email
    if moved and book.is_staff(step) and not may_set:
        raise FORBIDDEN
    follow(book, customer, said)


def must_be_its_own(book, customer, password):
    """Refuse a password that is not the customer's present one; it counts as a failed sign-in."""
    if password != customer.password:
        book.failed_sign_ins[customer.email] = book.failed_sign_ins.get(customer.email, 0) + 1
        raise FORBIDDEN
    book.failed_sign_ins.pop(customer.email, None)


@act("DELETE", "/customers/{customer}", ("customer", "manager"), 204)
def erase_customer(book: Book, step):
    customer = book.customer(step, step.at["customer"])
    heed(step)
    tickets = [each for each in book.tickets.values() if each.owner == customer.name]
    if any(each.status not in OVER for each in tickets):
        raise conflict("tickets_open")
    customer.active = customer.signed_in = False
    customer.called, customer.email, customer.password = "Erased customer", None, None
    customer.facts.clear()
    customer.is_exempt, customer.exempt_number = False, None
    book.touch(customer)
    for ticket in tickets:
        forget_who_decided(book, ticket, customer.called)
    for vehicle in book.vehicles.values():
        if vehicle.owner == customer.name:
            vehicle.facts["license_plate"] = None
            book.touch(vehicle)


def forget_who_decided(book, ticket, called):
    """Remove names, contacts and notes from the authorizations of an erased customer's ticket."""
    for each in ticket.authorizations:
        before = each.authorized_by_name, each.contact, each.note
        each.authorized_by_name, each.contact, each.note = called, None, None
        book.touch(ticket, surely=before != (called, None, None))


@act("POST", "/customers/{customer}/merge", ("manager",), 201)
def merge_customers(book: Book, step):
    """Merge another customer into this one.

    The script never merges a customer with an account into one without an account: the client stores
    tokens by the customer's name, which would change.
    """
    name, other_name = step.at["customer"], step.said["from_id"]
    if name == other_name:
        raise conflict("cannot_merge")
    other = must_be(book.customers.get(other_name))
    customer = book.customer(step, name)
    if not other.active:
        raise conflict("cannot_merge")
    keeps = "keep_account" in step.said
    if keeps and not customer.password:
        raise INVALID
    if not keeps and customer.password and other.password:
        raise conflict("both_have_accounts")
    before = customer.email, dict(customer.facts), customer.is_exempt
    if other.is_exempt and not customer.is_exempt:
        customer.is_exempt, customer.exempt_number = True, other.exempt_number
    other.is_exempt, other.exempt_number = False, None
    customer.email = customer.email or other.email
    for fact in ("phone", "city"):
        if not customer.facts.get(fact) and other.facts.get(fact):
            customer.facts[fact] = other.facts[fact]
    after = customer.email, customer.facts, customer.is_exempt
    book.touch(customer, surely=before != after)
    for each in book.customers.values():
        if other.name in (each.name, each.merged_into):
            each.merged_into = customer.name
            book.touch(each)
    other.active = other.signed_in = False
    other.called, other.email, other.password = "Merged customer", None, None
    other.facts.clear()
    papers = (book.invoices, book.payments, book.credit_notes)
    for paper in (each for rows in papers for each in rows.values()):
        if paper.customer == other.name:
            paper.customer = customer.name
            book.touch(book.tickets[paper.ticket])
    for row in (*book.vehicles.values(), *book.tickets.values()):
        if row.owner == other.name:
            row.owner = customer.name
            book.touch(row)


@act("POST", "/mechanics", ("manager",), 201)
def hire(book: Book, step):
    email = lower(step.said.get("email"))
    if "password" in step.said and not email:
        raise INVALID
    must_be_free(book, email, account="password" in step.said, kin=book.mechanics)
    newcomer(book, "mechanic", step.said, step.said.get("role", "mechanic"))


@act("PATCH", "/mechanics/{mechanic}", STAFF)
def change_mechanic(book: Book, step):
    actor, said = book.actor(step), step.said
    itself = actor.name == step.at["mechanic"]
    others_only = not itself or said.keys() - {"name", "email", "phone"}
    if (actor.role != "manager" and others_only) or ("password" in said and itself):
        raise FORBIDDEN
    mechanic = book.mechanic(step.at["mechanic"])
    heed(step)
    others = [each for each in book.managers if each is not mechanic]
    stays = said.get("role", mechanic.role) == "manager" and said.get("is_active", mechanic.active)
    last = mechanic.name in [each.name for each in book.managers] and not others and not stays
    follow(book, mechanic, said, book.mechanics, conflict("last_manager") if last else None)
    before = mechanic.role, mechanic.active
    mechanic.role = said.get("role", mechanic.role)
    mechanic.active = said.get("is_active", mechanic.active)
    mechanic.signed_in = mechanic.signed_in and mechanic.active
    book.touch(mechanic, surely=before != (mechanic.role, mechanic.active))


@act("DELETE", "/mechanics/{mechanic}", ("manager",), 204)
def let_go(book: Book, step):
    mechanic = book.mechanic(step.at["mechanic"])
    heed(step)
    papers = (*book.invoices.values(), *book.payments.values(), *book.credit_notes.values())
    charges = (each for invoice in book.invoices.values() for each in invoice.charges)
    worked = any(mechanic.name == each.by for each in papers)
    worked = worked or any(mechanic.name == each.mechanic for each in charges)
    worked = worked or any(
        mechanic.name in ticket.crew
        or any(mechanic.name == each.taken_by for each in ticket.authorizations)
        or any(
            mechanic.name in (line.installed_by_mechanic_id, line.mechanic_id)
            for line in ticket.lines
        )
        for ticket in book.tickets.values()
    )
    if worked and not mechanic.active:
        raise MISSING
    if book.managers == [mechanic]:
        raise conflict("last_manager")
    mechanic.active = mechanic.signed_in = False
    book.touch(mechanic)
    if not worked:
        del book.people[mechanic.name]


def newcomer(book, kind, said, role):
    person = Person(
        name=book.new(kind),
        role=role,
        called=said["name"].strip(),
        email=lower(said.get("email")),
        password=said.get("password"),
        facts=tidy(said, *CONTACT),
    )
    book.people[person.name] = person


def follow(book, person, said, kin=None, refused=None):
    """Change a person. Someone with an account must have an e-mail address, which the account gets."""
    email = lower(said["email"]) if "email" in said else person.email
    has_account = bool(person.password or "password" in said)
    if has_account and email is None:
        raise INVALID
    must_be_free(book, email, account=has_account, kin=kin, person=person)
    if refused:
        raise refused
    before = person.called, person.email, bool(person.password), dict(person.facts)
    person.called, person.email = said.get("name", person.called).strip(), email
    person.facts |= tidy(said, *CONTACT)
    if "password" in said:
        person.signed_in = False if person.password else person.signed_in
        person.password = said["password"]
    after = person.called, person.email, bool(person.password), person.facts
    book.touch(person, surely=before != after)


def must_be_free(book, email, *, account, kin=None, person=None):
    """Refuse an e-mail address that another account or another of `kin` has.

    Customers without an account may share an address, as a family does.
    """
    others = [*(kin or {}).values(), *(accounts(book) if account else ())]
    if email is not None and email in [each.email for each in others if each is not person]:
        raise conflict("email_taken")


def accounts(book):
    return [each for each in book.people.values() if each.password]


def lower(email):
    return email.strip().lower() or None if email else None
