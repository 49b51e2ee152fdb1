"""What clients of earlier systems send: older paths and older names, answered as ever."""

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
            sends={
                "full_name": "Olga Older",
                "email": "olga{{run}}@example.com",
                "password": PASSWORD,
            },
            tells={"customer.name": "Olga Older", "account.role": "customer"},
            keeps={"olga_id": "customer.id", "olga_email": "account.email"},
        ),
        Call(
            "Sign in",
            "POST /login",
            sends={"email": "{{olga_email}}", "password": PASSWORD},
            tells={"account.customer_id": "{{olga_id}}"},
            keeps={"olga_token": "token"},
        ),
        Call(
            "Olga's car",
            "POST /customers/{{olga_id}}/vehicles",
            201,
            by="olga",
            sends={"vin": "{{older_vin}}", "make": "Saab", "odometer_miles": 90000},
            tells={"vin": "{{older_vin}}", "odometer": 90000},
            keeps={"older_car_id": "id"},
        ),
        *HER_CARS,
        Call(
            "Open a ticket by VIN",
            "POST /service_tickets",
            201,
            by="olga",
            sends={
                "vin": "{{older_vin}}",
                "service_desc": "Oil change",
                "service_date": "2026-03-02",
                "odometer_miles": 90100,
            },
            tells={"problem_description": "Oil change", "odometer_in": 90100},
            keeps={"older_ticket_id": "id"},
        ),
        *(
            Call(f"My tickets at {path}", f"GET {path}", by="olga", tells={"pagination.total": 1})
            for path in (
                "/my-tickets",
                "/service-tickets/my-tickets",
                "/service_tickets/my-tickets",
            )
        ),
        Call(
            "List tickets",
            "GET /service_tickets?vin={{older_vin}}",
            by="bob",
            tells={"items.0.id": "{{older_ticket_id}}"},
        ),
        Call("Show one", f"GET {AT}", by="olga", tells={"status": "open"}),
        Call("Change it", f"PUT {AT}", by="bob", sends={"priority": 4}, tells={"priority": 4}),
        Call("Or so", f"PATCH {AT}", by="bob", sends={"priority": 5}, tells={"priority": 5}),
        Call(
            "Assign Bob",
            f"PUT {AT}/assign-mechanic/{{{{bob_id}}}}",
            by="bob",
            tells={"mechanics.0.id": "{{bob_id}}"},
        ),
        Call(
            "Edit the crew",
            f"PUT {AT}/edit",
            by="bob",
            sends={"add_ids": ["{{pat_id}}"], "remove_ids": []},
            tells={"mechanics.1.id": "{{pat_id}}"},
        ),
        Call(
            "Remove Bob",
            f"PUT {AT}/remove-mechanic/{{{{bob_id}}}}",
            by="bob",
            tells={"mechanics.0.id": "{{pat_id}}"},
        ),
        Call(
            "And Pat",
            f"DELETE {AT}/remove-mechanic/{{{{pat_id}}}}",
            204,
            by="bob",
        ),
        Call(
            "Pat comes back by another name",
            f"PUT {AT}/edit",
            by="bob",
            sends={"add_mechanic_ids": ["{{pat_id}}"], "remove_mechanic_ids": []},
            tells={"mechanics.0.id": "{{pat_id}}"},
        ),
        Call(
            "And goes again",
            f"DELETE {TODAY_AT}/remove-mechanic/{{{{pat_id}}}}",
            204,
            by="bob",
        ),
        *(
            Call(
                f"Use a part at {path}",
                f"POST {path}/add-part/{{{{pads_id}}}}",
                201,
                by="bob",
                sends={"quantity": 1},
                tells={"quantity_used": 1},
            )
            for path in (AT, TODAY_AT)
        ),
        Call(
            "Use a part",
            f"POST {AT}/parts/{{{{pads_id}}}}",
            201,
            by="bob",
            tells={"quantity_used": 1},
        ),
        *(
            Call(
                f"Use a part at {path}",
                f"POST {path}",
                201,
                by="bob",
                sends={"part_id": "{{pads_id}}", "quantity": 2},
                tells={"quantity_used": 2},
            )
            for path in (
                f"{AT}/parts",
                f"{AT}/add-parts",
                f"{AT}/inventory",
                f"{TODAY_AT}/add-parts",
                f"{TODAY_AT}/inventory",
            )
        ),
        Call("Its parts", f"GET {AT}/parts", by="olga", tells={"pagination.total": 8}),
        Call(
            "Three filters",
            f"PUT {AT}/parts/{{{{filter_id}}}}",
            by="bob",
            sends={"quantity": 3},
            tells={"parts.8.quantity_used": 3},
        ),
        Call(
            "And none",
            f"PUT {AT}/parts/{{{{filter_id}}}}",
            by="bob",
            sends={"quantity": 0},
        ),
        Call(
            "Give the pads back",
            f"DELETE {TODAY_AT}/remove-part/{{{{pads_id}}}}",
            204,
            by="bob",
        ),
        Call("They are back", f"DELETE {AT}/remove-part/{{{{pads_id}}}}", 404, by="bob"),
        Call("A filter", f"POST {AT}/parts/{{{{filter_id}}}}", 201, by="bob"),
        Call("Give it back", f"DELETE {AT}/remove-part/{{{{filter_id}}}}", 204, by="bob"),
        Call("Once more", f"POST {AT}/parts/{{{{filter_id}}}}", 201, by="bob"),
        Call("And back", f"DELETE {AT}/parts/{{{{filter_id}}}}", 204, by="bob"),
        Call(
            "Move it",
            f"POST {AT}/transitions",
            201,
            by="bob",
            sends={"to": "in_progress"},
            tells={"status": "in_progress"},
        ),
        Call("Its history", f"GET {AT}/history", by="bob", tells={"items.0.from_status": "open"}),
        Call(
            "Cancel it",
            f"PUT {AT}",
            by="bob",
            sends={"status": "cancelled", "reason": "Sold the car"},
            tells={"status": "cancelled"},
        ),
        Call(
            "A ticket to delete",
            "POST /service_tickets",
            201,
            by="bob",
            sends={"vin": "{{older_vin}}", "description": "By mistake"},
            tells={"problem_description": "By mistake"},
            keeps={"slip_id": "id"},
        ),
        Call("Delete it", "DELETE /service_tickets/{{slip_id}}", 204, by="manager"),
        Call(
            "Find a mechanic",
            "GET /mechanics/search?name={{bob_email}}",
            by="bob",
            among={"id": "{{bob_id}}"},
        ),
        *(
            Call(f"Who has done most at {path}", f"GET {path}", by="bob")
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
            by="bob",
            sends={"part_name": "Wiper blade", "price": "23.99", "quantity": 10},
            tells={"name": "Wiper blade", "price_cents": 2399, "quantity_in_stock": 10},
        ),
        *SHE_LEAVES,
    ),
)
