"""Example API calls of a customer on deprecated paths: `/customers` without an id, and her vehicles."""

from app.cli.walkthrough.call import PASSWORD, Call

CAR = "/customers/{{olga_id}}/vehicles/{{older_car_id}}"
HER_CARS = (
    *(
        Call(
            f"Her car is there too: {method}",
            f"{method} {CAR}",
            as_="olga",
            body=sends,
            expects={"vin": "{{older_vin}}", **(sends or {})},
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
        as_="olga",
        body={"make": "Volvo"},
        expects={"make": "Volvo"},
        saves={"sold_id": "id"},
    ),
    Call(
        "It goes",
        "DELETE /customers/{{olga_id}}/vehicles/{{sold_id}}",
        204,
        as_="olga",
    ),
)
SHE_LEAVES = (
    Call(
        "Olga moves",
        "PUT /customers",
        as_="olga",
        body={
            "name": "Olga Older",
            "email": "{{olga_email}}",
            "phone": "555-0190",
            "password": PASSWORD,
        },
        expects={"id": "{{olga_id}}", "phone": "555-0190"},
    ),
    Call(
        "And has another telephone",
        "PATCH /customers",
        as_="olga",
        body={"phone": "555-0191"},
        expects={"phone": "555-0191", "name": "Olga Older"},
    ),
    Call("Olga is forgotten", "DELETE /customers", 204, as_="olga"),
)
