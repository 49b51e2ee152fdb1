"""What tests of tickets and their vehicles send, and what they read in an answer."""

TICKETS = "/service-tickets"
RATTLE = {"problem_description": "It rattles"}
HONDA = "1HGCM82633A004352"


def refused(answer):
    """The code, and where it points."""
    return answer.json["code"], [each["pointer"] for each in answer.json.get("errors", ())]


def ids(answer):
    return [each["id"] for each in answer.json["items"]]
