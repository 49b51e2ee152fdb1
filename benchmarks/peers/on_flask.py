"""A server on Flask with Flask-SQLAlchemy, marshmallow and Flask-Caching."""

import base64
import json
import os
from datetime import datetime

import jwt
from flask import Flask, abort, g, jsonify, make_response, request
from flask_caching import Cache
from sqlalchemy import update
from sqlalchemy.orm import joinedload, selectinload

from benchmarks.peers.flask_models import Assignment, Job, Line, Movement, Part, Ticket, db
from benchmarks.peers.flask_schemas import line_schema, parts_schema, ticket_schema, tickets_schema

WORKABLE = ("open", "in_progress", "on_hold")
WITH_ALL = (
    joinedload(Ticket.customer),
    joinedload(Ticket.vehicle),
    selectinload(Ticket.assignments).joinedload(Assignment.mechanic),
    selectinload(Ticket.lines).options(joinedload(Line.part), joinedload(Line.installer)),
)
app = Flask("peer")
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
# PGHOST, PGPORT, PGUSER and PGDATABASE say where the database is.
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql+psycopg2://"
app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"options": "-c timezone=UTC"}}
app.config["CACHE_TYPE"] = "SimpleCache"
app.json.sort_keys = False
db.init_app(app)
cache = Cache(app)


@app.before_request
def check_token():
    if request.endpoint == "healthz":
        return
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer":
        abort(401)
    try:
        claims = jwt.decode(
            token,
            app.config["SECRET_KEY"],
            algorithms=["HS256"],
            issuer="mechanic-shop",
            audience="mechanic-shop-api",
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except jwt.InvalidTokenError:
        abort(401)
    g.account_id = int(claims["sub"])


@app.get("/healthz")
def healthz():
    return jsonify(status="ok")


@app.get("/service-tickets")
def tickets():
    per_page, cursor = request.args.get("per_page", 20, int), request.args.get("cursor")
    query = db.select(Ticket).options(*WITH_ALL).order_by(Ticket.id).limit(per_page + 1)
    if cursor:
        query = query.where(Ticket.id > last_id(cursor))
    if opened_from := request.args.get("opened_from"):
        query = query.where(Ticket.opened_at >= datetime.fromisoformat(opened_from))
    found = db.session.scalars(query).all()
    items, has_next = found[:per_page], len(found) > per_page
    about = pagination(items, per_page, has_next, cursor is not None)
    return jsonify(items=tickets_schema.dump(items), pagination=about)


@app.get("/service-tickets/<int:ticket_id>")
def ticket(ticket_id):
    if request.if_none_match:
        version = db.session.scalar(db.select(Ticket.version).where(Ticket.id == ticket_id))
        if request.if_none_match.contains(str(version)):
            not_modified = make_response("", 304)
            not_modified.set_etag(str(version))
            return not_modified
    found = db.session.get(Ticket, ticket_id, options=WITH_ALL) or abort(404)
    answer = jsonify(ticket_schema.dump(found))
    answer.set_etag(str(found.version))
    return answer


@app.get("/inventory")
@cache.cached(timeout=60, query_string=True)
def parts():
    query = db.select(Part).where(Part.retired_at.is_(None)).order_by(Part.id)
    page = db.paginate(query, max_per_page=100)
    about = pagination(page.items, page.per_page, page.has_next, page.has_prev)
    about |= {"page": page.page, "total": page.total, "total_pages": page.pages}
    return jsonify(items=parts_schema.dump(page.items), pagination=about | {"total_is_exact": True})


@app.post("/service-tickets/<int:ticket_id>/parts/<int:part_id>")
def use_part(ticket_id, part_id):
    quantity = round(100 * request.get_json().get("quantity_used", 1))
    if quantity <= 0:
        abort(422)
    found = db.session.get(Ticket, ticket_id, with_for_update=True) or abort(404)
    if found.status not in WORKABLE:
        abort(409)
    taken = db.session.execute(
        update(Part)
        .where(Part.id == part_id, Part.retired_at.is_(None), Part.quantity_in_stock >= quantity)
        .values(
            quantity_in_stock=Part.quantity_in_stock - quantity,
            version=Part.version + 1,
            updated_at=db.func.now(),
        )
    )
    if not taken.rowcount:
        abort(409)
    part = db.session.get_one(Part, part_id)
    job = db.session.scalars(
        db.select(Job).filter_by(ticket_id=ticket_id).order_by(Job.position, Job.id).limit(1)
    ).one()
    last = db.session.scalar(
        db.select(db.func.max(Line.position)).where(Line.ticket_id == ticket_id)
    )
    line = Line.of(part, quantity, ticket_id=ticket_id, job_id=job.id, position=(last or 0) + 1)
    db.session.add(line)
    db.session.flush()
    db.session.add(
        Movement(
            part_id=part_id,
            quantity=-quantity,
            reason="used",
            ticket_id=ticket_id,
            line_id=line.id,
            account_id=g.account_id,
        )
    )
    found.version += 1
    found.updated_at = db.func.now()
    answer = line_schema.dump(line)
    db.session.commit()
    return jsonify(answer), 201


def pagination(items, per_page, has_next, has_prev):
    return {
        "page": None,
        "total": None,
        "total_pages": None,
        "total_is_exact": None,
        "per_page": per_page,
        "has_next": has_next,
        "has_prev": has_prev,
        "next_cursor": cursor_after(items[-1].id) if has_next else None,
    }


def cursor_after(last):
    position = json.dumps(["id", last, last], separators=(",", ":"))
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def last_id(cursor):
    return json.loads(base64.urlsafe_b64decode(cursor + "=="))[2]
