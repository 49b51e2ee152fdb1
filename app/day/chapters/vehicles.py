"""Their vehicles, with VIN and odometer."""

from app.day.call import Call, Chapter

VEHICLES = Chapter(
    "Vehicles",
    "A vehicle has a VIN that is its own, and an odometer that only goes up.",
    (
        Call(
            "Alice's car",
            "POST /customers/{{alice_id}}/vehicles",
            201,
            by="alice",
            sends={
                "vin": "{{car_vin}}",
                "license_plate": "ABC-1234",
                "make": "Honda",
                "model": "Accord",
                "year": 2003,
                "color": "Silver",
                "odometer": 144000,
            },
            tells={"vin": "{{car_vin}}", "vin_check": "valid", "customer_id": "{{alice_id}}"},
            keeps={"car_id": "id"},
        ),
        Call(
            "A VIN is on file once",
            "POST /customers/{{charlie_id}}/vehicles",
            409,
            by="bob",
            sends={"vin": "{{car_vin}}"},
            tells={"code": "vin_taken"},
        ),
        Call(
            "A VIN has 17 signs",
            "POST /customers/{{charlie_id}}/vehicles",
            422,
            by="bob",
            sends={"vin": "1HGCM8263", "year": 2003},
            tells={"code": "invalid", "errors.0.pointer": "/vin"},
        ),
        Call(
            "Charlie's van",
            "POST /customers/{{charlie_id}}/vehicles",
            201,
            by="bob",
            sends={"license_plate": "VAN-7", "make": "Ford", "model": "Transit", "year": 2015},
            tells={"vin": None, "vin_check": "not_applicable"},
            keeps={"van_id": "id"},
        ),
        Call(
            "Alice's vehicles",
            "GET /customers/{{alice_id}}/vehicles",
            by="alice",
            tells={"items.0.id": "{{car_id}}", "pagination.total": 1},
        ),
        Call(
            "Find a vehicle by its VIN",
            "GET /vehicles?vin={{car_vin}}",
            by="bob",
            tells={"items.0.id": "{{car_id}}", "pagination.total": 1},
        ),
        Call(
            "Alice's car again",
            "GET /vehicles/{{car_id}}",
            by="alice",
            tells={"make": "Honda", "odometer": 144000},
        ),
        Call(
            "Charlie's van is not hers to see",
            "GET /vehicles/{{van_id}}",
            404,
            by="alice",
            tells={"code": "not_found"},
        ),
        Call(
            "It has been driven",
            "PATCH /vehicles/{{car_id}}",
            by="alice",
            sends={"odometer": 144800},
            tells={"odometer": 144800},
        ),
        Call(
            "And never drives back",
            "PATCH /vehicles/{{car_id}}",
            409,
            by="alice",
            sends={"odometer": 100},
            tells={"code": "odometer_lower"},
        ),
        Call(
            "It was painted",
            "PUT /vehicles/{{car_id}}",
            by="alice",
            sends={"color": "Blue"},
            tells={"color": "Blue", "make": "Honda"},
        ),
    ),
)
