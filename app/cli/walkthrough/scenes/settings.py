"""Example API calls that set the shop's name, address, labor rate, taxes, shop supplies and markups."""

from app.cli.walkthrough.call import Call, Scene

SALES_TAX = {"name": "Sales tax", "part_percentage": 8.25, "fee_percentage": 8.25}

SETTINGS = Scene(
    "Shop",
    "The manager describes the shop. Everybody reads its name and address, staff its rates and taxes.",
    (
        Call(
            "Describe the shop",
            "PUT /shop",
            as_="manager",
            body={
                "name": "Harbor Street Auto Repair",
                "address_lines": ["1840 Harbor Street", "Oakland, CA 94607"],
                "phone": "(510) 555-0140",
                "email": "desk@harborstreet.example",
                "website": "https://harborstreet.example",
                "registration_number": "ARD 00298417",
                "distance_unit": "mi",
            },
            expects={"name": "Harbor Street Auto Repair", "currency": "USD"},
        ),
        Call(
            "Set rates, taxes and markups",
            "PATCH /shop",
            as_="manager",
            body={
                "labor_rate_cents": 12000,
                "taxes": [SALES_TAX],
                "shop_supplies": {"percentage": 5, "of": "labor_and_part", "cap_cents": 3500},
                "markup_matrix": [
                    {"up_to_cents": 500, "markup_percentage": 100},
                    {"up_to_cents": None, "markup_percentage": 50},
                ],
            },
            expects={"taxes.0.part_percentage": 8.25, "shop_supplies.cap_cents": 3500},
        ),
        Call(
            "A markup for every cost",
            "PATCH /shop",
            422,
            as_="manager",
            body={"markup_matrix": [{"up_to_cents": 500, "markup_percentage": 100}]},
            expects={"code": "invalid", "errors.0.pointer": "/markup_matrix"},
        ),
        Call(
            "Charge no taxes for now",
            "PATCH /shop",
            as_="manager",
            body={"taxes": [], "shop_supplies": None},
            expects={"taxes": [], "shop_supplies": None},
        ),
        Call(
            "Where is the shop?",
            "GET /shop",
            expects={"name": "Harbor Street Auto Repair"},
            omits=("labor_rate_cents", "markup_matrix"),
        ),
    ),
)
