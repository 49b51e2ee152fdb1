"""Decisions under a crowd: a link decides once, and nobody has authorized work that was not seen."""

from tests.system.races.crowd import Request, told
from tests.system.races.fresh import a_part, a_ticket, on_shelf

LABOR = {"kind": "labor", "billed_minutes": 6, "rate_cents": 10_000}
IN_PERSON = {"method": "in_person", "authorized_by_name": "Alla"}


def a_job(live, ticket, *lines):
    path = f"/service-tickets/{ticket['id']}/jobs"
    return live.made(path, {"name": "Brakes", "lines": [*lines]})


def deciding(ticket, job, word="authorized"):
    body = IN_PERSON | {"decisions": [{"job_id": job["id"], "decision": word}]}
    return Request("POST", f"/service-tickets/{ticket['id']}/authorizations", body)


def test_of_20_decisions_by_one_link_one_counts(live, crowd, rounds):
    for _ in rounds(2):
        ticket = a_ticket(live)
        job = a_job(live, ticket, LABOR)
        link = live.made(f"/service-tickets/{ticket['id']}/approval-links", {})
        shown = live.ask("GET", link["path"], Accept="application/json")[2]
        words = ["authorized", "declined"] * 10
        bodies = [
            {"estimate_sha256": shown["estimate_sha256"], "authorized_by_name": "Alla"}
            | {"decisions": [{"job_id": job["id"], "decision": word}]}
            for word in words
        ]

        answers = crowd.sends(*[Request("POST", link["path"], body) for body in bodies])

        assert told(answers) == {201: 1, "already_decided": 19}
        [made] = [answer.json for answer in answers if answer.status_code == 201]
        state = live.ask("GET", f"/jobs/{job['id']}")[2]["authorization"]
        assert state == made["decisions"][0]["decision"]


def test_nothing_is_authorized_that_was_not_seen(live, crowd, rounds):
    for _ in rounds(3):
        ticket, part = a_ticket(live), a_part(live, 50)
        planned = {"kind": "part", "part_id": part["id"]}
        job = a_job(live, ticket, LABOR, planned)
        first, other = job["lines"]
        sent = live.made(f"/service-tickets/{ticket['id']}/approval-links", {})["path"]
        shown = live.ask("GET", sent, Accept="application/json")[2]
        by_link = {"estimate_sha256": shown["estimate_sha256"], "authorized_by_name": "Alla"}
        by_link |= {"decisions": [{"job_id": job["id"], "decision": "authorized"}]}

        crowd.sends(
            *[Request("POST", f"/jobs/{job['id']}/lines", LABOR)] * 4,
            *[Request("PATCH", f"/lines/{first['id']}", {"billed_minutes": 12})] * 2,
            *[deciding(ticket, job)] * 4,
            Request("POST", sent, by_link),
            Request("DELETE", f"/lines/{other['id']}"),
            *[Request("POST", f"/lines/{other['id']}/use", {})] * 2,
        )

        path = f"/service-tickets/{ticket['id']}/authorizations?per_page=100"
        records = live.ask("GET", path)[2]["items"]
        assert records
        last = live.ask("GET", f"/authorizations/{records[-1]['id']}")[2]
        [seen] = [each for each in last["estimate"]["jobs"] if each["id"] == job["id"]]
        now = live.ask("GET", f"/jobs/{job['id']}")[2]
        covered = {line["id"] for line in now["lines"]} <= {line["id"] for line in seen["lines"]}
        covered = covered and now["price_cents"] <= seen["price_cents"]
        assert (now["authorization"] == "authorized") == covered
        assert last["decisions"][0]["price_cents"] == seen["price_cents"]
        used = sum(line["used_at"] is not None for line in now["lines"])
        assert on_shelf(live, part) == 50 - used


def test_under_strict_a_part_is_used_before_or_after_a_decision_and_never_against_it(
    live, crowd, rounds
):
    assert live.ask("PATCH", "/shop", {"authorization_policy": "strict"})[0] == 200
    try:
        for _ in rounds(2):
            ticket, part = a_ticket(live), a_part(live, 50)
            job = a_job(live, ticket, {"kind": "part", "part_id": part["id"]})
            line = job["lines"][0]
            answers = crowd.sends(
                *[Request("POST", f"/lines/{line['id']}/use", {})] * 8,
                *[deciding(ticket, job)] * 3,
                *[deciding(ticket, job, "declined")] * 3,
            )
            used = [answer for answer in answers[:8] if answer.status_code == 201]
            now = live.ask("GET", f"/jobs/{job['id']}")[2]
            assert len(used) <= 1
            assert on_shelf(live, part) == 50 - len(used)
            if used:
                assert now["authorization"] == "authorized"
                assert now["lines"][0]["used_at"]
    finally:
        live.ask("PATCH", "/shop", {"authorization_policy": "off"})
