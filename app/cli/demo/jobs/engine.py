"""Jobs on the engine, the cooling and the air conditioning."""

from app.cli.demo.jobs.job import Job

JOBS = (
    Job(
        "engine",
        (70, 120),
        (
            "Check engine light flashes under load and it shakes.",
            "Rough idle, worst when cold.",
            "Hesitates when pulling away; fuel use went up.",
            "Stumbles going uphill in the rain.",
        ),
        {"spark plug": 4, "ignition coil": 1},
        {"air filter": 1},
        priority=2,
        often=4,
    ),
    Job(
        "engine",
        (50, 95),
        (
            "Check engine light is on, drives normally.",
            "Check engine light came on again after the last fill-up.",
            "Failed the emissions test.",
        ),
        {"oxygen sensor": 1},
        {"gas cap": 1, "purge valve": 1},
        often=3,
    ),
    Job(
        "engine",
        (90, 200),
        (
            "Oil spots in the garage.",
            "Smells of burning oil at traffic lights.",
            "Has to add a quart of oil every month.",
        ),
        {"valve cover gasket": 1, "sealant": 1},
        {"oil": 2, "pcv valve": 1, "oil pressure switch": 1},
        often=3,
    ),
    Job(
        "engine",
        (40, 80),
        (
            "Squeal from the engine when starting cold.",
            "Chirping noise that follows the engine speed.",
            "Belt looks cracked; was told so at the car wash.",
        ),
        {"serpentine belt": 1},
        {"tensioner": 1},
    ),
    Job(
        "engine",
        (110, 190),
        (
            "Cranks but won't start; no hum from the tank.",
            "Loses power on the highway and then recovers.",
            "Stalls when the tank is below a quarter.",
        ),
        {"fuel pump": 1},
        {"fuel filter": 1},
        priority=2,
    ),
    Job(
        "engine",
        (360, 540),
        (
            "Rattle from the front of the engine for two seconds after a cold start.",
            "Timing code is stored; noisy at idle.",
        ),
        {"timing kit": 1, "coolant": 1, "oil": 5, "oil filter": 1},
        {"valve cover gasket": 1},
        priority=2,
        often=1,
    ),
    Job(
        "engine",
        (60, 110),
        (
            "Whole car shudders in drive at a stop.",
            "Clunk when shifting from park to reverse.",
        ),
        {"engine mount": 1},
        {"transmission mount": 1},
    ),
    Job(
        "climate",
        (70, 120),
        (
            "Temperature climbs in traffic and falls on the road.",
            "Heater blows cold and the gauge never reaches the middle.",
            "Overheated once on the pass; was left to cool.",
        ),
        {"thermostat": 1, "coolant": 2},
        {"radiator cap": 1, "radiator hose": 1},
        priority=2,
        often=3,
    ),
    Job(
        "climate",
        (130, 220),
        (
            "Coolant puddle under the front after parking.",
            "Sweet smell, and the coolant light is on.",
            "Loses a cup of coolant each week; whine from the pump.",
        ),
        {"water pump": 1, "coolant": 2},
        {"serpentine belt": 1, "thermostat": 1},
        priority=2,
    ),
    Job(
        "climate",
        (60, 100),
        (
            "A/C blows warm.",
            "A/C is cool on the road and warm at lights.",
            "A/C worked last summer, nothing this year.",
        ),
        {"refrigerant": 2, "a/c o-rings": 1},
        {"cabin filter": 1},
        often=3,
    ),
    Job(
        "climate",
        (170, 260),
        (
            "A/C compressor makes a grinding noise when it switches on.",
            "No cold air; the clutch of the compressor doesn't engage.",
        ),
        {"compressor": 1, "refrigerant": 3, "a/c o-rings": 1},
        {"condenser": 1},
        often=1,
    ),
)
