"""Quantities are exact: two decimals, whole hundredths inside, and no floats between."""

from decimal import Decimal

import pytest

from app.quantities import as_json, in_hundredths, of_hundredths, priced


@pytest.mark.parametrize(
    ("quantity", "hundredths"),
    [(0, 0), (4, 400), (Decimal("4.5"), 450), (Decimal("0.01"), 1), (Decimal("-1.25"), -125)],
)
def test_a_quantity_is_so_many_hundredths_and_back(quantity, hundredths):
    assert in_hundredths(quantity) == hundredths
    assert of_hundredths(hundredths) == quantity


@pytest.mark.parametrize("quantity", [Decimal("0.001"), Decimal("4.555")])
def test_a_third_decimal_is_refused_not_rounded(quantity):
    with pytest.raises(ValueError, match="two decimals"):
        in_hundredths(quantity)


def test_every_number_of_hundredths_is_written_in_json_as_it_is():
    for hundredths in [*range(-500, 500), 99_999_999_999]:
        said = as_json(Decimal(hundredths) / 100)
        assert Decimal(str(said)) == Decimal(hundredths) / 100
        assert isinstance(said, int) == (hundredths % 100 == 0)


@pytest.mark.parametrize(
    ("quantity", "price", "total"),
    [
        (4, 995, 3980),
        (Decimal("4.5"), 995, 4478),  # 4477.5
        (Decimal("0.01"), 49, 0),
        (Decimal("0.01"), 50, 1),
        (Decimal("0.29"), 100, 29),  # 28.999... in floats
        (10_000, 1_100_000_000, 11_000_000_000_000),
    ],
)
def test_a_total_is_rounded_half_up_once(quantity, price, total):
    assert priced(quantity, price) == total
