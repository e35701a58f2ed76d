"""Background jobs, run by Daemonproxy: start, tag, watch, query and forget them.

    with Jobs("control.socket") as jobs:
        job = jobs.start(["convert", "in.png", "out.jpg"], tags=["user=4711"], output="convert.log")
        job = jobs.wait(job.name)
        if not job.succeeded:
            ...
        jobs.forget(job.name)

The daemon keeps the jobs: the program that started a job may end, and every program that can connect to the control
socket finds the job by its name or its tags, running or over, until it is forgotten. A job runs in the daemon's
directory, with the daemon's environment, and with /dev/null as standard input.

A `Jobs` is one connection. It is not thread-safe: give each thread its own.
"""

from __future__ import annotations

import itertools
import secrets
import socket
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

PREFIX = "job."
"""The prefix of the names of jobs. This module ignores services with other names."""


class JobError(Exception):
    """The daemon refused a command; the text is the daemon's."""


class NoSuchJob(JobError):
    """No job has this name: it never existed, or it was forgotten."""


class ConnectionLost(JobError):
    """The daemon has ended, or has closed this connection."""


@dataclass(frozen=True)
class Failure:
    """Why the program of a job was not executed."""

    step: str
    """The step of the start that failed, such as `execute`."""
    errno: str
    """The symbol of the error, such as `ENOENT`."""
    subject: str
    """What it failed for: the program, its interpreter or a descriptor; may be empty."""

    def __str__(self) -> str:
        return f"{self.step}: {self.errno} {self.subject}".rstrip()


@dataclass(frozen=True)
class Job:
    """The state of a job at one moment."""

    name: str
    state: Literal["new", "waiting", "running", "over"] = "new"
    argv: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    pid: int | None = None
    """Set while the job runs, and afterwards."""
    since: int | None = None
    """The time at which it entered this state, in seconds of the monotonic clock (time.monotonic)."""
    exit_code: int | None = None
    signal: str | None = None
    """The signal that killed it, such as `SIGKILL`."""
    failure: Failure | None = None
    """Set if its program was not executed; then exit code and signal are not the program's."""

    @property
    def is_over(self) -> bool:
        return self.state == "over"

    @property
    def succeeded(self) -> bool:
        return self.is_over and self.exit_code == 0 and self.failure is None


class Busy(JobError):
    """The daemon does not answer in time: all its places for controllers are taken, its log says by whom."""


