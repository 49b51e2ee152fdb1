"""What one row of a table is called is an English singular, for every table that there is or will be."""

import pytest

from app.database.nouns import label_of, noun_of


@pytest.mark.parametrize(
    ("table", "noun"),
    [
        ("service_tickets", "service_ticket"),
        ("deliveries", "delivery"),
        ("canned_jobs", "canned_job"),
        ("taxes", "tax"),
        ("addresses", "address"),
        ("purchases", "purchase"),
        ("batches", "batch"),
    ],
)
def test_a_row_has_a_noun(table, noun):
    assert noun_of(table) == noun
    assert label_of(table) == noun.replace("_", " ")
