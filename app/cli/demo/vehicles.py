"""The demo's vehicles: makes and models of North America, with valid VINs."""

from dataclasses import dataclass
from random import Random
from string import ascii_uppercase

from app.cli.demo.catalogue import CAR, TRUCK
from app.cli.demo.people import Patron
from app.cli.demo.year import END, Year
from app.models import Vehicle
from app.models.vin import check_digit

# make, model, first eight characters of the VIN, plant, first and last model year, body
MODELS = (
    ("Honda", "Accord", "1HGCV1F3", "A", 2018, 2022, CAR),
    ("Honda", "Civic", "2HGFC2F5", "H", 2016, 2021, CAR),
    ("Honda", "CR-V", "5J6RW2H5", "L", 2017, 2022, TRUCK),
    ("Toyota", "Camry", "4T1B11HK", "U", 2018, 2020, CAR),
    ("Toyota", "Corolla", "2T1BURHE", "C", 2014, 2019, CAR),
    ("Toyota", "RAV4", "2T3P1RFV", "C", 2019, 2022, TRUCK),
    ("Toyota", "Tacoma", "3TMCZ5AN", "M", 2016, 2022, TRUCK),
    ("Ford", "F-150", "1FTEW1EP", "F", 2015, 2020, TRUCK),
    ("Ford", "Escape", "1FMCU9GD", "U", 2013, 2019, TRUCK),
    ("Ford", "Explorer", "1FM5K8D8", "G", 2013, 2019, TRUCK),
    ("Ford", "Focus", "1FADP3F2", "L", 2012, 2018, CAR),
    ("Chevrolet", "Silverado 1500", "3GCUKREC", "G", 2014, 2018, TRUCK),
    ("Chevrolet", "Malibu", "1G1ZD5ST", "F", 2016, 2021, CAR),
    ("Chevrolet", "Equinox", "2GNAXKEV", "6", 2018, 2021, TRUCK),
    ("Chevrolet", "Traverse", "1GNERGKW", "J", 2018, 2021, TRUCK),
    ("Ram", "1500", "1C6RR7LT", "S", 2013, 2018, TRUCK),
    ("Jeep", "Grand Cherokee", "1C4RJFBG", "C", 2011, 2021, TRUCK),
    ("Jeep", "Wrangler", "1C4BJWDG", "L", 2013, 2018, TRUCK),
    ("Dodge", "Grand Caravan", "2C4RDGCG", "R", 2011, 2020, TRUCK),
    ("Nissan", "Altima", "1N4AL3AP", "C", 2013, 2018, CAR),
    ("Nissan", "Rogue", "5N1AT2MV", "C", 2014, 2020, TRUCK),
    ("Subaru", "Outback", "4S4BSANC", "3", 2015, 2019, CAR),
    ("Subaru", "Forester", "JF2SJAEC", "H", 2014, 2018, TRUCK),
    ("Hyundai", "Elantra", "5NPD84LF", "H", 2017, 2020, CAR),
    ("Hyundai", "Sonata", "5NPE24AF", "H", 2015, 2019, CAR),
    ("Kia", "Optima", "5XXGT4L3", "G", 2016, 2020, CAR),
    ("Kia", "Sorento", "5XYPGDA3", "G", 2016, 2020, TRUCK),
    ("Mazda", "Mazda3", "3MZBN1V7", "M", 2014, 2018, CAR),
    ("Mazda", "CX-5", "JM3KFBDM", "0", 2017, 2021, TRUCK),
    ("Volkswagen", "Jetta", "3VWD17AJ", "M", 2014, 2018, CAR),
    ("Volkswagen", "Passat", "1VWAT7A3", "C", 2014, 2018, CAR),
    ("Lexus", "RX 350", "2T2BZMCA", "C", 2016, 2021, TRUCK),
)
VANS = (
    ("Ford", "Transit-150", "1FTYE1YM", "K", 2015, 2021, TRUCK),
    ("Ram", "ProMaster 1500", "3C6TRVAG", "E", 2014, 2021, TRUCK),
    ("Chevrolet", "Express 2500", "1GCWGAFG", "1", 2015, 2021, TRUCK),
)
YEAR_CODES = dict(zip(range(2010, 2031), "ABCDEFGHJKLMNPRSTVWXY", strict=True))
COLORS = ("White", "Black", "Silver", "Gray", "Blue", "Red", "Green", "Beige")
MODELS_OF_TODAY = 2025


@dataclass
class Car:
    """A vehicle of the demo, with its body (car or truck) and its miles.

    `miles_before` were driven before the demo's year, and `miles_a_year` are driven in it. `since` is
    the minute of the year when the vehicle first came to the shop.
    """

    row: Vehicle
    body: str
    since: int
    miles_before: int
    miles_a_year: int

    def odometer(self, minute: int) -> int:
        return self.miles_before + self.miles_a_year * minute // END


def cars(rng: Random, year: Year, patrons: list[Patron]) -> list[Car]:
    """Return vehicles of the customers in `patrons`, invented at random.

    A person has one or two, and a firm three or four vans. The last customer has none.
    """
    return [
        _car(rng, year, patron, VANS if patron.is_firm else MODELS)
        for n, patron in enumerate(patrons[:-1])
        for _ in range(_how_many(n, patron))
    ]


def _how_many(n, patron):
    if patron.is_firm:
        return 3 + n % 2
    return 2 if n % 6 == 0 else 1


def _car(rng, year, patron, models):
    make, model, vin_begin, plant, first, last, body = rng.choice(models)
    made, miles_a_year = rng.randint(first, last), rng.randint(7_000, 16_000)
    on_file = year.at(patron.since)
    row = Vehicle(
        customer=patron.row,
        vin=_vin(vin_begin, made, plant, rng.randint(100_000, 699_999)),
        vin_verified=True,
        license_plate=f"{rng.randint(100, 999)} {''.join(rng.choices(ascii_uppercase, k=3))}",
        make=make,
        model=model,
        year=made,
        color=rng.choice(COLORS),
        created_at=on_file,
        updated_at=on_file,
    )
    miles_before = (MODELS_OF_TODAY - made) * miles_a_year + rng.randint(0, 4_000)
    return Car(row, body, patron.since, miles_before, miles_a_year)


def _vin(begin, made, plant, serial):
    """Return a valid VIN (49 CFR 565.15) for a vehicle.

    `begin` has eight characters for maker and model, `made` is the model year, `plant` has one
    character, and `serial` is a number of six digits.
    """
    blank = f"{begin}0{YEAR_CODES[made]}{plant}{serial}"
    return f"{begin}{check_digit(blank)}{blank[9:]}"
