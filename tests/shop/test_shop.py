"""The settings of the shop: who sees and changes what, and what can't be a setting."""

import pytest

from tests.factories import a_customer, a_manager, a_mechanic, signed_in

PAPER = {
    "name": "Harbor Street Auto Repair",
    "address_lines": ["1840 Harbor Street", "Oakland, CA 94607"],
    "phone": "(510) 555-0140",
    "email": "desk@harborstreet.example",
    "website": "https://harborstreet.example",
    "registration_number": "ARD 00298417",
    "tax_number": None,
    "distance_unit": "mi",
    "time_zone": "America/Los_Angeles",
}
RATES = {
    "labor_rate_cents": 12000,
    "taxes": [
        {
            "name": "GST",
            "labor_percentage": 5.0,
            "part_percentage": 5.0,
            "sublet_percentage": 5.0,
            "fee_percentage": 5.0,
        },
        {
            "name": "QST",
            "labor_percentage": 9.975,
            "part_percentage": 9.975,
            "sublet_percentage": 0.0,
            "fee_percentage": 8.875,
        },
    ],
    "shop_supplies": {
        "name": "Shop supplies",
        "percentage": 5.25,
        "of": "labor_and_part",
        "cap_cents": 3500,
        "taxable": True,
        "statement": "This charge represents costs and profits.",
    },
    "paper": "a4",
    "authorization_policy": "strict",
    "closing_policy": "strict",
    "approval_hours": 48,
    "estimate_terms": "Good for 14 days.",
    "invoice_terms": "12 months or 12,000 mi.",
    "payment_terms_days": 30,
    "invoice_prefix": "2026-",
    "first_invoice_number": 4711,
}
MATRIX = [
    {"up_to_cents": 500, "markup_percentage": 100.0},
    {"up_to_cents": None, "markup_percentage": 50.5},
]
OF_MANAGERS = {"markup_matrix": MATRIX, "labor_cost_rate_cents": 4500}


@pytest.fixture
def marge(app):
    return signed_in(app, a_manager())


def test_what_a_manager_sets_is_what_each_may_read(app, client, marge):
    changed = marge.patch("/shop", json=PAPER | RATES | OF_MANAGERS)
    assert changed.status_code == 200

    everything = PAPER | {"currency": "USD"} | RATES | OF_MANAGERS
    managers = marge.get("/shop").json
    assert managers == everything | {
        "version": managers["version"],
        "updated_at": managers["updated_at"],
    }
    staff = signed_in(app, a_mechanic()).get("/shop").json
    assert staff == {name: managers[name] for name in managers if name not in OF_MANAGERS}
    for anybody in (client, signed_in(app, a_customer())):
        assert anybody.get("/shop").json == PAPER | {"currency": "USD"}


def test_a_shop_that_nobody_has_described_has_a_name_and_no_rates(marge):
    shop = marge.get("/shop").json
    assert (shop["name"], shop["labor_rate_cents"], shop["taxes"]) == ("Mechanic Shop", 0, [])
    assert (shop["shop_supplies"], shop["markup_matrix"]) == (None, [])


def test_what_is_left_out_stays_and_a_list_is_replaced(marge):
    marge.put("/shop", json=RATES)
    changed = marge.put("/shop", json={"taxes": RATES["taxes"][:1], "shop_supplies": None}).json
    assert changed["taxes"] == RATES["taxes"][:1]
    assert changed["shop_supplies"] is None
    assert changed["labor_rate_cents"] == 12000


def test_of_two_who_change_it_the_second_looks_again(marge):
    tag = marge.get("/shop").headers["ETag"]
    first = marge.patch("/shop", json={"labor_rate_cents": 1}, headers={"If-Match": tag})
    second = marge.patch("/shop", json={"labor_rate_cents": 2}, headers={"If-Match": tag})
    assert (first.status_code, second.status_code) == (200, 412)
    assert marge.get("/shop").json["labor_rate_cents"] == 1


def test_all_of_it_may_be_sent_back(marge):
    marge.patch("/shop", json=PAPER | RATES | OF_MANAGERS)
    shop = marge.get("/shop").json
    again = marge.put("/shop", json=shop | {"name": "Another"})
    assert (again.status_code, again.json["name"]) == (200, "Another")
    refused = marge.put("/shop", json=again.json | {"currency": "EUR"})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/currency")


def test_what_is_left_out_of_a_list_is_gone_whatever_comes_with_it(marge):
    shop = marge.patch("/shop", json=RATES).json
    taxes, supplies = [{"name": "GST"}], {"percentage": 5.25}
    body = {"version": shop["version"], "taxes": taxes, "shop_supplies": supplies}
    changed = marge.patch("/shop", json=body).json
    assert [tax["part_percentage"] for tax in changed["taxes"]] == [0.0]
    assert changed["shop_supplies"]["cap_cents"] is None


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"taxes": [{"name": "GST"}, {"name": "gst"}]}, "/taxes"),
        ({"taxes": [{"name": "GST", "labor_percentage": 50.1}]}, "/taxes/0/labor_percentage"),
        ({"taxes": [{"name": "GST", "labor_percentage": 1.00001}]}, "/taxes/0/labor_percentage"),
        ({"taxes": [{"name": str(n)} for n in range(5)]}, "/taxes"),
        ({"taxes": [{}]}, "/taxes/0/name"),
        ({"shop_supplies": {"of": "labor"}}, "/shop_supplies/percentage"),
        ({"shop_supplies": {"percentage": 101}}, "/shop_supplies/percentage"),
        ({"markup_matrix": [{"up_to_cents": 5, "markup_percentage": 1}]}, "/markup_matrix"),
        (
            {
                "markup_matrix": [
                    {"up_to_cents": 5, "markup_percentage": 1},
                    {"up_to_cents": 5, "markup_percentage": 1},
                    {"markup_percentage": 1},
                ]
            },
            "/markup_matrix",
        ),
        (
            {"markup_matrix": [{"markup_percentage": 1}, {"markup_percentage": 1}]},
            "/markup_matrix",
        ),
        ({"markup_matrix": 5}, "/markup_matrix"),
        ({"markup_matrix": [{"markup_percentage": -1}]}, "/markup_matrix/0/markup_percentage"),
        ({"address_lines": ["a", "b", "c", "d", "e"]}, "/address_lines"),
        ({"website": "javascript:alert(1)"}, "/website"),
        ({"name": None}, "/name"),
        ({"labor_rate_cents": -1}, "/labor_rate_cents"),
        ({"currency": "EUR"}, "/currency"),
    ],
)
def test_what_can_not_be_a_setting_is_refused_by_its_name(marge, sent, pointer):
    before = marge.get("/shop").json
    refused = marge.patch("/shop", json=sent)
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json["errors"]] == [pointer]
    assert marge.get("/shop").json == before


def test_a_change_is_in_the_audit_trail(marge):
    marge.patch("/shop", json={"labor_rate_cents": 9000, "taxes": RATES["taxes"][:1]})
    [entry] = marge.get("/audit?entity=shop").json["items"]
    assert entry["before"] == {"labor_rate_cents": 0, "taxes": []}
    assert entry["after"]["labor_rate_cents"] == 9000
    assert entry["after"]["taxes"][0]["labor_millionths"] == 50_000
