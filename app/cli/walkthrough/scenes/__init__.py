"""The scenes of the walkthrough in order: example API calls of a working day in a shop.

Documentation and tests are made from them.
"""

from app.cli.walkthrough.scenes.billing import BILLING
from app.cli.walkthrough.scenes.canned import CANNED
from app.cli.walkthrough.scenes.closing import CLOSING
from app.cli.walkthrough.scenes.consent import CONSENT
from app.cli.walkthrough.scenes.crediting import CREDITING
from app.cli.walkthrough.scenes.crew import CREW
from app.cli.walkthrough.scenes.customers import CUSTOMERS
from app.cli.walkthrough.scenes.door import DOOR
from app.cli.walkthrough.scenes.jobs import JOBS
from app.cli.walkthrough.scenes.older import OLDER
from app.cli.walkthrough.scenes.paying import PAYING
from app.cli.walkthrough.scenes.reporting import REPORTING
from app.cli.walkthrough.scenes.settings import SETTINGS
from app.cli.walkthrough.scenes.shelf import SHELF
from app.cli.walkthrough.scenes.staff import STAFF
from app.cli.walkthrough.scenes.tickets import TICKETS
from app.cli.walkthrough.scenes.vehicles import VEHICLES
from app.cli.walkthrough.scenes.waiting import WAITING
from app.cli.walkthrough.scenes.work import WORK

DAY = (
    DOOR,
    SETTINGS,
    STAFF,
    SHELF,
    CUSTOMERS,
    VEHICLES,
    TICKETS,
    CREW,
    WORK,
    JOBS,
    CANNED,
    CONSENT,
    WAITING,
    BILLING,
    PAYING,
    REPORTING,
    CREDITING,
    OLDER,
    CLOSING,
)
