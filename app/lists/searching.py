"""SQL to search a list by words; its cost depends on the rows found, not on the size of the tables.

For rare words, the ids of all rows found are fetched through the index of the rarest word. For words
that many rows have, the list is read in its order, and each row is checked for each word.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app.database.prepared import MAX_ID
from app.models import Kind, SearchTerm
from app.models.marks import whole_of
from app.words import repair_order

AFTER_ALL = "~"  # sorts after all words, which have letters and digits only
NONE = -1  # no row has this id
NUMBER = -1  # in a Word, instead of the index of a source: the word may be the id of the row
MOST_FORMS = 4  # most spellings of one number that was typed in full

# The index of a word in the search, and the indexes of the sources in which it was found.
Word = tuple[int, tuple[int, ...]]
# Alternatives: a row is found if it has all words of one. The first word is looked up in the index.
Shape = tuple[tuple[Word, ...], ...]


class Source(NamedTuple):
    """A source of search terms for a list: terms of these `kinds`, for example of VINs and plates.

    Without `of`, a term belongs to the row whose id is in the list's column `by`. With `of`, it belongs
    to a row of another table, such as a vehicle of a customer. `of` is a pair of columns of that table:
    its id, and the column that equals `by`. Only staff search in a source with `for_staff`.
    """

    kinds: tuple[Kind, ...]
    by: Any
    of: tuple[Any, Any] | None = None
    for_staff: bool = False

    def leads(self, condition: ColumnElement) -> list[ColumnElement]:
        """Return the SQL conditions that join a row with its search terms that meet `condition`."""
        if self.of is None:
            return [self.by == SearchTerm.row_id, condition]
        row_id, named = self.of
        return [self.by == named, row_id == SearchTerm.row_id, condition]

    def has(self, condition: ColumnElement) -> ColumnElement:
        """Return the SQL condition that a row has a search term which meets `condition`."""
        return exists().where(*self.leads(condition)).correlate(self.by.class_)

    def whole(self) -> "Source | None":
        """Return a Source with the terms for exact matches of this source, or None if there are none."""
        kinds = tuple(kind for each in self.kinds if (kind := whole_of(each)))
        return self._replace(kinds=kinds) if kinds else None


class Searched(NamedTuple):
    """How a list is searched: by the terms of its `sources` and, if `numbered`, by ids.

    `row_id` is the column with the id. Ids are typed like `228` or `RO-000228`.
    """

    row_id: Any
    sources: tuple[Source, ...]
    numbered: bool = False

    def seen_by(self, staff: bool) -> "Searched":
        return self._replace(sources=tuple(s for s in self.sources if staff or not s.for_staff))

    def counts(self, many: int, most: int) -> Select:
        """Return a query that counts the search terms for `many` words in each source, up to `most`.

        Its columns are called `of_{n}_{place}`, by the index of the word and the index of the source.
        """
        return select(
            *(
                select(func.count())
                .select_from(
                    select(literal(1)).where(_begins(each.kinds, n)).limit(most).subquery()
                )
                .scalar_subquery()
                .label(f"of_{n}_{place}")
                for n in range(many)
                for place, each in enumerate(self.sources)
            )
        )

    def word(self, n: int, word: str, counted: Mapping[str, int]) -> Word:
        """Return the Word for `word`: its index `n`, and the indexes of the sources that have it.

        `counted` is the row that the query `counts` has returned. If the list is searched by ids, and
        `word` may be one, NUMBER is added to the indexes.
        """
        places = [place for place in range(len(self.sources)) if counted[f"of_{n}_{place}"]]
        if self.numbered and repair_order(word):
            places.append(NUMBER)
        return n, tuple(places)

    def found(self, query: Select, shape: Shape, most: int, *, once: bool) -> Select:
        """Return a query of up to `most` ids, those of the rows in `query` that match `shape`.

        `query` selects the rows of the list, and `shape` has the alternatives of the search. With
        `once`, the ids have no duplicates, but the query is slower.
        """
        ids = query.with_only_columns(self.row_id.label("id"))
        queries = [
            ids.where(*lead, *(self._has(word) for word in others))
            for first, *others in shape
            for lead in self._leads(first)
        ]
        found = select(union_all(*queries).subquery().c.id.label("id"))
        return (found.distinct() if once else found).limit(most)

    def among(self, query: Select, shape: Shape) -> Select:
        """Return `query`, restricted to rows that have all words of one alternative in `shape`."""
        return query.where(or_(*(and_(*map(self._has, words)) for words in shape)))

    @property
    def has_exact_matches(self) -> bool:
        """Return whether rows of the list can match exactly, by a number, an address or a phone."""
        return self.numbered or bool(self._wholes)

    @property
    def _wholes(self) -> list[Source]:
        return [whole for source in self.sources if (whole := source.whole())]

    def in_full(self, most: int) -> Select:
        """Return a query of up to `most` ids of exact matches; it may return an id more than once.

        `values_of_whole` returns its bind values.
        """
        typed = SearchTerm.word.in_([bindparam(f"whole_{n}") for n in range(MOST_FORMS)])
        ids = select(self.row_id.label("id"))
        queries = [ids.where(*each.leads(and_(_of(each.kinds), typed))) for each in self._wholes]
        if self.numbered:
            queries.append(ids.where(self.row_id == bindparam("whole_number", type_=Integer)))
        return select(union_all(*queries).subquery().c.id.label("id")).limit(most)

    def _leads(self, word: Word) -> list[list[ColumnElement]]:
        n, places = word
        return [
            [self._is(n)] if place == NUMBER else self.sources[place].leads(self._begins(n, place))
            for place in places
        ]

    def _has(self, word: Word) -> ColumnElement:
        n, places = word
        return or_(
            *(
                self._is(n) if place == NUMBER else self.sources[place].has(self._begins(n, place))
                for place in places
            )
        )

    def _begins(self, n: int, place: int) -> ColumnElement:
        return _begins(self.sources[place].kinds, n)

    def _is(self, n: int) -> ColumnElement:
        return self.row_id == bindparam(f"number_{n}", type_=Integer)


def values_of(words: Sequence[str]) -> dict[str, Any]:
    """Return the bind values of the words of a search, `{name: value}`, for the queries of Searched."""
    values: dict[str, Any] = {}
    for n, word in enumerate(words):
        values |= {f"first_{n}": word, f"last_{n}": word + AFTER_ALL}
        values[f"number_{n}"] = _row_id(word)
    return values


def values_of_whole(forms: Sequence[str]) -> dict[str, Any]:
    """Return the bind values for `Searched.in_full`, `{name: value}`.

    `forms` are the possible forms of the number or address that was typed.
    """
    padded = (*forms, *[forms[0]] * MOST_FORMS)[:MOST_FORMS]
    values: dict[str, Any] = {f"whole_{n}": form for n, form in enumerate(padded)}
    return values | {"whole_number": _row_id(forms[0])}


def _row_id(word: str) -> int:
    number = repair_order(word)
    return number if 0 < number <= MAX_ID else NONE


def _begins(kinds: Sequence[Kind], n: int) -> ColumnElement:
    begins = SearchTerm.word.between(bindparam(f"first_{n}"), bindparam(f"last_{n}"))
    return and_(_of(kinds), begins)


def _of(kinds: Sequence[Kind]) -> ColumnElement:
    return SearchTerm.kind.in_([literal(int(each), Integer) for each in kinds])
