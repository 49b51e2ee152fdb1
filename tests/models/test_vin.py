"""A VIN has the form of ISO 3779; its check digit warns, because only North America demands one."""

import pytest

from app.errors import Invalid
from app.models.vin import check_digit, checked_vin, vin_check

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


@pytest.mark.parametrize("vin", [None, "", "113-4506", HONDA[:16], HONDA + "1"])
def test_where_there_is_no_standard_vin_there_is_nothing_to_check(vin):
    assert vin_check(vin) == "not_applicable"


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
def test_a_vin_has_no_letter_that_looks_like_a_digit(letter):
    with pytest.raises(Invalid):
        checked_vin(letter + HONDA[1:], 2003)


@pytest.mark.parametrize(
    "vin", ["", HONDA[:16], HONDA + "2", HONDA[:16] + "-", HONDA[:16] + "Ä", HONDA[:16] + "٣"]
)
def test_a_vin_is_seventeen_plain_letters_and_digits(vin):
    with pytest.raises(Invalid):
        checked_vin(vin, 2003)


def test_the_refusal_points_at_the_vin():
    with pytest.raises(Invalid) as refusal:
        checked_vin("SHORT", 2003)

    assert refusal.value.members["errors"][0]["pointer"] == "/vin"


@pytest.mark.parametrize("year", [1886, 1955, 1980])
def test_before_1981_a_vehicle_has_the_number_its_maker_gave_it(year):
    assert checked_vin("vc55-n001234", year) == "VC55-N001234"


@pytest.mark.parametrize("year", [1981, 2026, None])
def test_from_1981_on_or_without_a_year_the_standard_holds(year):
    with pytest.raises(Invalid):
        checked_vin("VC55N001234", year)


@pytest.mark.parametrize("vin", ["", "1" * 18, "113 4506", "113/4506", "Ä113"])
def test_even_before_1981_a_number_is_short_and_plain(vin):
    with pytest.raises(Invalid):
        checked_vin(vin, 1970)
