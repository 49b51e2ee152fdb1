"""Hostile bodies: how each is made from a valid body, and the status that it must get."""

import gzip
import json

JSON = "application/json"
BOMB = gzip.compress(b"0" * 50_000_000)


def doubled(raw):
    """Return the object with each member twice."""
    inside = raw.strip()[1:-1]
    return b"{" + inside + b"," + inside + b"}" if inside else b'{"a":1,"a":1}'


def among(raw, more):
    """Return the object with one more member."""
    said = json.loads(raw)
    return b"{" + b",".join([json.dumps(said).encode()[1:-1]] * bool(said) + [more]) + b"}"


def merged(raw):
    """Return the JSON merge patch that removes every member."""
    return json.dumps(dict.fromkeys(json.loads(raw))).encode()


# name: (function of the valid body, headers, required status or None for any)
WHOLES = {
    "UTF-16": (lambda raw: raw.decode().encode("utf-16"), {}, 400),
    "UTF-16 without a mark": (lambda raw: raw.decode().encode("utf-16-le"), {}, 400),
    "UTF-32": (lambda raw: raw.decode().encode("utf-32"), {}, 400),
    "a byte order mark": (lambda raw: b"\xef\xbb\xbf" + raw, {}, 400),
    "cut short": (lambda raw: raw[:-1], {}, 400),
    "two documents": (lambda raw: raw + raw, {}, 400),
    "a comma too many": (lambda raw: raw[:-1] + b",}", {}, 400),
    "a comment": (lambda raw: raw + b"// JSON5", {}, 400),
    "a NUL after it": (lambda raw: raw + b"\0", {}, 400),
    "blanks": (lambda _: b" \n\t", {}, 400),
    "random bytes": (lambda _: bytes(range(256)), {}, 400),
    "each member twice": (doubled, {}, 400),
    "NaN": (lambda _: b"NaN", {}, 400),
    "100,000 openings": (lambda _: b"[" * 100_000, {}, 400),
    "100,000 objects": (lambda _: b'{"":' * 60_000, {}, 400),
    "a list": (lambda raw: b"[" + raw + b"]", {}, 422),
    "an empty list": (lambda _: b"[]", {}, 422),
    "a string": (lambda raw: json.dumps(raw.decode()).encode(), {}, 422),
    "a number": (lambda _: b"1", {}, 422),
    "null": (lambda _: b"null", {}, 422),
    "true": (lambda _: b"true", {}, 422),
    "an unknown member": (lambda raw: among(raw, b'"colour":"red"'), {}, 422),
    "an id of its own": (lambda raw: among(raw, b'"id":1'), {}, 422),
    "a version of its own": (lambda raw: among(raw, b'"version":1,"created_at":0'), {}, 422),
    "a prototype": (lambda raw: among(raw, b'"__proto__":{"role":"manager"}'), {}, 422),
    "a dunder": (lambda raw: among(raw, b'"__class__":"x","_schema":[1]'), {}, 422),
    "a member of SQL": (lambda raw: among(raw, b'"name\\"=1;DROP TABLE parts--":1'), {}, 422),
    "a member with NUL": (lambda raw: among(raw, b'"na\\u0000me":1'), {}, 422),
    "a member with CRLF": (lambda raw: among(raw, b'"a\\r\\nX-Injected: yes":1'), {}, 422),
    "a member of half a surrogate": (lambda raw: among(raw, b'"\\ud800":1'), {}, 400),
    "an empty name": (lambda raw: among(raw, b'"":1'), {}, 422),
    "a long name": (lambda raw: among(raw, b'"' + b"n" * 100_000 + b'":1'), {}, 422),
    "5,000 members": (
        lambda raw: among(raw, b",".join(b'"m%d":1' % n for n in range(5000))),
        {},
        422,
    ),
    "a merge patch of nulls": (merged, {"CONTENT_TYPE": "application/merge-patch+json"}, None),
    "a JSON patch": (
        lambda _: b'[{"op":"remove","path":"/name"}]',
        {"CONTENT_TYPE": "application/json-patch+json"},
        422,
    ),
    "nothing": (lambda _: b"", {}, None),
    "too large": (lambda raw: raw.ljust(262_145), {}, 413),
    "50 MB in gzip": (lambda _: BOMB, {"HTTP_CONTENT_ENCODING": "gzip"}, 400),
    "in gzip": (lambda raw: gzip.compress(raw), {"HTTP_CONTENT_ENCODING": "gzip"}, 400),
    "said to be gzip": (lambda raw: raw, {"HTTP_CONTENT_ENCODING": "gzip, br"}, None),
    "said to be UTF-16": (lambda raw: raw, {"CONTENT_TYPE": f"{JSON}; charset=utf-16"}, None),
    "said to be nonsense": (lambda raw: raw, {"CONTENT_TYPE": f"{JSON}; charset=\0\xff"}, None),
    "a form": (
        lambda _: b"name=Brake&role=manager",
        {"CONTENT_TYPE": "application/x-www-form-urlencoded"},
        415,
    ),
    "a form of 20,000 fields": (
        lambda _: b"a=&" * 20_000,
        {"CONTENT_TYPE": "application/x-www-form-urlencoded"},
        415,
    ),
    "several parts": (
        lambda _: (
            b'--b\r\nContent-Disposition: form-data; name="f"; filename="../a"\r\n\r\nx\r\n--b--'
        ),
        {"CONTENT_TYPE": "multipart/form-data; boundary=b"},
        415,
    ),
    "several parts without a boundary": (
        lambda raw: raw,
        {"CONTENT_TYPE": "multipart/form-data"},
        415,
    ),
    "XML": (
        lambda _: b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        {"CONTENT_TYPE": "application/xml"},
        415,
    ),
    "YAML": (
        lambda _: b"!!python/object/apply:os.system [id]",
        {"CONTENT_TYPE": "application/yaml"},
        415,
    ),
    "a pickle": (lambda _: b"cos\nsystem\n(S'id'\ntR.", {"CONTENT_TYPE": "text/plain"}, 415),
    "no type": (lambda raw: raw, {"CONTENT_TYPE": ""}, 415),
    "a type of nonsense": (lambda raw: raw, {"CONTENT_TYPE": "application/json\0/../json"}, 415),
}
