"""Money in whole cents, percentages in whole basis points, and one rule for rounding.

Prices are never floats: `round(float)` is wrong for about 7 of 100 markups.
"""

from collections.abc import Sequence

BASIS_POINTS = 10_000
MILLIONTHS_OF_A_PERCENT = 10_000


def half_up(numerator: int, denominator: int) -> int:
    """Return numerator / denominator rounded to a whole number, halves away from zero."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    return sign * ((2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator)))


def with_markup(cost_cents: int, markup_bps: int) -> int:
    """Return the price in cents: the cost plus a markup in basis points of the cost."""
    return half_up(cost_cents * (BASIS_POINTS + markup_bps), BASIS_POINTS)


def markup_of(cost_cents: int, price_cents: int) -> int | None:
    """Return the markup from cost to price, in basis points of the cost; None if the cost is zero."""
    if cost_cents == 0:
        return None
    return half_up((price_cents - cost_cents) * BASIS_POINTS, cost_cents)


def by_matrix(cost_cents: int, matrix: Sequence[tuple[int | None, int]]) -> int:
    """Return the price in cents for a cost, by a matrix of bands of cost, each with its own markup.

    `matrix` has `(upper limit in cents, markup in basis points)` of each band, in ascending order. Each
    markup applies only to the part of the cost inside its band, as in an income tax, so that the price
    never falls as the cost rises. A limit of None means no limit. Cost above all bands has no markup.
    """
    price, below = 0, 0
    for up_to, markup_bps in matrix:
        inside = (cost_cents if up_to is None else min(cost_cents, up_to)) - below
        if inside <= 0:
            break
        price += inside * (BASIS_POINTS + markup_bps)
        below += inside
    return half_up(price + (cost_cents - below) * BASIS_POINTS, BASIS_POINTS)
