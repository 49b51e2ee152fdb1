"""The limits: a server that only sends the shop's bytes or runs its SQL statements, without its code."""

import os
import pickle
import threading
from pathlib import Path

import orjson
import psycopg2
from argon2 import PasswordHasher
from flask import Flask, Response
from redis import Redis

WORK = pickle.loads(Path(os.environ["BENCH_WORK"]).read_bytes())
HEADERS = [("Content-Type", "application/json")]
PASSWORD = "a long enough password"
hasher = PasswordHasher(**WORK["argon2"])
HASH = hasher.hash(PASSWORD)
_local = threading.local()
flask, redis = Flask("bare"), Redis.from_url(WORK["redis"])
KEPT = ("bare:constant", "bare:generation", "bare:generation")
# The parameters, by the beginning of the statement that returns their value; `row_id` is `row_id__0`, too.
MADE = {
    "INSERT INTO ticket_lines": lambda line_id: {"line_id": line_id, "ids": [line_id]},
    "UPDATE counters": lambda value: {"sequence": value, "number": f"INV-{value:06d}"},
    "INSERT INTO invoices": lambda invoice_id: {"invoice_id": invoice_id, "row_id": invoice_id},
    "INSERT INTO payments": lambda payment_id: {"row_id": payment_id},
}
redis.mset({KEPT[0]: WORK["constant"], KEPT[1]: "0123456789abcdef"})


@flask.get("/flask/constant")
def constant():
    return Response(WORK["constant"], mimetype="application/json")


@flask.get("/flask/kept")
def kept():
    """Return the same bytes, read from Redis in one MGET together with two short values.

    The shop reads a cached answer in this way: together with the generations of its tables.
    """
    return Response(redis.mget(KEPT)[0], mimetype="application/json")


def app(environ, start_response):
    """Answer /constant, /rows/CASE/N, /written/CASE/N, /argon2 by bare WSGI, /flask/... by bare Flask."""
    _, what, *which = environ["PATH_INFO"].split("/")
    if what == "flask":
        return flask(environ, start_response)
    body = ANSWERS[what](*which)
    start_response("200 OK", [*HEADERS, ("Content-Length", str(len(body)))])
    return [body]


def _rows(case, n):
    """Run the statements that the shop runs for request `n` of a case; return their rows as JSON."""
    cursor = _cursor(autocommit=True)
    told = []
    for statement, parameters in WORK["cases"][case][int(n)]:
        cursor.execute(statement, parameters)
        told.append(cursor.fetchall())
    return orjson.dumps(told)


def _written(case, n):
    """Run the shop's statements for request `n` of a case in one transaction; return the last rows.

    After a statement that makes an id or a number, the parameters in MADE get the new one, instead of the
    recorded one.
    """
    cursor = _cursor(autocommit=False)
    now: dict = {}
    for statement, parameters in WORK["writes"][case][int(n)]:
        made = {key: now[name] for key in parameters if (name := key.rstrip("_0123456789")) in now}
        cursor.execute(statement, parameters | made)
        told = cursor.fetchall() if cursor.description else []
        for beginning, parameters_of in MADE.items():
            if statement.startswith(beginning):
                [[new, *_]] = told
                now |= parameters_of(new)
    cursor.connection.commit()
    return orjson.dumps(told)


def _argon2():
    hasher.verify(HASH, PASSWORD)
    return b"{}"


def _cursor(*, autocommit):
    if not hasattr(_local, "connection"):
        _local.connection = psycopg2.connect(WORK["dsn"])
    if _local.connection.autocommit != autocommit:
        _local.connection.autocommit = autocommit
    return _local.connection.cursor()


ANSWERS = {
    "constant": lambda: WORK["constant"],
    "rows": _rows,
    "written": _written,
    "argon2": _argon2,
}
