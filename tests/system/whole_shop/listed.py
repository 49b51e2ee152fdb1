"""Which kind of rows an answer is about, and the lists whose content the book knows."""

OF_WHAT = {
    **dict.fromkeys(("see_tickets", "see_my_tickets", "see_visits", "open_ticket"), "ticket"),
    **dict.fromkeys(("see_ticket", "change_ticket", "move", "assign", "edit_crew"), "ticket"),
    **dict.fromkeys(("remove_mechanic", "set_quantity"), "ticket"),
    **dict.fromkeys(("see_customers", "see_customer", "take_in", "change_customer"), "customer"),
    "merge_customers": "customer",
    **dict.fromkeys(("see_vehicles", "see_vehicles_of", "see_vehicle"), "vehicle"),
    **dict.fromkeys(("add_vehicle", "change_vehicle"), "vehicle"),
    **dict.fromkeys(("see_parts", "see_part", "add_part", "change_part", "restore"), "part"),
    **dict.fromkeys(("see_staff", "see_mechanic", "see_ranking", "hire"), "mechanic"),
    **dict.fromkeys(("change_mechanic",), "mechanic"),
    **dict.fromkeys(("use_part", "use_parts", "see_lines", "see_usage"), "line"),
    **dict.fromkeys(("see_assignments", "add_assignment"), "assignment"),
    "see_moves": "status_change",
    "see_ledger": "movement",
    **dict.fromkeys(("add_job", "change_job", "dismiss_job", "use_canned_job"), "job"),
    **dict.fromkeys(("see_jobs", "see_job", "see_recommendations"), "job"),
    **dict.fromkeys(("add_line", "add_discount", "change_line", "use_line"), "line"),
    **dict.fromkeys(("return_line", "see_line", "see_lines_of_jobs"), "line"),
    **dict.fromkeys(("authorize", "decide_by_link", "see_authorizations"), "authorization"),
    "see_authorization": "authorization",
    **dict.fromkeys(("pay", "refund", "pay_for_customer", "see_payments"), "payment"),
    **dict.fromkeys(("see_payments_of", "see_payment"), "payment"),
    **dict.fromkeys(("credit", "see_credit_notes", "see_credit_notes_of"), "credit_note"),
    **dict.fromkeys(("see_credit_note", "see_credit_document"), "credit_note"),
    "see_charges": "charge",
    **dict.fromkeys(("make_link", "see_links"), "link"),
    **dict.fromkeys(("issue", "see_invoices", "see_invoice", "see_document"), "invoice"),
    **dict.fromkeys(("add_canned_job", "change_canned_job"), "canned_job"),
    **dict.fromkeys(("see_canned_jobs", "see_canned_job"), "canned_job"),
}


# The acts whose lists the book knows completely.
LISTS = {
    *("see_customers", "see_vehicles_of", "see_vehicles", "see_visits", "see_tickets"),
    *("see_my_tickets", "see_parts", "see_staff", "see_ranking"),
    *("see_jobs", "see_lines_of_jobs", "see_authorizations", "see_links"),
    *("see_recommendations", "see_canned_jobs", "see_invoices"),
    *("see_payments", "see_payments_of", "see_credit_notes", "see_credit_notes_of"),
    "see_charges",
}


def listed(step) -> str:
    """Return the kind of rows that the ids in the answer to this step belong to."""
    return OF_WHAT.get(step.act, "account")


def id_in(item: dict) -> int:
    """Return the id of a row in a list; a recommendation has that of its job."""
    return item["id"] if "id" in item else item["job_id"]
