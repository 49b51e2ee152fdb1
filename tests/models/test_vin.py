"""A VIN has the form of ISO 3779; its check digit warns, because only North America demands one."""

import pytest

from app.errors import Invalid
from app.models import Vehicle
from app.models.vin import check_digit, checked_vin, vin_check, vin_key

HONDA = "1HGCM82633A004352"
MOTOR_HOME = "1M8GDM9AXKP042788"
PORSCHE = "WP0ZZZ99ZTS392124"


@pytest.mark.parametrize("vin", [HONDA, MOTOR_HOME, "11111111111111111"])
def test_a_north_american_vin_with_the_right_check_digit_is_valid(vin):
    assert vin_check(vin) == "valid"


@pytest.mark.parametrize("ninth", [sign for sign in "0123456789X" if sign != HONDA[8]])
def test_a_north_american_vin_with_another_check_digit_is_invalid(ninth):
    assert vin_check(HONDA[:8] + ninth + HONDA[9:]) == "invalid"


@pytest.mark.parametrize("place", [place for place in range(17) if place != 8])
def test_any_single_mistyped_digit_shows_in_the_check_digit(place):
    mistyped = "2" if HONDA[place] != "2" else "3"
    vin = HONDA[:place] + mistyped + HONDA[place + 1 :]

    assert vin_check(vin) == "invalid"


def test_a_european_vin_needs_no_check_digit():
    assert vin_check(PORSCHE) == "not_applicable"


@pytest.mark.parametrize("vin", [HONDA, PORSCHE, "7FCTGAAA9NN000001"])
@pytest.mark.parametrize("ninth", "ABZ")
def test_a_letter_in_the_place_of_the_check_digit_is_wrong_in_north_america_alone(vin, ninth):
    wrong = "not_applicable" if vin == PORSCHE else "invalid"
    assert vin_check(vin[:8] + ninth + vin[9:], 2022) == wrong


@pytest.mark.parametrize("vin", [None, "113-4506", "GHN5/123456G", HONDA[:16], HONDA + "1"])
@pytest.mark.parametrize("year", [None, 1963, 1980])
def test_where_there_is_no_standard_vin_there_is_nothing_to_check(vin, year):
    assert vin_check(vin, year) == "not_applicable"


@pytest.mark.parametrize("vin", ["JZA80-0012345", HONDA[:16], HONDA + "1"])
def test_since_1981_a_number_that_is_no_vin_is_a_warning(vin):
    assert (vin_check(vin, 1981), vin_check(vin, 1980)) == ("invalid", "not_applicable")


def test_since_1981_a_vehicle_without_a_number_is_no_warning():
    assert vin_check(None, 2003) == "not_applicable"


def test_a_remainder_of_ten_is_written_as_x():
    assert check_digit(MOTOR_HOME) == "X"
    assert check_digit(HONDA) == "3"


def test_the_check_digit_does_not_depend_on_what_stands_in_its_place():
    assert {check_digit(HONDA[:8] + sign + HONDA[9:]) for sign in "0123456789X"} == {"3"}


def test_a_wrong_check_digit_is_a_warning_and_no_refusal():
    assert checked_vin(HONDA[:8] + "4" + HONDA[9:], 2003) == "1HGCM82643A004352"


def test_a_vin_is_kept_in_upper_case_without_blanks_around_it():
    assert checked_vin(f" {HONDA.lower()} ", 2003) == HONDA


def test_a_vehicle_may_have_no_vin():
    assert checked_vin(None, 2003) is None


@pytest.mark.parametrize("letter", "IOQioq")
@pytest.mark.parametrize("year", [1981, 2003, None])
def test_a_vin_has_no_letter_that_looks_like_a_digit(letter, year):
    with pytest.raises(Invalid) as refusal:
        checked_vin(f"*{letter}{HONDA[1:]}*", year)

    assert "I, O or Q" in refusal.value.members["errors"][0]["detail"]


@pytest.mark.parametrize(
    "vin",
    [
        f"*{HONDA}*",
        "1HG CM8 263 3A0 043 52",
        "1HGCM826-33A-004352",
        "1HG.CM826/33A.004352",
        "1HGCM82633A\u00a0004352",
        "\u200b1HGCM82633A004352\u200e",
        "".join(chr(ord(each) + 0xFEE0) for each in HONDA),
    ],
)
@pytest.mark.parametrize("year", [1963, 2003, None])
def test_a_vin_in_groups_or_between_signs_is_the_vin(vin, year):
    assert checked_vin(vin, year) == HONDA
    assert vin_key(vin) == HONDA


@pytest.mark.parametrize(
    ("vin", "kept", "key"),
    [
        ("JZA80-0012345", "JZA80-0012345", "JZA800012345"),
        ("ghn5/123456g", "GHN5/123456G", "GHN5123456G"),
        ("113  4506", "113 4506", "1134506"),
        ("vc55-n001234", "VC55-N001234", "VC55N001234"),
        ("O.I*Q", "O.I*Q", "OIQ"),
        ("123", "123", "123"),
        ("X" * 20, "X" * 20, "X" * 20),
        (HONDA[:16], HONDA[:16], HONDA[:16]),
    ],
)
@pytest.mark.parametrize("year", [1963, 1994, None])
def test_any_other_number_is_kept_as_its_maker_wrote_it(vin, kept, key, year):
    assert (checked_vin(vin, year), vin_key(vin)) == (kept, key)


@pytest.mark.parametrize(
    "vin", ["", "  ", "12", "X" * 21, "---", " * ", "113,4506", "Ä113", "1134٣", "ßßß", HONDA + "_"]
)
@pytest.mark.parametrize("year", [1963, 2003, None])
def test_a_number_is_short_and_plain(vin, year):
    with pytest.raises(Invalid) as refusal:
        checked_vin(vin, year)

    assert refusal.value.members["errors"][0]["pointer"] == "/vin"


def test_before_1981_seventeen_characters_with_an_o_are_no_vin():
    assert checked_vin("O" + HONDA[1:], 1970) == "O" + HONDA[1:]


def test_a_vehicle_keeps_the_key_of_its_number_in_step():
    vehicle = Vehicle(vin="JZA80-0012345")
    assert vehicle.vin_key == "JZA800012345"

    vehicle.describe(vin="ghn5/123456g", year=1963)
    assert (vehicle.vin, vehicle.vin_key) == ("GHN5/123456G", "GHN5123456G")

    vehicle.describe(vin=None)
    assert (vehicle.vin, vehicle.vin_key) == (None, None)
