"""Writes with an Idempotency-Key, as several tests send them, and what came of them."""

from app.database.session import db

KEY = "7c6f0d0e-once"
BRAKE = {"name": "Brake", "price_cents": 900}


def send(client, path, said, key=KEY):
    return client.post(path, json=said, headers={"Idempotency-Key": key})


def rows(model):
    """How many there are, seen by a transaction of its own."""
    db.session.rollback()
    count = db.session.scalar(db.select(db.func.count()).select_from(model))
    db.session.rollback()
    return count


def told(answer):
    """All of an answer that a replay must repeat."""
    headers = [answer.headers.get(name) for name in ("Content-Type", "Location", "ETag")]
    return answer.status_code, answer.get_data(), headers
