"""What vehicles come in for."""

from app.cli.demo.jobs import chassis, electrical, engine, upkeep
from app.cli.demo.jobs.job import Job

JOBS = (*upkeep.JOBS, *chassis.JOBS, *engine.JOBS, *electrical.JOBS)

__all__ = ["JOBS", "Job"]
