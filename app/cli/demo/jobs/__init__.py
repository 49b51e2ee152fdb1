"""The demo shop's kinds of work: JOBS, for which vehicles come in, and FINDINGS, which it finds then."""

from app.cli.demo.jobs import chassis, electrical, engine, upkeep
from app.cli.demo.jobs.findings import FINDINGS
from app.cli.demo.jobs.job import Job

JOBS = (*upkeep.JOBS, *chassis.JOBS, *engine.JOBS, *electrical.JOBS)

__all__ = ["FINDINGS", "JOBS", "Job"]
