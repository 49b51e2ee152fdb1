"""The database layer: the session, how a transaction begins, and statements past the unit of work.

Features use the session of SQLAlchemy, `db.session`. The fast path of `statements` is for what a benchmark
demands: `fetch`, `execute` and `insert_rows`, whose few callers are named in tests/house/test_fast_path.py.
"""
