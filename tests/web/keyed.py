"""Functions of tests that send an Idempotency-Key and then look at the rows and the answers."""

from app.database.session import db

KEY = "7c6f0d0e-once"
BRAKE = {"name": "Brake", "price_cents": 900}


def send(client, path, said, key=KEY):
    return client.post(path, json=said, headers={"Idempotency-Key": key})


def rows(model):
    """Return the number of rows of a model, read in a new transaction."""
    db.session.rollback()
    count = db.session.scalar(db.select(db.func.count()).select_from(model))
    db.session.rollback()
    return count


def told(answer):
    """Return what a replay must repeat of an answer: status, body and three headers."""
    headers = [answer.headers.get(name) for name in ("Content-Type", "Location", "ETag")]
    return answer.status_code, answer.get_data(), headers
