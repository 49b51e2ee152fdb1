"""Example API calls of clients of earlier systems: deprecated paths and names, which still work."""

from app.cli.walkthrough.call import PASSWORD, Call, Scene
from app.cli.walkthrough.scenes.olga import HER_CARS, SHE_LEAVES

AT = "/service_tickets/{{older_ticket_id}}"
TODAY_AT = "/service-tickets/{{older_ticket_id}}"

OLDER = Scene(
    "Older clients",
    "The same shop by its older paths and names. Every answer here says Deprecation and Sunset.",
    (
        Call(
            "Register",
            "POST /auth/register",
            201,
            body={
                "full_name": "Olga Older",
                "email": "olga{{run}}@example.com",
                "password": PASSWORD,
            },
            expects={"customer.name": "Olga Older", "account.role": "customer"},
            saves={"olga_id": "customer.id", "olga_email": "account.email"},
        ),
        Call(
            "Sign in",
            "POST /login",
            body={"email": "{{olga_email}}", "password": PASSWORD},
            expects={"account.customer_id": "{{olga_id}}"},
            saves={"olga_token": "token"},
        ),
        Call(
            "Olga's car",
            "POST /customers/{{olga_id}}/vehicles",
            201,
            as_="olga",
            body={"vin": "{{older_vin}}", "make": "Saab", "odometer_miles": 90000},
            expects={"vin": "{{older_vin}}", "odometer": 90000},
            saves={"older_car_id": "id"},
        ),
        *HER_CARS,
        Call(
            "Open a ticket by VIN",
            "POST /service_tickets",
            201,
            as_="olga",
            body={
                "vin": "{{older_vin}}",
                "service_desc": "Oil change",
                "service_date": "2026-03-02",
                "odometer_miles": 90100,
            },
            expects={"problem_description": "Oil change", "odometer_in": 90100},
            saves={"older_ticket_id": "id"},
        ),
        *(
            Call(
                f"My tickets at {path}", f"GET {path}", as_="olga", expects={"pagination.total": 1}
            )
            for path in (
                "/my-tickets",
                "/service-tickets/my-tickets",
                "/service_tickets/my-tickets",
            )
        ),
        Call(
            "List tickets",
            "GET /service_tickets?vin={{older_vin}}",
            as_="bob",
            expects={"items.0.id": "{{older_ticket_id}}"},
        ),
        Call("Show one", f"GET {AT}", as_="olga", expects={"status": "open"}),
        Call("Change it", f"PUT {AT}", as_="bob", body={"priority": 4}, expects={"priority": 4}),
        Call("Or so", f"PATCH {AT}", as_="bob", body={"priority": 5}, expects={"priority": 5}),
        Call(
            "Assign Bob",
            f"PUT {AT}/assign-mechanic/{{{{bob_id}}}}",
            as_="bob",
            expects={"mechanics.0.id": "{{bob_id}}"},
        ),
        Call(
            "Edit the crew",
            f"PUT {AT}/edit",
            as_="bob",
            body={"add_ids": ["{{pat_id}}"], "remove_ids": []},
            expects={"mechanics.1.id": "{{pat_id}}"},
        ),
        Call(
            "Remove Bob",
            f"PUT {AT}/remove-mechanic/{{{{bob_id}}}}",
            as_="bob",
            expects={"mechanics.0.id": "{{pat_id}}"},
        ),
        Call(
            "And Pat",
            f"DELETE {AT}/remove-mechanic/{{{{pat_id}}}}",
            204,
            as_="bob",
        ),
        Call(
            "Pat comes back by another name",
            f"PUT {AT}/edit",
            as_="bob",
            body={"add_mechanic_ids": ["{{pat_id}}"], "remove_mechanic_ids": []},
            expects={"mechanics.0.id": "{{pat_id}}"},
        ),
        Call(
            "And goes again",
            f"DELETE {TODAY_AT}/remove-mechanic/{{{{pat_id}}}}",
            204,
            as_="bob",
        ),
        *(
            Call(
                f"Use a part at {path}",
                f"POST {path}/add-part/{{{{pads_id}}}}",
                201,
                as_="bob",
                body={"quantity": 1},
                expects={"quantity_used": 1},
            )
            for path in (AT, TODAY_AT)
        ),
        Call(
            "Use a part",
            f"POST {AT}/parts/{{{{pads_id}}}}",
            201,
            as_="bob",
            expects={"quantity_used": 1},
        ),
        *(
            Call(
                f"Use a part at {path}",
                f"POST {path}",
                201,
                as_="bob",
                body={"part_id": "{{pads_id}}", "quantity": 2},
                expects={"quantity_used": 2},
            )
            for path in (
                f"{AT}/parts",
                f"{AT}/add-parts",
                f"{AT}/inventory",
                f"{TODAY_AT}/add-parts",
                f"{TODAY_AT}/inventory",
            )
        ),
        Call("Its parts", f"GET {AT}/parts", as_="olga", expects={"pagination.total": 8}),
        Call(
            "Three filters",
            f"PUT {AT}/parts/{{{{filter_id}}}}",
            as_="bob",
            body={"quantity": 3},
            expects={"parts.8.quantity_used": 3},
        ),
        Call(
            "And none",
            f"PUT {AT}/parts/{{{{filter_id}}}}",
            as_="bob",
            body={"quantity": 0},
        ),
        Call(
            "Give the pads back",
            f"DELETE {TODAY_AT}/remove-part/{{{{pads_id}}}}",
            204,
            as_="bob",
        ),
        Call("They are back", f"DELETE {AT}/remove-part/{{{{pads_id}}}}", 404, as_="bob"),
        Call("A filter", f"POST {AT}/parts/{{{{filter_id}}}}", 201, as_="bob"),
        Call("Give it back", f"DELETE {AT}/remove-part/{{{{filter_id}}}}", 204, as_="bob"),
        Call("Once more", f"POST {AT}/parts/{{{{filter_id}}}}", 201, as_="bob"),
        Call("And back", f"DELETE {AT}/parts/{{{{filter_id}}}}", 204, as_="bob"),
        Call(
            "Move it",
            f"POST {AT}/transitions",
            201,
            as_="bob",
            body={"to": "in_progress"},
            expects={"status": "in_progress"},
        ),
        Call(
            "Its history", f"GET {AT}/history", as_="bob", expects={"items.0.from_status": "open"}
        ),
        Call(
            "Cancel it",
            f"PUT {AT}",
            as_="bob",
            body={"status": "cancelled", "reason": "Sold the car"},
            expects={"status": "cancelled"},
        ),
        Call(
            "A ticket to delete",
            "POST /service_tickets",
            201,
            as_="bob",
            body={"vin": "{{older_vin}}", "description": "By mistake"},
            expects={"problem_description": "By mistake"},
            saves={"slip_id": "id"},
        ),
        Call("Delete it", "DELETE /service_tickets/{{slip_id}}", 204, as_="manager"),
        Call(
            "Find a mechanic",
            "GET /mechanics/search?name={{bob_email}}",
            as_="bob",
            among={"id": "{{bob_id}}"},
        ),
        *(
            Call(f"Who has done most at {path}", f"GET {path}", as_="bob")
            for path in (
                "/mechanics/leaderboard",
                "/mechanics/usage",
                "/mechanics/by-activity",
                "/mechanics/most-active",
            )
        ),
        Call(
            "A part by its price",
            "POST /inventory",
            201,
            as_="bob",
            body={"part_name": "Wiper blade", "price": "23.99", "quantity": 10},
            expects={"name": "Wiper blade", "price_cents": 2399, "quantity_in_stock": 10},
        ),
        *SHE_LEAVES,
    ),
)
