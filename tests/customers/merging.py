"""Functions that merge two customers and read the answer."""


def merge(by, customer, other, **said):
    return by.post(f"/customers/{customer.id}/merge", json={"from_id": other.id} | said)


def told(answer):
    return answer.status_code, answer.json.get("code")
