"""Which customers are wanted."""

from app.web.pages import PageWanted, sorted_by, words


class CustomersWanted(PageWanted):
    q = words("each word somewhere in name, e-mail, phone, or VIN or plate of a vehicle")
    sort = sorted_by("id", "name", "created_at", default="id")
