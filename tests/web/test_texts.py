"""Characters that nobody sees, lines where one is meant, and one e-mail address in two spellings."""

import pytest

from app.web.texts import in_ascii, misleading, trimmed
from tests.factories import PASSWORD, a_customer, a_manager, a_mechanic, a_part, a_vehicle

pytestmark = pytest.mark.one_database  # what the web layer does is the same on both

ZERO_WIDTH, BOM, SOFT, RIGHT_TO_LEFT = "\u200b", "\ufeff", "\u00ad", "\u202e"
FARSI, TECHNICIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\U0001f9d1\u200d\U0001f527"
# Each text member that has one line, and those that have several.
ONE_LINE = {
    "/customers/{customer}": ("name", "phone", "city", "state", "postal_code"),
    "/vehicles/{vehicle}": ("license_plate", "make", "model", "color"),
    "/mechanics/{mechanic}": ("name", "phone", "specialty"),
    "/inventory/{part}": ("name", "part_number", "category", "manufacturer", "supplier"),
}
LINES = {
    "/customers/{customer}": ("address",),
    "/mechanics/{mechanic}": ("address",),
    "/inventory/{part}": ("description",),
}
CHANGES = [(path, name) for path, names in ONE_LINE.items() for name in names]


@pytest.fixture
def at(app):
    alice = a_customer()
    return {
        "customer": alice.id,
        "vehicle": a_vehicle(alice).id,
        "mechanic": a_mechanic().id,
        "part": a_part().id,
    }


@pytest.mark.parametrize(("path", "name"), CHANGES)
def test_a_member_of_one_line_takes_no_other_and_nothing_that_nobody_sees(as_, at, path, name):
    marge, path = as_(a_manager()), path.format(**at)
    before = marge.get(path).json

    for sign in ("\n", "\t", "\r\n", "\u2028", ZERO_WIDTH, BOM, SOFT, RIGHT_TO_LEFT, "\u2066"):
        refused = marge.patch(path, json={name: f"A{sign}B"})
        assert refused.status_code == 422, repr(sign)
        assert [error["pointer"] for error in refused.json["errors"]] == [f"/{name}"]
    assert marge.get(path).json == before

    kept = marge.patch(path, json={name: f"\ufeff\t A B{ZERO_WIDTH}\u202c \n"})
    assert kept.json[name] == "A B"


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path, names in LINES.items() for name in names]
)
def test_a_member_of_several_lines_keeps_them(as_, at, path, name):
    said = "12 Main St\n\tDenver"
    assert as_(a_manager()).patch(path.format(**at), json={name: said}).json[name] == said
    turned = as_(a_manager()).patch(path.format(**at), json={name: f"A {RIGHT_TO_LEFT}B"})
    assert turned.status_code == 422


def test_a_refusal_says_which_character_it_was(as_):
    answer = as_(a_mechanic()).post("/customers", json={"name": f"A{ZERO_WIDTH}nn"})

    [error] = answer.json["errors"]
    assert error["detail"] == "Nobody can see it: leave out ZERO WIDTH SPACE (U+200B)."


@pytest.mark.parametrize("nothing", [ZERO_WIDTH, f" {BOM}\u2060 ", "\u200d", "\u202a\u202c"])
def test_what_nobody_sees_is_blank(as_, nothing):
    assert as_(a_mechanic()).post("/customers", json={"name": nothing}).status_code == 422


@pytest.mark.parametrize(
    "name", [FARSI, TECHNICIAN, f"{TECHNICIAN} & Co.", "\u0915\u094d\u200d\u0937"]
)
def test_words_and_emoji_keep_their_joiners(as_, name):
    assert as_(a_mechanic()).post("/customers", json={"name": name}).json["name"] == name


@pytest.mark.parametrize(
    "name", ["A\u200dnn", "\u0645\u200c A", f"{TECHNICIAN}\u200bx", "Ann\u200c"]
)
def test_joiners_between_latin_letters_join_nothing(name):
    assert misleading(name) is not None


def test_text_is_kept_composed(as_):
    answer = as_(a_mechanic()).post("/customers", json={"name": "Jose\u0301 Garci\u0301a"})
    assert answer.json["name"] == "Jos\u00e9 Garc\u00eda"
    assert trimmed(f"{BOM} e\u0301 {SOFT}") == "\u00e9"


@pytest.mark.parametrize("sign", [ZERO_WIDTH, BOM, SOFT, "\u200d", "\u202a", "\n", "\t"])
def test_an_address_has_no_character_that_nobody_sees(client, sign):
    said = {"name": "Alice", "password": PASSWORD}
    for email in (f"alice{sign}@example.com", f"alice@exam{sign}ple.com"):
        assert client.post("/customers", json=said | {"email": email}).status_code == 422


def test_an_internationalised_domain_and_its_punycode_are_one_address(client):
    plain, written = "alice@xn--bcher-kva.example", "Alice@B\u00dcCHER.example"
    said = {"name": "Alice", "password": PASSWORD}

    opened = client.post("/customers", json=said | {"email": written})

    assert opened.json["email"] == plain
    for email in (plain, written, "alice@bu\u0308cher.example", "ALICE@XN--BCHER-KVA.example"):
        again = client.post("/customers", json=said | {"email": email})
        assert (again.status_code, again.json["code"]) == (409, "email_taken")
        signed_in = client.post("/auth/login", json={"email": email, "password": PASSWORD})
        assert signed_in.status_code == 200


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a@example.com", "a@example.com"),
        ("a@fa\u00df.de", "a@xn--fa-hia.de"),  # not fass.de, which is somebody else's
        ("a@\uff45xample.com", "a@example.com"),
    ],
)
def test_a_domain_is_written_as_mail_servers_know_it(written, kept):
    assert in_ascii(written) == kept
