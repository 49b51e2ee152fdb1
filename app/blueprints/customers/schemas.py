"""Which customers are wanted."""

from app.web.fields import Text
from app.web.pages import PageWanted, sorted_by


class CustomersWanted(PageWanted):
    q = Text(allow_none=True, metadata={"description": "in name, e-mail, phone, VIN and plate"})
    sort = sorted_by("id", "name", "created_at", default="id")
