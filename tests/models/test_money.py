"""Money is whole cents, rounded half up by one rule, whatever Decimal would say it is."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from app.money import half_up, markup_of, with_markup


def in_decimals(cost_cents, markup_bps):
    """The same price by the arithmetic that accountants trust."""
    price = Decimal(cost_cents) * (1 + Decimal(markup_bps) / 10_000)
    return int(price.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("numerator", "denominator", "whole"),
    [(0, 2, 0), (1, 2, 1), (3, 2, 2), (5, 2, 3), (7, 2, 4), (1, 3, 0), (2, 3, 1), (4, 4, 1)],
)
def test_halves_go_up_and_never_to_the_even_neighbour(numerator, denominator, whole):
    assert half_up(numerator, denominator) == whole


@pytest.mark.parametrize(
    ("numerator", "denominator"), [(-1, 2), (1, -2), (-3, 2), (-5, 2), (-1, 3), (-2, 3)]
)
def test_what_is_owed_back_rounds_like_what_was_owed(numerator, denominator):
    assert half_up(numerator, denominator) == -half_up(abs(numerator), abs(denominator))


def test_two_negatives_are_a_positive():
    assert half_up(-5, -2) == 3


def test_a_markup_of_thirty_percent():
    assert with_markup(1000, 3000) == 1300


@pytest.mark.parametrize(
    ("cost", "markup_bps", "price"),
    [
        (0, 3000, 0),
        (999, 0, 999),
        (1, 5000, 2),
        (15, 3000, 20),
        (35, 3000, 46),
        (45, 3000, 59),
        (100, 1, 100),
        (5000, 1, 5001),
        (4999, 1, 4999),
        (1333, 3333, 1777),
        (100_000_000, 100_000, 1_100_000_000),
    ],
)
def test_a_markup_on_cost_rounds_half_up(cost, markup_bps, price):
    assert with_markup(cost, markup_bps) == price


def test_every_cost_up_to_fifty_dollars_agrees_with_decimal():
    markups = (1, 25, 333, 500, 1250, 3000, 3333, 5000, 6667, 9999, 15_000)
    wrong = [
        (cost, markup)
        for cost in range(5001)
        for markup in markups
        if with_markup(cost, markup) != in_decimals(cost, markup)
    ]
    assert wrong == []


def test_every_markup_up_to_a_hundred_percent_agrees_with_decimal():
    costs = (1, 5, 50, 99, 1015, 19_999, 99_999_999)
    wrong = [
        (cost, markup)
        for cost in costs
        for markup in range(0, 10_001, 3)
        if with_markup(cost, markup) != in_decimals(cost, markup)
    ]
    assert wrong == []


def test_a_price_never_falls_as_the_cost_rises():
    prices = [with_markup(cost, 3333) for cost in range(5000)]
    assert prices == sorted(prices)


def test_a_price_is_a_whole_number_of_cents():
    assert type(with_markup(1015, 3000)) is int
    assert type(markup_of(1015, 1320)) is int


@pytest.mark.parametrize(
    ("cost", "price", "markup_bps"),
    [(1000, 1300, 3000), (1000, 1000, 0), (1000, 500, -5000), (3, 4, 3333), (3, 5, 6667)],
)
def test_the_markup_that_makes_a_price(cost, price, markup_bps):
    assert markup_of(cost, price) == markup_bps


def test_what_cost_nothing_has_no_markup():
    assert markup_of(0, 1500) is None


def test_below_a_hundred_dollars_a_price_is_found_again_from_its_markup():
    """Half a basis point of 10,000 cents is half a cent, so nothing is lost on the way."""
    for cost in range(1, 10_000, 7):
        for price in range(0, 10_000, 113):
            assert with_markup(cost, markup_of(cost, price)) == price
