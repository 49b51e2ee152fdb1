"""The staff and the customers of the demo. All are invented, and their e-mail addresses don't exist."""

from dataclasses import dataclass
from random import Random

from app.cli.demo.names import FIRMS, PERSONS
from app.cli.demo.year import DAY, END, MONTH, Year
from app.models import Account, Customer, Mechanic, StaffRole
from app.passwords import NOBODY

TOWNS = (("Harlow Falls", "65091"), ("Alder Creek", "65092"), ("Pine Bend", "65093"))
STREETS = (
    "Mill Road",
    "Cannery Lane",
    "Orchard Street",
    "Quarry Road",
    "Heron Way",
    "Depot Street",
)
TERMS = 30  # days in which a firm has to pay
MANAGER, MECHANIC = StaffRole.MANAGER, StaffRole.MECHANIC

# name, role, specialty, trades, salary, first and last working minute
STAFF = (
    ("Dana Whitlock", MANAGER, "Service desk", "", 78_000, 0, END),
    ("Marcus Oyelund", MANAGER, "Shop foreman, diagnostics", "", 84_500, 0, END),
    (
        "Tomasz Kowalt",
        MECHANIC,
        "Brakes and suspension",
        "brakes chassis tires",
        62_400,
        0,
        END,
    ),
    ("Renee Castelmont", MECHANIC, "Engines", "engine service", 68_900, 0, END),
    ("Jamal Whitacker", MECHANIC, "Electrical systems", "electrical service", 66_300, 0, END),
    ("Ingrid Solhavn", MECHANIC, "Cooling and air conditioning", "climate engine", 64_800, 0, END),
    ("Mateo Barrionda", MECHANIC, "Transmissions", "drivetrain chassis", 67_500, 0, END),
    ("Owen Delacourt", MECHANIC, "Apprentice", "tires service", 38_200, 4 * MONTH, END),
    ("Walt Brandvik", MECHANIC, "General repair", "brakes drivetrain engine", 61_000, 0, 7 * MONTH),
)


@dataclass
class Hand:
    """A member of the demo's staff: trades, and the minutes of the year when they start and leave."""

    row: Mechanic
    trades: frozenset[str]
    since: int
    until: int


@dataclass
class Patron:
    """A customer of the demo, who comes to the shop from the working minute `since` on (see Year)."""

    row: Customer
    since: int
    is_firm: bool


def staff(year: Year) -> list[Hand]:
    return [_hand(year, n, *facts) for n, facts in enumerate(STAFF)]


def patrons(rng: Random, year: Year) -> list[Patron]:
    """Return the demo's customers in the order in which they first came, most of them early in the year.

    They are persons and firms. `rng` is a random generator, and `year` is the calendar.
    """
    names = list(PERSONS)
    for n, firm in enumerate(FIRMS):
        names.insert(4 + 9 * n, firm)
    return [
        _patron(rng, year, n, name, DAY + 8 * MONTH * n**2 // len(names) ** 2)
        for n, name in enumerate(names)
    ]


def is_firm(customer: Customer) -> bool:
    return customer.name in FIRMS


def _hand(year, n, name, role, specialty, trades, salary, since, until):
    email, at = _email(name), year.at(since)
    row = Mechanic(
        name=name,
        email=email,
        phone=f"(573) 555-01{90 + n}",
        role=role,
        specialty=specialty,
        salary_cents=salary * 100,
        is_active=until == END,
        account=_account(email, at),
        created_at=at,
        updated_at=at if until == END else year.at(until),
    )
    return Hand(row, frozenset(trades.split()), since, until)


def _patron(rng, year, n, name, since):
    """Return customer number `n`, who first came at minute `since` of the year.

    Every tenth has no e-mail address; most of the others have an account.
    """
    email, at = None if n % 10 == 9 else _email(name), year.at(since)
    town, postal_code = rng.choice(TOWNS)
    signed_up = email is not None and n % 3 != 2
    row = Customer(
        name=name,
        email=email,
        email_verified=email is not None and not signed_up,
        phone=f"(573) 555-01{n:02d}",
        address=f"{rng.randint(2, 980)} {rng.choice(STREETS)}",
        city=town,
        state="MO",
        postal_code=postal_code,
        payment_terms_days=TERMS if name in FIRMS else None,
        account=_account(email, at) if signed_up else None,
        created_at=at,
        updated_at=at,
    )
    return Patron(row, since, name in FIRMS)


def _account(email, at):
    """Return an account, created at `at`, to which nobody can sign in until a password is set."""
    return Account(email=email, password_hash=NOBODY, created_at=at)


def _email(name):
    """Return an e-mail address made from a name, such as blue.heron.deliveries@example.com."""
    words = name.replace("&", " ").lower().split()
    return f"{'.'.join(words)}@example.com"
