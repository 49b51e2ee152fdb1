"""From what was made to what can be done with it: OpenAPI links, read off where it is found."""

from itertools import zip_longest


def link(document: dict, locations: dict[str, str]) -> None:
    """Give what each of these operations made its links; `locations` are templates of its Location."""
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
    """Those operations at and below its Location whose paths its answer can fill in."""
    for path, operations in document["paths"].items():
        filled = _filled(location, path, members)
        for operation in operations.values() if filled else ():
            if not operation.get("deprecated"):
                parameters = {name: f"$response.body#/{member}" for name, member in filled.items()}
                name = operation["operationId"]
                yield name, {"operationId": name, "parameters": parameters}


def _filled(location, path, members):
    """Which member fills which parameter of the path, or nothing where one can't be filled."""
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
    """What an answer has, whichever of its shapes it comes in."""
    names = [each["$ref"].rpartition("/")[2] for each in schema.get("oneOf", [schema])]
    shapes = [document["components"]["schemas"][name]["properties"].keys() for name in names]
    return set.intersection(*map(set, shapes))
