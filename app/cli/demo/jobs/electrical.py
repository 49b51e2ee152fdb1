"""Jobs on the electrical system."""

from app.cli.demo.jobs.job import Job

JOBS = (
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
)
