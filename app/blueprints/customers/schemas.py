"""Which customers are wanted."""

from app.web.pages import PageWanted, sorted_by, words


class CustomersWanted(PageWanted):
    q = words("in name, e-mail, phone, VIN and plate")
    sort = sorted_by("id", "name", "created_at", default="id")
