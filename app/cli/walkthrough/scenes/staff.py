"""Staff: who is hired, and who sees what of them."""

from app.cli.walkthrough.call import PASSWORD, Call, Scene

STAFF = Scene(
    "Staff",
    "The manager hires; customers see the names only, staff the contacts, managers the salaries.",
    (
        Call(
            "Hire Bob",
            "POST /mechanics",
            201,
            by="manager",
            sends={
                "name": "Bob Wrench",
                "email": "bob{{run}}@example.com",
                "password": PASSWORD,
                "phone": "555-0102",
                "role": "mechanic",
                "specialty": "Brakes",
                "salary": 65000,
            },
            tells={"name": "Bob Wrench", "salary": 65000, "is_active": True, "has_account": True},
            keeps={"bob_id": "id", "bob_email": "email"},
        ),
        Call(
            "Hire Pat, who can't sign in yet",
            "POST /mechanics",
            201,
            by="manager",
            sends={"name": "Pat Novak", "email": "pat{{run}}@example.com", "specialty": "Tyres"},
            tells={"has_account": False, "role": "mechanic"},
            keeps={"pat_id": "id"},
        ),
        Call(
            "Nobody is hired twice",
            "POST /mechanics",
            409,
            by="manager",
            sends={"name": "Bob Again", "email": "{{bob_email}}"},
            tells={"code": "email_taken"},
        ),
        Call(
            "A salary is a number",
            "POST /mechanics",
            422,
            by="manager",
            sends={"name": "Sam Torque", "email": "sam{{run}}@example.com", "salary": "a lot"},
            tells={"code": "invalid", "errors.0.pointer": "/salary"},
        ),
        Call(
            "Bob signs in",
            "POST /auth/login",
            sends={"email": "{{bob_email}}", "password": PASSWORD},
            tells={"account.role": "mechanic", "account.mechanic_id": "{{bob_id}}"},
            keeps={"bob_token": "access_token"},
        ),
        Call(
            "A mechanic hires nobody",
            "POST /mechanics",
            403,
            by="bob",
            sends={"name": "Sam Torque", "email": "sam{{run}}@example.com"},
            tells={"code": "forbidden"},
        ),
        Call(
            "Find Bob",
            "GET /mechanics?q={{bob_email}}",
            by="manager",
            among={"id": "{{bob_id}}", "name": "Bob Wrench"},
        ),
        Call(
            "A mechanic sees no salary",
            "GET /mechanics/{{bob_id}}",
            by="bob",
            tells={"id": "{{bob_id}}", "email": "{{bob_email}}"},
            hides=("salary",),
        ),
        Call(
            "Bob has a new phone",
            "PATCH /mechanics/{{bob_id}}",
            by="bob",
            sends={"phone": "555-0199"},
            tells={"phone": "555-0199"},
        ),
        Call(
            "Pat learns",
            "PUT /mechanics/{{pat_id}}",
            by="manager",
            sends={"specialty": "Tyres and alignment"},
            tells={"specialty": "Tyres and alignment", "name": "Pat Novak"},
        ),
    ),
)
