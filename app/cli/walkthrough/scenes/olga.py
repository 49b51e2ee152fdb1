"""Olga, whose client names her by her token, and her cars at her own path."""

from app.cli.walkthrough.call import PASSWORD, Call

CAR = "/customers/{{olga_id}}/vehicles/{{older_car_id}}"
HER_CARS = (
    *(
        Call(
            f"Her car is there too: {method}",
            f"{method} {CAR}",
            by="olga",
            sends=sends,
            tells={"vin": "{{older_vin}}", **(sends or {})},
        )
        for method, sends in (
            ("GET", None),
            ("PUT", {"color": "Red"}),
            ("PATCH", {"color": "Blue"}),
        )
    ),
    Call(
        "A car that she sells",
        "POST /customers/{{olga_id}}/vehicles",
        201,
        by="olga",
        sends={"make": "Volvo"},
        tells={"make": "Volvo"},
        keeps={"sold_id": "id"},
    ),
    Call(
        "It goes",
        "DELETE /customers/{{olga_id}}/vehicles/{{sold_id}}",
        204,
        by="olga",
    ),
)
SHE_LEAVES = (
    Call(
        "Olga moves",
        "PUT /customers",
        by="olga",
        sends={
            "name": "Olga Older",
            "email": "{{olga_email}}",
            "phone": "555-0190",
            "password": PASSWORD,
        },
        tells={"id": "{{olga_id}}", "phone": "555-0190"},
    ),
    Call(
        "And has another telephone",
        "PATCH /customers",
        by="olga",
        sends={"phone": "555-0191"},
        tells={"phone": "555-0191", "name": "Olga Older"},
    ),
    Call("Olga is forgotten", "DELETE /customers", 204, by="olga"),
)
