"""Example API calls about the staff: hiring, and what customers, mechanics and managers see of them."""

from app.cli.walkthrough.call import PASSWORD, Call, Scene

STAFF = Scene(
    "Staff",
    "The manager hires; customers see the names only, staff the contacts, managers the salaries.",
    (
        Call(
            "Hire Bob",
            "POST /mechanics",
            201,
            as_="manager",
            body={
                "name": "Bob Wrench",
                "email": "bob{{run}}@example.com",
                "password": PASSWORD,
                "phone": "555-0102",
                "role": "mechanic",
                "specialty": "Brakes",
                "salary": 65000,
            },
            expects={"name": "Bob Wrench", "salary": 65000, "is_active": True, "has_account": True},
            saves={"bob_id": "id", "bob_email": "email"},
        ),
        Call(
            "Hire Pat, who can't sign in yet",
            "POST /mechanics",
            201,
            as_="manager",
            body={"name": "Pat Novak", "email": "pat{{run}}@example.com", "specialty": "Tyres"},
            expects={"has_account": False, "role": "mechanic"},
            saves={"pat_id": "id"},
        ),
        Call(
            "Nobody is hired twice",
            "POST /mechanics",
            409,
            as_="manager",
            body={"name": "Bob Again", "email": "{{bob_email}}"},
            expects={"code": "email_taken"},
        ),
        Call(
            "A salary is a number",
            "POST /mechanics",
            422,
            as_="manager",
            body={"name": "Sam Torque", "email": "sam{{run}}@example.com", "salary": "a lot"},
            expects={"code": "invalid", "errors.0.pointer": "/salary"},
        ),
        Call(
            "Bob signs in",
            "POST /auth/login",
            body={"email": "{{bob_email}}", "password": PASSWORD},
            expects={"account.role": "mechanic", "account.mechanic_id": "{{bob_id}}"},
            saves={"bob_token": "access_token"},
        ),
        Call(
            "A mechanic hires nobody",
            "POST /mechanics",
            403,
            as_="bob",
            body={"name": "Sam Torque", "email": "sam{{run}}@example.com"},
            expects={"code": "forbidden"},
        ),
        Call(
            "Find Bob",
            "GET /mechanics?q={{bob_email}}",
            as_="manager",
            among={"id": "{{bob_id}}", "name": "Bob Wrench"},
        ),
        Call(
            "A mechanic sees no salary",
            "GET /mechanics/{{bob_id}}",
            as_="bob",
            expects={"id": "{{bob_id}}", "email": "{{bob_email}}"},
            omits=("salary",),
        ),
        Call(
            "Bob has a new phone",
            "PATCH /mechanics/{{bob_id}}",
            as_="bob",
            body={"phone": "555-0199"},
            expects={"phone": "555-0199"},
        ),
        Call(
            "Pat learns",
            "PUT /mechanics/{{pat_id}}",
            as_="manager",
            body={"specialty": "Tyres and alignment"},
            expects={"specialty": "Tyres and alignment", "name": "Pat Novak"},
        ),
    ),
)
