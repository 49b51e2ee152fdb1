"""Jobs of regular maintenance: oil, inspections, wipers and tires."""

from decimal import Decimal

from app.cli.demo.jobs.job import Job

JOBS = (
    Job(
        "service",
        (30, 60),
        (
            "Oil change is due.",
            "Regular oil and filter service.",
            "Oil life indicator shows 10 percent.",
            "Oil service, and top up all fluids.",
            "Due for the 5,000 mile service.",
            "Maintenance light came on this week.",
        ),
        {"oil": Decimal("4.5"), "oil filter": 1, "drain plug gasket": 1},
        {"washer fluid": 1, "air filter": 1, "cabin filter": 1},
        priority=4,
        often=12,
    ),
    Job(
        "service",
        (150, 240),
        (
            "60,000 mile service as in the owner's manual.",
            "Major service before a long road trip.",
            "Bought it used without papers; wants a full service.",
        ),
        {"oil": 5, "oil filter": 1, "air filter": 1, "cabin filter": 1, "spark plug": 4},
        {"brake fluid": 1, "pcv valve": 1, "drain plug gasket": 1},
        priority=4,
        often=3,
    ),
    Job(
        "service",
        (45, 90),
        (
            "Inspection before buying: wants to know what it will need.",
            "General check before selling the vehicle.",
            "Wants everything looked over, no particular complaint.",
        ),
        {},
        {},
        priority=4,
    ),
    Job(
        "service",
        (15, 40),
        (
            "Wipers streak and chatter.",
            "Washer doesn't spray; the tank is full.",
            "Can't see at night in the rain, wipers smear.",
        ),
        {"wiper blade": 2},
        {"washer pump": 1, "washer fluid": 1},
        often=3,
    ),
    Job(
        "tires",
        (60, 90),
        (
            "Needs four new tires before winter.",
            "Tires are down to the wear bars.",
            "Hydroplanes; wants a set of all-season tires.",
        ),
        {"tire": 4, "valve stem": 4, "wheel weight": 4},
        {},
        often=4,
    ),
    Job(
        "tires",
        (20, 40),
        (
            "Picked up a nail; loses 10 psi a day.",
            "Flat tire, came in on the spare.",
            "Slow leak in the right rear tire.",
        ),
        {"tire plug": 1},
        {"valve stem": 1, "wheel weight": 1},
        priority=2,
        often=3,
    ),
    Job(
        "tires",
        (25, 50),
        (
            "Tire pressure light stays on with the right pressures.",
            "Tire pressure light blinks for a minute at each start.",
        ),
        {"tire sensor": 1},
        {"valve stem": 1},
        priority=4,
    ),
)
