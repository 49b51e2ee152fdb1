"""What vehicles come in for: the complaints, the trade, the time and the parts it takes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Job:
    """One kind of work. `needs` and `perhaps` name parts by role, with the quantity."""

    trade: str
    minutes: tuple[int, int]
    complaints: tuple[str, ...]
    needs: dict[str, int]
    perhaps: dict[str, int]
    priority: int = 3
    often: int = 2


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
        {"oil": 5, "oil filter": 1, "drain plug gasket": 1},
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
        "brakes",
        (75, 130),
        (
            "Grinding noise from the front when braking.",
            "Squeals at every stop, worst in the morning.",
            "Steering wheel shakes when braking from highway speed.",
            "Brake pedal pulses and the stops are long.",
        ),
        {"front pads": 1, "front rotor": 2, "brake cleaner": 1},
        {"brake hardware": 1},
        priority=2,
        often=5,
    ),
    Job(
        "brakes",
        (75, 120),
        (
            "Scraping noise from the rear brakes.",
            "Rear brakes squeak when backing out of the driveway.",
            "The state inspection failed it for thin rear pads.",
        ),
        {"rear pads": 1, "rear rotor": 2, "brake hardware": 1},
        {"brake cleaner": 1},
        priority=2,
        often=4,
    ),
    Job(
        "brakes",
        (90, 150),
        (
            "Pulls to the left when braking, and that wheel is hot after a drive.",
            "Burning smell from a front wheel after driving.",
            "Brake fluid is low and there is a wet spot inside a front wheel.",
        ),
        {"caliper": 1, "brake fluid": 1},
        {"brake hose": 1, "front pads": 1, "brake cleaner": 1},
        priority=1,
    ),
    Job(
        "brakes",
        (50, 90),
        (
            "ABS light is on all the time.",
            "ABS and traction lights come on above 20 mph.",
            "Brake pedal trembles just before standing still on dry roads; ABS light flickers.",
        ),
        {"wheel speed sensor": 1},
        {},
        priority=2,
    ),
    Job(
        "electrical",
        (25, 45),
        (
            "Slow to crank in the cold.",
            "Needed a jump start twice this week.",
            "Dead after standing for three days.",
            "Clicks but won't start; the lights are dim.",
        ),
        {"battery": 1},
        {"battery terminal": 2},
        priority=2,
        often=4,
    ),
    Job(
        "electrical",
        (90, 150),
        (
            "Battery light is on while driving.",
            "Lights dim at idle, and the battery is new.",
            "Died on the highway; towed in. The battery was flat.",
        ),
        {"alternator": 1},
        {"serpentine belt": 1},
        priority=2,
    ),
    Job(
        "electrical",
        (80, 140),
        (
            "One loud click and no crank; the battery tests good.",
            "Starts only at the third or fourth try.",
            "Grinding noise when starting.",
        ),
        {"starter": 1},
        {"battery terminal": 1},
        priority=2,
    ),
    Job(
        "electrical",
        (15, 40),
        (
            "Left headlamp is out.",
            "Was stopped because a tail lamp is out.",
            "One headlamp is dimmer than the other; wants both done.",
        ),
        {"headlamp bulb": 2},
        {"tail lamp bulb": 2, "fuse": 1},
    ),
    Job(
        "electrical",
        (80, 140),
        (
            "Driver's window dropped into the door.",
            "Rear window goes down but not up again.",
            "Window grinds and stops halfway.",
        ),
        {"window regulator": 1},
        {"fuse": 1},
    ),
    Job(
        "electrical",
        (60, 110),
        (
            "Heater fan works on the highest speed only.",
            "No air from the vents, on any speed.",
            "Blower squeals, louder on high.",
        ),
        {"blower resistor": 1},
        {"blower motor": 1, "cabin filter": 1},
    ),
    Job(
        "electrical",
        (50, 100),
        (
            "Rear door doesn't lock with the remote.",
            "Driver's door lock buzzes but doesn't move.",
            "Alarm goes off at night; the door reads as open.",
        ),
        {"door lock actuator": 1},
        {"door latch": 1},
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
)
