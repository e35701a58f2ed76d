"""Background jobs, run by Daemonproxy: start, tag, watch, query and forget them.

    with Jobs("control.socket") as jobs:
        job = jobs.start(["convert", "in.png", "out.jpg"], tags=["user=4711"], output="convert.log")
        job = jobs.wait(job.name)
        if not job.succeeded:
            ...
        jobs.forget(job.name)

All of it is in the package `daemonproxy`: `pydoc3 daemonproxy.jobs`. This file also finds the package in a clone or an
archive, and raises `Busy` when the daemon has no free connection slot.
"""

from __future__ import annotations

import sys
from pathlib import Path

try:
    import daemonproxy.jobs
except ModuleNotFoundError:
    root = Path(__file__).resolve().parents[2]
    sys.path += [str(root / "clients" / "python" / "src"), str(root / "python")]
    import daemonproxy.jobs

from daemonproxy.errors import CommandFailed, DaemonproxyError, NoAnswer
from daemonproxy.jobs import Job, JobError, NoSuchJob

__all__ = ["Busy", "CommandFailed", "DaemonproxyError", "Job", "JobError", "Jobs", "NoSuchJob"]


class Busy(JobError):
    """The daemon does not answer in time: all its connection slots are in use; its log names the users."""


class Jobs(daemonproxy.jobs.Jobs):
    """A connection to the daemon, with a model of all jobs that follows the events."""

    def __init__(self, path: str, timeout: float | None = 10.0) -> None:
        try:
            super().__init__(path, timeout=timeout)
        except NoAnswer as problem:
            raise Busy(f"the daemon at {path} has no place for another controller") from problem
