"""The id of a row that is not inserted yet."""

from sqlalchemy import Integer, column, func, select, table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class NextId(FunctionElement):
    """SQL function `NextId(name)`: reserve the id of the next row of the table with this name.

    On PostgreSQL, no other row gets this id. On SQLite, it is the id that AUTOINCREMENT would give; no
    other row gets it as long as this transaction holds the write lock.
    """

    name = "next_id"
    type = Integer()
    inherit_cache = False

    def __init__(self, of: str):
        super().__init__()
        self.of = of


@compiles(NextId, "postgresql")
def _from_its_sequence(element, compiler, **_how):
    return compiler.process(func.nextval(f"{element.of}_id_seq"), literal_binds=True)


@compiles(NextId, "sqlite")
def _after_the_last(element, compiler, **_how):
    given = table("sqlite_sequence", column("name"), column("seq"))
    last = select(func.coalesce(func.max(given.c.seq), 0)).where(given.c.name == element.of)
    return compiler.process(1 + last.scalar_subquery(), literal_binds=True)
