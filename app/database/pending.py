"""Collectors: functions that derive data, such as audit entries, from rows that a transaction writes.

A collector is called with the session. It may read the session's new, dirty and deleted rows, and add to
`session.pending`, which is reset after each commit and rollback.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import scoped_session

Collector = Callable[[Any], None]


@dataclass
class Pending:
    """What collectors note about the current transaction, such as the tables that it changes.

    A collector is a function that derives data from the rows that a transaction writes.
    """

    touched: set[str] = field(default_factory=set)  # names of tables
    changes: list[dict] = field(default_factory=list)  # entries of the audit trail
    redacted: set[tuple[str, int]] = field(default_factory=set)  # erased rows: entity, id
    # Of this transaction; asking the session for it takes as long as using it.
    connection: Any = None
    is_audited: bool = True
    work: Counter = field(default_factory=Counter)  # changes by (mechanic_id, column of workloads)
    is_renamed: bool = False
    bumped: set[int] = field(default_factory=set)  # ids of tickets with a new version


def collect(
    session: scoped_session,
    *,
    before_flush: Iterable[Collector] = (),
    after_flush: Iterable[Collector] = (),
    before_commit: Iterable[Collector] = (),
    after_commit: Iterable[Collector] = (),
) -> None:
    """Register collectors for four points of each transaction of `session`.

    The collectors in a list are called in its order. In addition, each INSERT, UPDATE or DELETE
    statement that the session executes adds its table to `pending.touched`.
    """

    @event.listens_for(session, "before_flush")
    def _before_flush(session, _context, _instances):
        _call(before_flush, session)

    @event.listens_for(session, "after_flush")
    def _after_flush(session, _context):
        _call(after_flush, session)

    @event.listens_for(session, "do_orm_execute")
    def _do_orm_execute(execution):
        if execution.is_insert or execution.is_update or execution.is_delete:
            # The statement may have a copy of its table, but foreign keys refer to the original.
            table = execution.statement.table
            table = table.metadata.tables[table.name]
            touch(execution.session, table, deleted=execution.is_delete)

    @event.listens_for(session, "before_commit")
    def _before_commit(session):
        if not session.in_nested_transaction():
            session.flush()
            _call(before_commit, session)

    @event.listens_for(session, "after_commit")
    def _after_commit(session):
        if not session.in_nested_transaction():
            _call(after_commit, session)
            session.pending = Pending()

    @event.listens_for(session, "after_rollback")
    def _after_rollback(session):
        if not session.in_nested_transaction():
            session.pending = Pending()


def _call(collectors, session):
    for collector in collectors:
        collector(session)


def touch_tables(session) -> None:
    """Add the tables of the session's new, changed and deleted rows to `session.pending.touched`."""
    for row in (*session.new, *session.dirty):
        touch(session, inspect(row).mapper.local_table)
    for row in session.deleted:
        touch(session, inspect(row).mapper.local_table, deleted=True)


def touch(session, table, *, deleted: bool = False) -> None:
    """Add the name of `table`, which the transaction changes, to `session.pending.touched`.

    With `deleted`, rows of the table are deleted: then add also the tables that ON DELETE rules change.
    """
    touched = session.pending.touched
    touched.add(table.name)
    if deleted:
        for other in table.metadata.tables.values():
            hit = any(key.column.table is table and key.ondelete for key in other.foreign_keys)
            if hit and other.name not in touched:
                touch(session, other, deleted=True)
