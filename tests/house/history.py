"""Functions of migration tests: they migrate a separate database step by step, with rows in it."""

import contextlib
import re
import shutil
from datetime import date, datetime
from pathlib import Path
from random import Random

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy.exc import DatabaseError

from app.database.session import db

ROOT = Path(__file__).parents[2]
MIGRATIONS = ROOT / "migrations"
STEPS = list(ScriptDirectory(MIGRATIONS).walk_revisions())[::-1]
HEAD = STEPS[-1].revision
SEED = 1981
# Whole numbers in older schemas, hundredths in later ones; a multiple of 100 is valid in both.
QUANTITIES = {"quantity_in_stock", "reorder_level", "quantity", "quantity_used"}
OF_ONE_ROW = {"shop"}
AT = datetime(2026, 11, 21, 8, 30)


def with_one_more(folder, up):
    """Return a copy of the migrations with one more, `planted`, after the newest."""
    copy = folder / "migrations"
    shutil.copytree(MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    lines = "\n".join(f"    {line}" for line in up.strip().splitlines())
    (copy / "versions" / "planted.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n\nfrom migrations.altering import altered\n\n"
        f"revision, down_revision = 'planted', {HEAD!r}\n"
        f"branch_labels = depends_on = None\n\n\ndef upgrade():\n{lines}\n"
    )
    return str(copy)


def goes(step, **where):
    """Run Flask-Migrate's `upgrade` or `downgrade`; fail if Alembic refuses and ends the process."""
    try:
        step(**where)
    except SystemExit as ended:
        raise AssertionError(f"the migration ended with {ended.code}") from None


def reflected():
    found = sa.MetaData()
    with db.engine.connect() as connection:
        found.reflect(connection)
    return found


def rows():
    """Return `{table: {column: [value of each row, by primary key]}}`."""
    found = {}
    with db.engine.connect() as connection:
        for table in reflected().sorted_tables:
            if table.name != "alembic_version":
                taken = connection.execute(sa.select(table).order_by(*table.primary_key)).all()
                names = table.columns.keys()
                found[table.name] = {
                    name: [row[n] for row in taken] for n, name in enumerate(names)
                }
    return found


def portrait():
    """Return the schema as the database describes it, the same however it was migrated."""
    with db.engine.connect() as connection:
        look = sa.inspect(connection)
        return {
            table: {
                "columns": {
                    each["name"]: (str(each["type"]), each["nullable"], each["default"])
                    for each in look.get_columns(table)
                },
                "key": look.get_pk_constraint(table)["constrained_columns"],
                "checks": {
                    each["name"]: each["sqltext"] for each in look.get_check_constraints(table)
                },
                "foreign keys": told(look.get_foreign_keys(table)),
                "unique": told(look.get_unique_constraints(table)),
                "indexes": told(look.get_indexes(table)),
                "gives no id twice": _gives_no_id_twice(connection, table),
            }
            for table in look.get_table_names()
        }


def _gives_no_id_twice(connection, table):
    """Return whether ids of deleted rows are never used again.

    They never are in PostgreSQL; in SQLite this needs AUTOINCREMENT.
    """
    if connection.dialect.name != "sqlite":
        return True
    made = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    return "AUTOINCREMENT" in connection.scalar(made, {"name": table})


def highest_ids():
    """Return `{table: highest id}` of all rows that SQLite ever had, deleted too; {} on PostgreSQL."""
    with db.engine.connect() as connection:
        if connection.dialect.name != "sqlite" or not sa.inspect(connection).get_table_names():
            return {}
        found = connection.execute(sa.text("SELECT name, seq FROM sqlite_sequence"))
        return {table: highest for table, highest in found if highest}


def use_up_ids():
    """Add 100 to SQLite's highest ids, as if rows had been added and deleted: new ids are higher."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(sa.text("UPDATE sqlite_sequence SET seq = seq + 100"))


def told(constraints):
    return sorted(str(plain(each)) for each in constraints)


def plain(said):
    """Return a description with its SQL clauses as text."""
    if isinstance(said, dict):
        return sorted((name, plain(value)) for name, value in said.items())
    return str(said) if isinstance(said, sa.ClauseElement) else said


def broken_foreign_keys():
    """Return the rows with a broken foreign key; PostgreSQL never has any."""
    with db.engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            return []
        return connection.exec_driver_sql("PRAGMA foreign_key_check").all()


def fill(wanted=4):
    """Fill every table up to `wanted` rows, with random values that fit, NULL among them."""
    rng = Random(SEED)
    for table in reflected().sorted_tables:
        if table.name != "alembic_version":
            _fill(table, rng, wanted)


def _fill(table, rng, wanted):
    with db.engine.connect() as connection:
        checks = sa.inspect(connection).get_check_constraints(table.name)
        there = connection.scalar(sa.select(sa.func.count()).select_from(table))
    texts, parents = [each["sqltext"] for each in checks], _parents(table)
    had = there
    if table.name in OF_ONE_ROW:
        return _fill_blanks(table, rng, texts)
    for attempt in range(2000):
        if there >= wanted and all(_has_values(table, column) for column in table.columns):
            return
        row = {
            column.name: value
            for column in table.columns
            if not (column.nullable and rng.random() < (0.3 if there > had or attempt > 50 else 0))
            and (value := _value(column, rng, texts, parents, attempt)) is not None
        }
        with contextlib.suppress(DatabaseError), db.engine.begin() as connection:
            connection.execute(sa.insert(table).values(row))
            there += 1
        parents |= _parents(table, table)  # a row may refer to one of its own table
    raise AssertionError(f"No row fits into {table.name}: {texts} (seed {SEED})")


def _has_values(table, column):
    query = sa.select(column).where(column.is_not(None)).limit(1)
    with db.engine.connect() as connection:
        return connection.execute(query).first() is not None


def _fill_blanks(table, rng, texts):
    """Give the row that the schema is made with a value in every column."""
    blank = {
        column.name: _value(column, rng, texts, {}, 1) for column in table.c if column.nullable
    }
    with db.engine.begin() as connection:
        connection.execute(sa.update(table).values(blank))


def _parents(table, among=None):
    """Return `{column: [ids that it may refer to]}` of all foreign keys, or of those to one table."""
    with db.engine.connect() as connection:
        return {
            column.name: list(connection.scalars(sa.select(key.column)))
            for column in table.columns
            for key in column.foreign_keys
            if among in (None, key.column.table)
        }


def _value(column, rng, texts, parents, attempt):
    """Return a value that may fit this column, or None.

    It is an id of a referenced row, a word or number from a check of this column, or a serial value.
    """
    whole_key = column.primary_key and len(column.table.primary_key) == 1
    if column.name in parents:
        return rng.choice(parents[column.name]) if parents[column.name] else None
    if column.name in QUANTITIES:
        return rng.choice([100, 200, 300])
    kind = column.type.python_type
    if whole_key and kind is int:
        return None
    mine = [text for text in texts if re.search(rf"\b{column.name}\b", text)]
    words = [word for text in mine for word in re.findall(r"'(\w+)'", text)]
    numbers = [int(each) for text in mine for each in re.findall(r"\b\d+\b", text)]
    if kind is str and words:
        return rng.choice(words)
    below = [-1, -2] if any(f"{column.name} < 0" in text for text in mine) else []
    serial = f"{attempt}{rng.randrange(1000):03d}"
    return {
        str: f"{column.name} {serial}"[-(getattr(column.type, "length", None) or 60) :].strip(),
        int: rng.choice([1, 2, *numbers, *below]) if numbers else int(serial),
        bool: rng.random() < 0.5,
        datetime: AT,
        date: AT.date(),
        bytes: b"\x00\xff",
        dict: {"said": "so"},
    }.get(kind, 1)


def at(revision):
    """Upgrade to this revision, if it is not None."""
    if revision is not None:
        goes(upgrade, revision=revision)
