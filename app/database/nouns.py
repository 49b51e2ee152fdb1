"""Names of tables in the singular, for refusals and the audit trail."""

SINGULAR = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("s", ""))  # endings


def noun_of(table: str) -> str:
    """Return a table's name in the singular: `delivery` for `deliveries`."""
    for many, one in SINGULAR:
        if table.endswith(many):
            return table.removesuffix(many) + one
    return table


def label_of(table: str) -> str:
    """Return a table's name in the singular with spaces: `service ticket` for `service_tickets`."""
    return noun_of(table).replace("_", " ")
