"""Bodies that tests of tickets and their vehicles send, and functions that read the answers."""

TICKETS = "/service-tickets"
RATTLE = {"problem_description": "It rattles"}
HONDA = "1HGCM82633A004352"


def refused(answer):
    """Return the code of a refusal, and its pointers."""
    return answer.json["code"], [each["pointer"] for each in answer.json.get("errors", ())]


def ids(answer):
    return [each["id"] for each in answer.json["items"]]
