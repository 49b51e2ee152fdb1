"""The kinds of work for which vehicles come to the demo shop, and those that it finds there."""

from app.cli.demo.jobs import chassis, electrical, engine, upkeep
from app.cli.demo.jobs.findings import FINDINGS
from app.cli.demo.jobs.job import Job

JOBS = (*upkeep.JOBS, *chassis.JOBS, *engine.JOBS, *electrical.JOBS)

__all__ = ["FINDINGS", "JOBS", "Job"]
