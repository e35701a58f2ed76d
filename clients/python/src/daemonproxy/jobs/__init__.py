"""Background jobs of a web service: `Jobs` for threads, `AsyncJobs` for asyncio."""

from .aio import AsyncJobs
from .job import Failure, Job, JobError, NameTaken, NoSuchJob
from .plain import Jobs

__all__ = ["AsyncJobs", "Failure", "Job", "JobError", "Jobs", "NameTaken", "NoSuchJob"]
