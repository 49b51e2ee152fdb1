"""The database layer: the session, how a transaction begins, and faster statements outside the session.

Features use SQLAlchemy's session, `db.session`. The fast path in `statements` (`fetch`, `execute` and
`insert_rows`) is for the few operations that must be faster. tests/house/test_fast_path.py lists the
modules that may call `execute` and `insert_rows`.
"""
