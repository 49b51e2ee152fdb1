"""Search of a list by words; the number of SQL statements does not depend on the number of words."""

from functools import lru_cache

from sqlalchemy import Select

from app.database.prepared import Among
from app.database.statements import Row, fetch
from app.extensions import country
from app.lists import selection
from app.lists.searching import Searched, Shape, values_of, values_of_whole
from app.lists.selection import (
    COUNTED,
    FOUND,
    KEPT,
    FiltersGiven,
    ListOfRows,
    Narrowed,
    Selection,
    filtered_by,
    ordered,
)
from app.permissions import ACTOR_PLACEHOLDER
from app.words import Search, search_for

FIRST = 10  # most exact matches that are listed before all other rows
FEW = 500  # a word is rare if fewer rows have it: they are found by its index


def search_rows(
    of: ListOfRows, filters_given: FiltersGiven, sort: str, values: Row, q: str
) -> Selection:
    """Return the Selection of the rows that match the text `q`; exact matches come first.

    `of` is the list, `filters_given` and `sort` are the filters and the sort order of the request, and
    `values` are the bind values of the filters.
    """
    if of.searched is None:
        raise TypeError("Nobody said how this list is searched.")
    search = search_for(q, country())
    role = filters_given[0]
    staff = role is not None and ACTOR_PLACEHOLDER[role].is_staff
    words, shape = _alternatives(of.searched.seen_by(staff), search)
    values = values | values_of(words)
    ids = _ids(of, filters_given, staff, shape, values) if shape else []
    first = _first(of, filters_given, sort, staff, values, search) if len(ids) > 1 else []
    first_ids = [row["id"] for row in first]
    values |= {"first_ids": first_ids, "found_ids": sorted(set(ids).difference(first_ids))}
    narrowed = Narrowed(shape if len(ids) > selection.COUNTED else None, staff)
    return Selection(of, filters_given, sort, values, narrowed, first, counted=len(ids))


def _alternatives(searched: Searched, search: Search) -> tuple[list[str], Shape]:
    """Return the words of a search, and the alternatives as a Shape: a row must match one of them.

    In the Shape, each alternative has its rarest word first, and each word has the sources (see Source)
    in which it was found. Alternatives with a word that was found in no source are left out. The
    alternatives `search.loose` are used only if none of `search.strict` remains.
    """
    asked = (*search.strict, *search.loose)
    words = sorted({word for each in asked for word in each})
    if not words:
        return words, ()
    counted, often = _counted(searched, words, FEW)
    if any(len(each) > 1 and min(often[word] for word in each) >= FEW for each in asked):
        counted, often = _counted(searched, words, selection.COUNTED)
    known = {word: searched.word(n, word, counted) for n, word in enumerate(words)}
    for alternatives in (search.strict, search.loose):
        shape = tuple(
            tuple(known[word] for word in sorted(each, key=often.__getitem__))
            for each in alternatives
            if all(known[word][1] for word in each)
        )
        if shape:
            return words, shape
    return words, ()


def _counted(searched, words, most):
    """Count the search terms that begin with each word, in each source up to `most`.

    Return `(counts, sums)`: `counts` is the row of the query `Searched.counts`, and `sums` has the count
    of each word in all sources together.
    """
    [counted] = fetch(_counts(searched.sources, len(words), most), **values_of(words))
    places = range(len(searched.sources))
    often = {w: sum(counted[f"of_{n}_{place}"] for place in places) for n, w in enumerate(words)}
    return counted, often


def _ids(of, filters_given, staff, shape, values):
    """Return the ids of the rows that the search finds, without duplicates, at most COUNTED + 1.

    `of` is the list, `staff` tells whether the reader is staff, `shape` has the words of the search, and
    `values` are the bind values.
    """
    most = selection.COUNTED + 1
    ids = [
        row["id"] for row in fetch(_found(of, filters_given, staff, shape, most, False), **values)
    ]
    once = list(dict.fromkeys(ids))
    if len(ids) < most or len(once) == len(ids):
        return once
    return [
        row["id"] for row in fetch(_found(of, filters_given, staff, shape, most, True), **values)
    ]


def _first(of, filters_given, sort, staff, values, search):
    """Return up to FIRST exact matches: rows with a number, address or phone that was typed in full.

    They meet the filters of the request and are sorted by `sort`. `of` is the list, `staff` tells
    whether the reader is staff, `values` are the bind values, and `search` is the Search with the text
    that was typed.
    """
    if not of.searched.seen_by(staff).has_exact_matches:
        return []
    named = fetch(_in_full(of, staff), **values_of_whole(search.whole))
    if not named:
        return []
    ids = {row["id"] for row in named}
    return fetch(_rows_in_full(of, filters_given, sort), **values | {"found_ids": sorted(ids)})


@lru_cache(KEPT)
def _counts(sources, many, most) -> Select:
    return Searched(None, sources).counts(many, most)


@lru_cache(KEPT)
def _found(of, filters_given, staff, shape, most, once) -> Select:
    return of.searched.seen_by(staff).found(filtered_by(of, filters_given), shape, most, once=once)


@lru_cache(KEPT)
def _in_full(of, staff) -> Select:
    return of.searched.seen_by(staff).in_full(COUNTED)


@lru_cache(KEPT)
def _rows_in_full(of, filters_given, sort) -> Select:
    query = filtered_by(of, filters_given).where(Among(of.sorts["id"], FOUND))
    return ordered(of, query, sort).limit(FIRST)
