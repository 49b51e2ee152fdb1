"""Jobs and lines under a crowd: a part is used once, and a job never goes away under its lines."""

from tests.system.races.crowd import Request, told
from tests.system.races.fresh import a_part, a_ticket, on_shelf, taking

LABOR = {"kind": "labor", "billed_minutes": 6, "rate_cents": 10_000}


def a_job(live, ticket, *lines):
    path = f"/service-tickets/{ticket['id']}/jobs"
    return live.made(path, {"name": "Brakes", "lines": [*lines]})


def test_a_planned_part_is_used_by_one_of_20(live, crowd, rounds):
    for _ in rounds(2):
        part, ticket = a_part(live, 50), a_ticket(live)
        line = a_job(live, ticket, {"kind": "part", "part_id": part["id"], "quantity": 3})["lines"][
            0
        ]

        answers = crowd.sends(*[Request("POST", f"/lines/{line['id']}/use", {})] * 20)

        assert told(answers) == {201: 1, "line_used": 19}
        assert on_shelf(live, part) == 47

        answers = crowd.sends(*[Request("POST", f"/lines/{line['id']}/return", {})] * 20)
        assert told(answers) == {201: 1, "line_not_used": 19}
        assert on_shelf(live, part) == 50


def test_a_job_goes_with_its_lines_or_stays(live, crowd, rounds):
    for _ in rounds(2):
        ticket, part = a_ticket(live), a_part(live, 50)
        first = live.ask("GET", f"/service-tickets/{ticket['id']}/jobs")[2]["items"][0]
        other = a_job(live, ticket)

        answers = crowd.sends(
            *[Request("POST", f"/jobs/{other['id']}/lines", LABOR)] * 6,
            *[taking(ticket, part)] * 6,
            *[Request("DELETE", f"/jobs/{each['id']}") for each in (first, other)],
        )

        assert {answer.status_code for answer in answers} <= {201, 204, 404, 409}
        [*jobs] = live.ask("GET", f"/service-tickets/{ticket['id']}/jobs")[2]["items"]
        assert jobs
        used = sum(answer.status_code == 201 for answer in answers[6:12])
        lines = [line for job in jobs for line in job["lines"]]
        assert sum(line["kind"] == "part" for line in lines) == used
        assert on_shelf(live, part) == 50 - used
        total = live.ask("GET", f"/service-tickets/{ticket['id']}/totals")[2]["total_cents"]
        assert total == sum(job["price_cents"] for job in jobs)
