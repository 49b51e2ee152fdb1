"""The database layer: the session, how a transaction begins, and statements outside the unit of work.

Features use SQLAlchemy's session, `db.session`. The fast path in `statements` (`fetch`, `execute` and
`insert_rows`) exists for benchmarks; tests/house/test_fast_path.py names the callers of the last two.
"""
