"""What one row of a table is called, in refusals and in the audit trail."""

SINGULAR = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("s", ""))  # endings


def noun_of(table: str) -> str:
    """Return the noun of one row: `delivery` of `deliveries`, `service_ticket` of `service_tickets`."""
    for many, one in SINGULAR:
        if table.endswith(many):
            return table.removesuffix(many) + one
    return table


def label_of(table: str) -> str:
    """Return the noun as people read it: `service ticket` of `service_tickets`."""
    return noun_of(table).replace("_", " ")