class Jobs:
    """A connection to the daemon, with a model of all jobs that follows the events."""

    def __init__(self, path: str, timeout: float | None = 10.0) -> None:
        """Connects to a control socket, see the daemon's option -S. Raises OSError if no daemon listens there, and
        Busy if it does not answer within `timeout` seconds (None: no limit)."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._lines: deque[bytes] = deque()
        self._unfinished = b""
        self._picture: dict[str, Job] = {}
        self._outputs: set[str] = set()
        self._errors: list[str] = []
        self._token = ""
        self._numbers = itertools.count(1)
        try:
            deadline = None if timeout is None else time.monotonic() + timeout
            self._socket.settimeout(timeout)
            try:
                self._socket.connect(path)
                self._ask(["statedump"], deadline=deadline)
            except (TimeoutError, BlockingIOError) as problem:
                raise Busy(f"the daemon at {path} has no place for another controller") from problem
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> Jobs:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection. The jobs go on."""
        self._socket.close()

    def start(self, argv: Sequence[str], *, tags: Iterable[str] = (), output: str | None = None) -> Job:
        """Starts a job under a new name.

        Standard output and standard error are appended to the file `output`. This method opens it, so the path is
        relative to the caller's directory. A job whose program cannot be executed is over with a `failure`.
        """
        name = PREFIX + secrets.token_hex(8)
        target = "null" if output is None else name + ".out"
        commands = [
            ["service.args", name, *argv],
            ["service.tags", name, *tags],
            ["service.fds", name, "null", target, target],
            ["service.start", name],
        ]
        if not argv or not argv[0]:
            raise ValueError("a job needs a program")
        for command in commands:
            _line(command)  # Before anything is sent.
        if output is not None:
            with open(output, "ab") as file:
                self._give(target, file.fileno())
        errors = self._ask(*commands)
        job = self._picture.get(name)
        if errors or job is None or job.state == "new":
            self._clear(name)
            raise JobError(errors[0] if errors else "the job was not started")
        if output is not None:
            self._release(name)
        return self._picture.get(name, job)

    def all(self, *tags: str) -> list[Job]:
        """Every job that has all of these tags, by name."""
        self._ask()
        return [job for _, job in sorted(self._picture.items()) if set(tags) <= set(job.tags)]

    def get(self, name: str) -> Job:
        """The state of this job now."""
        self._ask()
        return self._find(name)

    def tag(self, name: str, *tags: str) -> Job:
        """Replaces the tags of a job."""
        self.get(name)
        self._must(["service.tags", name, *tags])
        return self._find(name)

    def stop(self, name: str, signal: str = "SIGTERM") -> None:
        """Sends a signal to a job. A job that is over already is not an error."""
        self.get(name)
        errors = self._ask(["service.signal", name, signal])
        if errors and not self._find(name).is_over:
            raise JobError(errors[0])

    def forget(self, name: str) -> None:
        """Forgets a job that does not run. A job that is already forgotten is not an error."""
        self.get(name)
        errors = self._clear(name)
        if name in self._picture:
            raise JobError(errors[0] if errors else "the job was not forgotten")

    def wait(self, name: str, timeout: float | None = None) -> Job:
        """Waits until a job is over. Raises TimeoutError after `timeout` seconds."""
        for job in self.watch(name, timeout=timeout):
            if job.is_over:
                return job
        raise NoSuchJob(f"{name} was forgotten")

    def watch(self, *names: str, timeout: float | None = None) -> Iterator[Job]:
        """Yields the jobs, and each job again after every change.

        With names, ends when each of these jobs is over or forgotten; without, watches all jobs and never ends. Raises
        TimeoutError after `timeout` seconds.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        self._ask()
        for name in names:
            self._find(name)
        seen: dict[str, Job] = {}
        while True:
            picture = self._picture if not names else {n: self._picture[n] for n in names if n in self._picture}
            changed = [job for name, job in sorted(picture.items()) if seen.get(name) != job]
            seen = dict(picture)
            yield from changed
            if names and all(job.is_over for job in seen.values()):
                return
            self._take(self._read(deadline))
            self._settle(deadline)

    # Lines, as they go and come.

    def _ask(self, *commands: list[str], deadline: float | None = None) -> list[str]:
        """Sends commands and waits until they are done; what went wrong with them.

        The daemon runs the commands of one connection in order. So when the echo of a word comes back, everything
        before it is done, and every event of it was seen.
        """
        self._errors = []
        self._token = f"done {next(self._numbers)}"
        self._send(b"".join(_line(command) for command in [*commands, ["echo", self._token]]))
        self._settle(deadline)
        return self._errors

    def _must(self, *commands: list[str]) -> None:
        if errors := self._ask(*commands):
            raise JobError(errors[0])

    def _settle(self, deadline: float | None) -> None:
        while self._token:
            self._take(self._read(deadline))

    def _send(self, data: bytes) -> None:
        try:
            self._socket.settimeout(None)
            self._socket.sendall(data)
        except OSError as problem:
            raise ConnectionLost(str(problem)) from problem

    def _give(self, fd_name: str, number: int) -> None:
        """Sends an open descriptor; the daemon keeps it under this name."""
        line = _line(["fd.take", fd_name])
        try:
            self._socket.settimeout(None)
            sent = socket.send_fds(self._socket, [line], [number])
        except OSError as problem:
            raise ConnectionLost(str(problem)) from problem
        self._send(line[sent:])

    def _read(self, deadline: float | None) -> list[str]:
        while not self._lines:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError("the time is over")
            self._socket.settimeout(left)
            try:
                data = self._socket.recv(65536)
            except TimeoutError:
                continue
            except OSError as problem:
                raise ConnectionLost(str(problem)) from problem
            if not data:
                raise ConnectionLost("the daemon has closed the connection")
            *lines, self._unfinished = (self._unfinished + data).split(b"\n")
            self._lines.extend(lines)
        return self._lines.popleft().decode(errors="surrogateescape").split("\t")

    # The model.

    def _take(self, event: list[str]) -> None:
        match event:
            case [word] if word == self._token:
                self._token = ""
            case ["overflow"]:
                # Events were lost, perhaps with the echo that we wait for: ask for the whole state again.
                self._picture.clear()
                self._outputs.clear()
                self._token = f"done {next(self._numbers)}"
                self._send(b"statedump\n" + _line(["echo", self._token]))
            case ["error", *words]:
                text, _, _ = "\t".join(words).partition(', for command "')
                self._errors.append(text)
            case ["fd.state", fd, kind, *_] if fd.startswith(PREFIX):
                (self._outputs.discard if kind == "deleted" else self._outputs.add)(fd)
            case ["service.state", name, "deleted", *_]:
                self._picture.pop(name, None)
            case ["service.state", name, *fields] if name.startswith(PREFIX):
                self._picture[name] = _with_state(self._picture.get(name, Job(name)), fields)
            case ["service.failed", name, _, step, errno, subject] if name in self._picture:
                self._picture[name] = replace(self._picture[name], failure=Failure(step, errno, subject))
            case ["service.args", name, *argv] if name in self._picture:
                self._picture[name] = replace(self._picture[name], argv=tuple(argv))
            case ["service.args", name, *argv] if name.startswith(PREFIX):
                self._picture[name] = Job(name, argv=tuple(argv))
            case ["service.tags", name, *tags] if name in self._picture:
                self._picture[name] = replace(self._picture[name], tags=tuple(tag for tag in tags if tag))

    def _find(self, name: str) -> Job:
        if name not in self._picture:
            raise NoSuchJob(f"there is no job {name}")
        return self._picture[name]

    def _release(self, name: str) -> None:
        """Closes the daemon's own copy of a job's output, once the job has it."""
        while name in self._picture and self._picture[name].state == "waiting":
            self._take(self._read(None))
            self._settle(None)
        self._ask(["fd.delete", name + ".out"])

    def _clear(self, name: str) -> list[str]:
        commands = [["service.delete", name]]
        if name + ".out" in self._outputs:
            commands.append(["fd.delete", name + ".out"])
        return self._ask(*commands)


def _with_state(job: Job, fields: list[str]) -> Job:
    state, since, pid, reason, value = fields[:5]
    return replace(
        job,
        state={"start": "waiting", "up": "running", "down": "new" if since == "-" else "over"}[state],
        pid=None if pid == "-" else int(pid),
        since=None if since == "-" else int(since),
        exit_code=int(value) if reason == "exit" else None,
        signal=value if reason == "signal" else None,
        failure=None if state == "up" else job.failure,
    )


def _line(fields: Sequence[str]) -> bytes:
    """A line of these fields. The protocol has no escapes, so some bytes cannot be sent."""
    for field in fields:
        if any(byte in field for byte in "\t\n\0"):
            raise ValueError(f"no TAB, line feed or NUL can be sent: {field!r}")
    return "\t".join(fields).encode(errors="surrogateescape") + b"\n"
