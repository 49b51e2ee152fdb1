"""OpenAPI links from an operation that creates a resource to the operations on this resource."""

from itertools import zip_longest


def link(document: dict, locations: dict[str, str]) -> None:
    """Add links to the operations in `locations`, `{operation id: path template of the new resource}`.

    The links are added to the 201 responses in `document`, which is changed in place.
    """
    for name, operation in _todays(document):
        if name in locations:
            made = operation["responses"]["201"]
            members = _members(document, made["content"]["application/json"]["schema"])
            found = dict(_links(document, locations[name], members))
            if found:
                made["links"] = found


def _todays(document):
    for operations in document["paths"].values():
        for operation in operations.values():
            if not operation.get("deprecated"):
                yield operation["operationId"], operation


def _links(document, location, members):
    """Yield `(operation id, link)` for each operation whose path begins with `location`.

    `location` is the path template of the new resource, and `members` are the names in its answer.
    Deprecated operations are left out, and those with path parameters that these members can't fill in.
    """
    for path, operations in document["paths"].items():
        filled = _filled(location, path, members)
        for operation in operations.values() if filled else ():
            if not operation.get("deprecated"):
                parameters = {name: f"$response.body#/{member}" for name, member in filled.items()}
                name = operation["operationId"]
                yield name, {"operationId": name, "parameters": parameters}


def _filled(location, path, members):
    """Return `{parameter of path: member of the answer}` for a `path` that begins with `location`.

    `location` is the path template of the new resource, and `members` are the names in its answer.
    Return {} if `path` does not begin with `location`, or if a parameter can't be filled in.
    """
    filled = {}
    for there, here in zip_longest(location.split("/"), path.split("/")):
        if here is None or (there is not None and there != here and not _both(there, here)):
            return {}
        if here.startswith("{"):
            filled[here.strip("{}")] = (there or here).strip("{}")
    return filled if members >= set(filled.values()) else {}


def _both(there, here):
    return there.startswith("{") and here.startswith("{")


def _members(document, schema):
    """Return the member names of a schema; for a choice (`oneOf`), those that all schemas have."""
    names = [each["$ref"].rpartition("/")[2] for each in schema.get("oneOf", [schema])]
    shapes = [document["components"]["schemas"][name]["properties"].keys() for name in names]
    return set.intersection(*map(set, shapes))
