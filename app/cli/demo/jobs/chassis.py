"""Jobs on brakes, chassis and drivetrain."""

from app.cli.demo.jobs.job import Job

JOBS = (
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
        "chassis",
        (120, 200),
        (
            "Bounces over every bump; nose dives when braking.",
            "Clunk from the front over speed bumps.",
            "Leaks oil down a front strut, says the inspection.",
        ),
        {"strut": 2},
        {"sway bar link": 2},
    ),
    Job(
        "chassis",
        (60, 120),
        (
            "Rattle from the front on gravel roads.",
            "Knocks in slow turns over curbs.",
            "Leans more than it used to in bends.",
        ),
        {"sway bar link": 2},
        {"sway bar bushing": 1, "control arm": 1},
    ),
    Job(
        "chassis",
        (70, 120),
        (
            "Wanders on the highway, play in the steering.",
            "Steering wheel is off center after hitting a pothole.",
            "Front tires are worn on the inside edge.",
        ),
        {"tie rod end": 2},
        {"control arm": 1},
        priority=2,
    ),
    Job(
        "chassis",
        (90, 150),
        (
            "Humming that gets louder with speed.",
            "Growl from the right front, louder in left turns.",
        ),
        {"hub": 1},
        {"axle seal": 1},
        priority=2,
        often=3,
    ),
    Job(
        "drivetrain",
        (80, 140),
        (
            "Clicks in tight turns under power.",
            "Grease is thrown all over the inside of a front wheel.",
            "Vibrates when accelerating, stops when coasting.",
        ),
        {"cv axle": 1},
        {"axle seal": 1, "transmission fluid": 1},
    ),
    Job(
        "drivetrain",
        (70, 130),
        (
            "Shifts late and hard when cold.",
            "Transmission service is due.",
            "Shudders between 30 and 40 mph.",
        ),
        {"transmission fluid": 5, "transmission filter": 1},
        {},
        often=3,
    ),
    Job(
        "drivetrain",
        (60, 120),
        (
            "Loud since yesterday; something hangs under the car.",
            "Exhaust rattles at idle.",
            "Exhaust smell in the cabin with the windows open.",
        ),
        {"exhaust gasket": 1, "exhaust clamp": 1, "exhaust hanger": 2},
        {"muffler": 1},
    ),
)
