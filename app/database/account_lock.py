"""A lock for each account: writes in its sessions share it; ending its sessions takes it exclusively.

A lock on the session's row is not enough: PostgreSQL grants new shared row locks before a waiting
exclusive one, so that a session in constant use could never be ended. The locks here are advisory locks,
which PostgreSQL grants in the order of requests. SQLite allows one writer at a time and needs no such
lock: there, the SQL functions do nothing.
"""

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean

OF_ACCOUNTS = 1  # keeps these locks apart from other advisory locks of two numbers


class Shared(FunctionElement):
    """SQL function `Shared(account_id)`: take a shared lock until the transaction ends; return true."""

    type = Boolean()
    inherit_cache = True


class Alone(FunctionElement):
    """SQL function `Alone(account_id)`: take an exclusive lock for this transaction; return true."""

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
