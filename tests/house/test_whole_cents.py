"""Money is counted in whole cents: no code that handles it divides to a float, or rounds one."""

import ast
from pathlib import Path

import pytest

DOMAINS = Path("app/blueprints")
PLACES = (
    *("billing/**/*.py", "reports/*.py", "service_tickets/pricing/*.py"),
    *("service_tickets/queries/balances.py", "service_tickets/queries/invoice_drafts.py"),
    *("service_tickets/queries/profit.py", "service_tickets/queries/totals.py"),
    *("service_tickets/services/invoicing.py", "service_tickets/services/settling.py"),
)
MONEY = [Path("app/money.py"), *(path for place in PLACES for path in sorted(DOMAINS.glob(place)))]
FLOATING = {"float", "round"}
# A percentage is shown as it was entered: a whole number of millionths by this number.
TO_PERCENT = "MILLIONTHS_OF_A_PERCENT"


def floats_in(source: str) -> list[int]:
    """Return the lines in which a source text makes a float or rounds one."""
    return [node.lineno for node in ast.walk(ast.parse(source)) if _is_float(node)]


def _is_float(node):
    if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
        below = node.right if isinstance(node, ast.BinOp) else node.value
        return getattr(below, "id", None) != TO_PERCENT
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    return isinstance(node, ast.Name) and node.id in FLOATING


@pytest.mark.parametrize("path", MONEY, ids=str)
def test_money_is_never_a_float(path):
    assert floats_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("code", ["cents / 2", "cents /= 2", "x = 0.5", "round(x)", "float(x)"])
def test_a_float_would_be_found(code):
    assert floats_in(code) == [1]


def test_a_percentage_is_none():
    assert floats_in("rate / MILLIONTHS_OF_A_PERCENT + 7 // 2") == []


def test_all_of_it_is_looked_at():
    assert len(MONEY) > 35
