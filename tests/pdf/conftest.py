"""Fixtures for tests of PDFs."""

import pytest

from app.pdf.pen import Pen


@pytest.fixture(scope="module")
def pen():
    """A pen that only measures, for all sheets."""
    pen = Pen()
    yield pen
    pen.close()
