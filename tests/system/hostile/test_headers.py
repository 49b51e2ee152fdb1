"""Every header that the shop reads, given what nobody should send, on every operation."""

from tests.system.hostile.aims import operations, parameters
from tests.system.hostile.fire import Shot

ODD = {
    "nothing": "",
    "a blank": " ",
    "NUL": "a\0b",
    "a control": "a\x01\x7fb",
    "raw bytes": "\xff\xfe\x80",
    "another script": "é٣",
    "a template": "{{7*7}}${jndi:ldap://127.0.0.1/a}%s%n",
    "HTML": '"><script>alert(1)</script>',
    "quotes": '"' * 501,
    "a huge number": "9" * 400,
    "8 KB": "x" * 8000,
    "60 KB": "y" * 60_000,
}
# What each means by itself, and wrongly.
OWN = {
    "IF_MATCH": [
        '"1',
        'W/"1.a"',
        '"' + "9" * 400 + '.a"',
        "*,*",
        '"1.a",' * 1000,
        '"-1.a"',
        '"٣.a"',
    ],
    "IF_NONE_MATCH": ["W/", '"a" "b"', "*" * 300, '"' + "a" * 9000 + '"'],
    "IF_MODIFIED_SINCE": [
        "Sat, 31 Feb 0000 25:61:61 GMT",
        "9" * 30,
        "Mon, 01 Jan 99999 00:00:00 GMT",
    ],
    "IDEMPOTENCY_KEY": ["k" * 256, "é", "\t", "a\x1bb", "a\x85b"],
    "X_REQUEST_ID": ["a b", "x" * 65, "<b>", "a\r", "%0d%0a"],
    "AUTHORIZATION": [
        *(
            "Bearer",
            "Bearer ",
            "Basic YTpi",
            "Bearer a.b.c",
            "bearer " + "." * 5000,
            "Bearer \xff.\0",
        ),
        "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
        "Bearer " + "e30." * 1000,
        'Digest username="a"',
    ],
    "ACCEPT": [
        "*/*;q=nan",
        "text/html;q=1e999",
        "a/b/c/d",
        "application/json;q=-1" + ",a/b" * 2000,
    ],
    "ACCEPT_ENCODING": ["gzip;q=1e9999", "identity;q=0, *;q=0"],
    "ACCEPT_LANGUAGE": ["x" * 300, "de-DE-\xff;q=?"],
    "RANGE": [
        "bytes=0-0",
        "bytes=-1",
        "bytes=9-1",
        "bytes=0-" + "9" * 400,
        "bytes=" + "0-0," * 900,
    ],
    "COOKIE": ["session=" + "A" * 4000, "a=b;" * 2000, "session=\xff\0", "=;=;;"],
    "HOST": ["", "a b", "evil.example\\@x", "[::1", "a:99999999999", "\xff", "x" * 5000],
    "X_FORWARDED_FOR": ["1.2.3.4", "'; --", "::1, " * 1000, "unknown"],
    "X_FORWARDED_PROTO": ["https", "javascript"],
    "X_FORWARDED_HOST": ["evil.example", "a\0b"],
    "X_FORWARDED_PREFIX": ["/evil", "//evil.example"],
    "X_HTTP_METHOD_OVERRIDE": ["DELETE", "CONNECT"],
    "ORIGIN": ["null", "https://evil.example", "javascript:alert(1)"],
    "CONTENT_ENCODING": ["gzip", "br, gzip, deflate"],
    "TRANSFER_ENCODING": ["identity", "gzip"],
    "EXPECT": ["200-maybe"],
}
HEADERS = {
    f"{header}: {kind}": (f"HTTP_{header}", value)
    for header, own in OWN.items()
    for kind, value in (ODD | {f"its own {n}": each for n, each in enumerate(own)}).items()
}
# Each with its own cases and a quarter of the odd ones, in turn.
FEWER = {
    f"{header}: {kind}": HEADERS[f"{header}: {kind}"]
    for n, (header, own) in enumerate(OWN.items())
    for kind in [*list(ODD)[n % 4 :: 4], *(f"its own {each}" for each in range(len(own)))]
}
METHODS = ["TRACE", "CONNECT", "PROPFIND", "FOO", "X" * 300, "PO ST"]
BAD_KEYS = {
    *("nothing", "NUL", "a control", "raw bytes", "another script", "a huge number"),
    *("8 KB", "60 KB"),
}


def test_every_header_of_the_document_has_cases_of_its_own():
    named = {name.upper().replace("-", "_") for _, name in parameters("header")}

    assert named <= OWN.keys()


def test_no_header_breaks_the_shop(barrage, at_length):
    aims, cases = [(each,) for each in operations()], at_length(FEWER, slow=HEADERS)
    barrage("headers", aims, cases, with_header, slow=13)


def with_header(targets, operation, kind, case):
    header, value = case
    name, _, sort = kind.partition(": ")
    is_bad_key = name == "IDEMPOTENCY_KEY" and (sort in BAD_KEYS or sort.startswith("its own"))
    replays = "Idempotency-Key" in operation.parameters("header")
    return Shot(
        body=targets.body(operation),
        headers={header: value},
        status=422 if is_bad_key and replays else None,
        documented=name not in ("TRANSFER_ENCODING", "HOST"),
        says=value,
    )


def test_no_method_breaks_the_shop(barrage):
    aims, cases = [(each,) for each in operations()], {each[:20]: each for each in METHODS}
    barrage("methods", aims, cases, by_method)


def by_method(_targets, _operation, _kind, method):
    return Shot(method=method, documented=False, refused=True)
