"""The day from opening to closing time, in the order in which a shop works."""

from app.day.chapters.closing import CLOSING
from app.day.chapters.crew import CREW
from app.day.chapters.customers import CUSTOMERS
from app.day.chapters.door import DOOR
from app.day.chapters.older import OLDER
from app.day.chapters.shelf import SHELF
from app.day.chapters.staff import STAFF
from app.day.chapters.tickets import TICKETS
from app.day.chapters.vehicles import VEHICLES
from app.day.chapters.work import WORK

DAY = (DOOR, STAFF, SHELF, CUSTOMERS, VEHICLES, TICKETS, CREW, WORK, OLDER, CLOSING)
