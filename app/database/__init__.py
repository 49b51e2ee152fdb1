"""The database layer: the session, how a transaction begins, and statements outside the unit of work.

Features use SQLAlchemy's session, `db.session`. The fast path in `statements` (`fetch`, `execute` and
`insert_rows`) is for the few operations that must be faster. tests/house/test_fast_path.py has the
list of the modules that may call the last two.
"""
