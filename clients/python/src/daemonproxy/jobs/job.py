"""A job, and how it is laid out in the daemon.

A job is a service that runs once. Its tags hold data for which the daemon has no field. `job.ID=1 CREATED LIMIT` marks
a job and its owner; both numbers are milliseconds, and LIMIT may be -1. `job-output=PATH` is its output file.
`job-end=timed-out` means that it exceeded its time limit. Other tags are the user's.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal, Tuple

from ..messages import DaemonproxyError
from ..model import ServiceInfo

ID_TAG = "job."
OWN_TAGS = ("job.", "job-")
OUTPUT_KEY = "job-output"
END_KEY = "job-end"
TIMED_OUT = "timed-out"
# The mark of the package Daemonproxy.Jobs, in a service that never runs.
_MARK_TAG = "jobs="
_VERSION = "1"


class JobError(DaemonproxyError):
    """A failure of a call about jobs. Errors of the daemon are CommandFailed, as everywhere."""


class NoSuchJob(JobError):
    """No job has this name: it never existed, it was forgotten, or the daemon was killed and lost it."""


class NameTaken(JobError):
    """Another job has this name, or another controller's service."""


@dataclass(frozen=True)
class Failure:
    """Why the program of a job was not executed."""

    step: str
    """The step of the start that failed, such as `execute`."""
    errno: str
    """The symbol of the error, such as `ENOENT`."""
    subject: str
    """The object of the step: the program, its interpreter or a descriptor; may be empty."""

    def __str__(self) -> str:
        return f"{self.step}: {self.errno} {self.subject}".rstrip()


@dataclass(frozen=True)
class Job:
    """A snapshot of a job. Times are those of `time.time`, to the second."""

    name: str
    """The name of its service."""
    status: Literal["new", "waiting", "running", "over"]
    """It is being made, it waits for its start, its process runs, or it is over."""
    args: Tuple[str, ...] = ()
    """The command line; the program alone, if the arguments were passed by a descriptor."""
    tags: Tuple[str, ...] = ()
    pid: int | None = None
    """The current or last process."""
    created: float | None = None
    """The time of its request; None for a job that this package has not started."""
    started: float | None = None
    ended: float | None = None
    exit_code: int | None = None
    signal: str | None = None
    """The signal that killed it, such as `SIGKILL`."""
    failure: Failure | None = None
    """Set if its program was not executed; then exit code and signal are not the program's."""
    is_stopped: bool = False
    """True if a stop was requested."""
    is_timed_out: bool = False
    """True if it was stopped because it exceeded its time limit."""
    time_limit: float | None = None
    """The seconds that it may run."""
    output: str | None = None
    """Its output file."""

    @property
    def is_over(self) -> bool:
        return self.status == "over"

    @property
    def succeeded(self) -> bool:
        """True if it exited with 0."""
        return self.is_over and self.exit_code == 0 and self.failure is None

    @property
    def how(self) -> str:
        """Its status in words: `running as 4242`, `exit code 7`, `killed by SIGKILL`."""
        if self.status == "running":
            return f"running as {self.pid}"
        if self.failure is not None:
            return f"not executed, {self.failure}"
        if self.is_over:
            return f"killed by {self.signal}" if self.signal else f"exit code {self.exit_code}"
        return self.status


class Clock:
    """The time of day of the daemon's seconds."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def time(self, since: int | None, least: float | None = None) -> float | None:
        """The time of an event of which only the second is known: not before an earlier event of that second."""
        if since is None:
            return None
        time = self._offset + since
        return least if least is not None and time < least < time + 1 else time


def id_tag(id: str, time_limit: float | None) -> Tuple[str, str]:
    """The tag with the owner of a job: key and value."""
    limit = -1 if time_limit is None else round(time_limit * 1000)
    return ID_TAG + id, f"{_VERSION} {round(time.time() * 1000)} {limit}"


def user_tags(service: ServiceInfo) -> Tuple[str, ...]:
    """The tags that are not ours."""
    return tuple(tag for tag in service.tags if not tag.startswith(OWN_TAGS) and tag)


def own_tags(service: ServiceInfo) -> Tuple[str, ...]:
    """Those that are."""
    return tuple(tag for tag in service.tags if tag.startswith(OWN_TAGS))


def is_job(service: ServiceInfo, prefix: str) -> bool:
    """Whether a service is one."""
    return service.name.startswith(prefix) and not any(tag.startswith(_MARK_TAG) for tag in service.tags)


def job_of(service: ServiceInfo, clock: Clock) -> Job:
    """The job that a service is."""
    facts = dict(tag.split("=", 1) for tag in own_tags(service) if "=" in tag)
    created, limit = _times_of(facts)
    is_over = service.phase in ("exited", "killed")
    started = None if service.since is None or service.phase in ("never", "waiting") else clock.time(
        service.since - (service.ran or 0), created)
    failure = None if service.failure is None or service.phase == "up" else Failure(
        service.failure.step, service.failure.reason, service.failure.text)
    stopped = service.stopped_since
    return Job(
        name=service.name,
        status="running" if service.phase == "up" else "over" if is_over else (
            "waiting" if service.phase == "waiting" else "over" if failure is not None else "new"),
        args=service.args,
        tags=user_tags(service),
        pid=service.pid,
        created=created,
        started=started,
        ended=clock.time(service.since, started) if is_over else None,
        exit_code=service.exit_code,
        signal=service.killed_by,
        failure=failure,
        is_stopped=stopped is not None and (not is_over or service.since is None or stopped <= service.since),
        is_timed_out=facts.get(END_KEY) == TIMED_OUT,
        time_limit=limit,
        output=facts.get(OUTPUT_KEY),
    )


def _times_of(facts: dict[str, str]) -> Tuple[float | None, float | None]:
    for key, value in facts.items():
        words = value.split(" ")
        if key.startswith(ID_TAG) and words[0] == _VERSION and len(words) == 3:
            try:
                created, limit = int(words[1]) / 1000, int(words[2]) / 1000
            except ValueError:
                continue
            return created, limit if limit >= 0 else None
    return None, None
