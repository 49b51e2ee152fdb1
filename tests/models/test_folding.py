"""Texts are compared as people read them."""

import unicodedata

import pytest

from app.folding import LONGEST_KEY, folded, same, sort_key, visible


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Étancheité", "etancheite"),
        ("CITROËN", "citroen"),
        ("O'Brien", "obrien"),
        ("O’Brien", "obrien"),
        ("Strauß", "strauss"),
        ("STRAUSS", "strauss"),
        (unicodedata.normalize("NFD", "Škoda"), "skoda"),
        ("ＢＲＫ－１", "brk-1"),
        ("  Øre \u00a0\u2009 Åse ", "ore ase"),
        ("Ma\u200bz\u200dda", "mazda"),
        ("İSTANBUL", "istanbul"),
        ("日産", "richan"),
        ("", ""),
    ],
)
def test_a_search_folds_case_accents_apostrophes_and_width(typed, kept):
    assert folded(typed) == kept
    assert folded(kept) == kept


@pytest.mark.parametrize(
    "twin", ["brk-1101 a", "BRK-1101\u00a0A", " BRK-1101  A ", "BRK\u200b-1101 A", "ＢＲＫ-1101 A"]
)
def test_one_thing_written_two_ways_is_one_thing(twin):
    assert same(twin) == same("BRK-1101 A")


@pytest.mark.parametrize("other", ["BRK1101 A", "BRK-1101-A", "BRK-1101 Ä", "BRK-1101"])
def test_signs_and_accents_make_another_thing(other):
    assert same(other) != same("BRK-1101 A")


def test_lists_are_sorted_as_people_read_them():
    names = ["élan", "NAT-10", "Zoe", "nat-9", "Ångström", "NAT-100", "Eli"]

    read = sorted(names, key=sort_key)

    assert read == ["Ångström", "élan", "Eli", "nat-9", "NAT-10", "NAT-100", "Zoe"]
    assert max(len(sort_key(each)) for each in [*names, "9 " * 300, "9" * 1000]) <= LONGEST_KEY


def test_invisible_characters_are_taken_out_and_the_rest_is_composed():
    assert visible("Ma\u200bz\u202eda\ufeff") == "Mazda"
    assert visible(unicodedata.normalize("NFD", "Škoda")) == "Škoda"
