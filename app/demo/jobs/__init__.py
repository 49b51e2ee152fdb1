"""What vehicles come in for."""

from app.demo.jobs import chassis, electrical, engine, upkeep
from app.demo.jobs.job import Job

JOBS = (*upkeep.JOBS, *chassis.JOBS, *engine.JOBS, *electrical.JOBS)

__all__ = ["JOBS", "Job"]
