"""A car, the path of a customer's vehicles, and functions that read the answers."""

HONDA = "1HGCM82633A004352"
CAR = {"vin": HONDA, "year": 2003, "make": "Honda", "model": "Accord", "color": "blue"}


def garage(owner):
    return f"/customers/{owner.id}/vehicles"


def code(answer):
    return answer.status_code, answer.json["code"]


def ids(answer):
    return [item["id"] for item in answer.json["items"]]
