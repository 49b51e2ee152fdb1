"""The lock of an account: what is done in its sessions shares it, what ends its sessions has it alone.

A lock on the session's row would not do. PostgreSQL lets those who share a row lock overtake whoever waits
to have it alone, so a session in steady use could not be ended. An advisory lock has a queue.
SQLite has one writer at a time and needs no such lock.
"""

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean

OF_ACCOUNTS = 1  # keeps these locks apart from other advisory locks of two numbers


class Shared(FunctionElement):
    """`Shared(account_id)`: true, once the lock is had together with others, until the transaction ends."""

    type = Boolean()
    inherit_cache = True


class Alone(FunctionElement):
    """`Alone(account_id)`: true, once nobody else has the lock, until the transaction ends."""

    type = Boolean()
    inherit_cache = True


@compiles(Shared, "postgresql")
def _shared(element, compiler, **how):
    return _locked("pg_advisory_xact_lock_shared", element, compiler, how)


@compiles(Alone, "postgresql")
def _alone(element, compiler, **how):
    return _locked("pg_advisory_xact_lock", element, compiler, how)


def _locked(function, element, compiler, how):
    account_id = compiler.process(element.clauses, **how)
    return f"({function}({OF_ACCOUNTS}, {account_id}) IS NOT NULL)"


@compiles(Shared, "sqlite")
@compiles(Alone, "sqlite")
def _not_needed(element, compiler, **how):
    return "1"
