"""Background jobs for programs with threads, or with one."""

from __future__ import annotations

import concurrent.futures
import time
from typing import Any, Iterable, Iterator, List, Mapping, Sequence

from ..client import Client, result_of
from ..wire import Descriptor
from .core import GRACE, Core, Steps, is_over
from .job import Job
from .launch import Path
from .output import OutputFile

_MOST_AT_CLOSE = 2.0
_LOOK_AGAIN = 0.1


def _carry_out(steps: Steps, timeout: float | None = None) -> Any:
    """Waits for one step after the other."""
    deadline = None if timeout is None else time.monotonic() + timeout
    try:
        future = next(steps)
        while True:
            try:
                value = result_of(future, None if deadline is None else max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                steps.close()
                raise TimeoutError(f"The call is not done after {timeout} seconds.") from None
            except BaseException as problem:
                future = steps.throw(problem)
            else:
                future = steps.send(value)
    except StopIteration as end:
        return end.value


class Jobs:
    """Background jobs.

        with Jobs("/run/web.sock", directory="/var/lib/web/jobs") as jobs:
            job = jobs.start(["convert", "in.png", "out.jpg"], tags=["user=4711"], time_limit=60)
            job = jobs.wait(job.name)
            print(job.how, jobs.read_output(job.name))
            jobs.forget(job.name)

    The daemon keeps the jobs: the program that started one may end, and every program that can connect finds it by its
    name or its tags, running or finished, until it is forgotten. All methods may be called from any thread. The name of
    a job is that of its service; the prefix is added if it is missing.
    """

    def __init__(
        self, client: Client | Path | None = None, *, prefix: str = "job.", directory: Path | None = None,
        timeout: float | None = 10.0,
    ) -> None:
        """Connects, unless a client is given.

        - `client`: a client, which the caller still owns; or a control socket, as for `Client`.
        - `prefix`: the prefix of the names of jobs; services with other names are ignored. It is that of the socket.
        - `directory`: the directory of the output files, NAME.log; without it jobs print to /dev/null, unless they are
          started with `output`. It is created with mode 0700.
        - `timeout`: the time limit in seconds of a connection and of an answer.

        Raises ConnectFailed.
        """
        self._is_own = not isinstance(client, Client)
        self._client = client if isinstance(client, Client) else Client(client, timeout=timeout)
        self._timeout = timeout
        try:
            self._core = Core(self._client._link, prefix, directory)
        except BaseException:
            self.close()
            raise

    def start(
        self,
        args: Sequence[str],
        *,
        name: str | None = None,
        stdin: bytes | Descriptor | None = None,
        env: Mapping[str, str | None] | None = None,
        clear_env: bool = False,
        cwd: Path | None = None,
        tags: Iterable[str] = (),
        limits: Iterable[str] = (),
        time_limit: float | None = None,
        output: Path | None = None,
    ) -> Job:
        """Starts a job. A job whose program cannot be executed is over soon, with a `failure`.

        - `args`: the program, searched in PATH, and its arguments: any bytes but NUL, up to 128 KiB.
        - `name`: its name, for a request that may be sent twice; without it a random one. A name is accepted once.
        - `stdin`: bytes, or an open file; without it /dev/null.
        - `env`: variables to set, or, with None, to remove. Controllers of the daemon do not see them. Up to
          128 KiB.
        - `clear_env`: starts with an empty environment instead of the daemon's.
        - `cwd`: the working directory; without it that of the daemon.
        - `tags`: texts to find it by, such as `user=4711`.
        - `limits`: resource limits, such as `nofile=1024`, `as=2G`.
        - `time_limit`: the seconds that it may run; then it is stopped. This process enforces the limit.
        - `output`: a file to which standard output and standard error are appended, instead of one in the directory.

        Raises NameTaken; CommandFailed for errors of the daemon, such as ServiceFull; OSError for files.
        """
        return self._do(self._core.start(
            args, name, output, stdin=stdin, env=env, clear_env=clear_env, cwd=cwd, tags=tags, limits=limits,
            time_limit=time_limit))

    def get(self, name: str) -> Job:
        """A job. Raises NoSuchJob."""
        return self._do(self._core.get(name))

    def list(self, *tags: str) -> List[Job]:
        """Every job that has all of these tags, by name."""
        jobs: List[Job] = _carry_out(self._core.list(tags), self._timeout)
        return jobs

    def wait(self, name: str, timeout: float | None = None) -> Job:
        """The job, once it is over. Raises TimeoutError after `timeout` seconds, NoSuchJob if it was forgotten."""
        return self._do(self._core.wait(name), timeout, waits=True)

    def watch(self, *names: str, timeout: float | None = None) -> Iterator[Job]:
        """The jobs, and each job again after every change that is seen; several changes at once are one.

        With names it ends when each of these jobs is over or forgotten. Without names it watches all jobs, and never
        ends. Raises TimeoutError after `timeout` seconds.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        full = [self.get(name).name for name in names] or None
        _carry_out(self._core.synchronize(), self._timeout)
        state = self._core.model.state()
        seen: dict[str, Job] = {}
        while True:
            jobs = self._core.jobs(state, full)
            for name, job in jobs.items():
                if seen.get(name) != job:
                    yield job
            seen = jobs
            if full is not None and all(job.is_over for job in jobs.values()):
                return
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            state = result_of(self._core.model.wait(lambda now: self._core.jobs(now, full) != seen), left)

    def tag(self, name: str, *tags: str) -> Job:
        """Replaces the tags of a job."""
        return self._do(self._core.tag(name, tags))

    def stop(self, name: str, grace: float = GRACE) -> None:
        """Stops a job: SIGTERM to its process, and SIGKILL to all its processes after `grace` seconds. Processes that
        remain when its main process ends get SIGTERM, and SIGKILL two seconds later. A finished job is not an error.
        For a job that is being stopped the call has no effect, unless `grace` is 0.
        """
        _carry_out(self._core.stop(name, grace), self._timeout)

    def signal(self, name: str, signal: str | int, *, tree: bool = True) -> None:
        """Sends a signal to all processes of a job, or to the first alone. A finished job is not an error."""
        _carry_out(self._core.signal(name, signal, tree), self._timeout)

    def forget(self, name: str, *, keep_output: bool = False) -> None:
        """Forgets a finished job, and removes its file of the directory. Raises Running for a running one."""
        _carry_out(self._core.forget(name, keep_output), self._timeout)

    def read_output(self, name: str, offset: int = 0) -> bytes:
        """The output of a job so far, from an offset on; empty if it has no file."""
        with OutputFile(self.get(name).output, offset) as file:
            return b"".join(iter(file.read, b""))

    def follow_output(self, name: str, offset: int = 0, timeout: float | None = None) -> Iterator[bytes]:
        """The output of a job, piece by piece, until it is over. Raises TimeoutError after `timeout` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        job = self.get(name)
        with OutputFile(job.output, offset) as file:
            while True:
                # All output from before the end is in the file by now.
                was_over = is_over(self._core.model.service(job.name))
                yield from iter(file.read, b"")
                if was_over:
                    return
                if deadline is not None and time.monotonic() >= deadline:
                    raise TimeoutError(f"{job.name} is not over after {timeout} seconds.")
                try:
                    result_of(self._core.model.wait_service(job.name, is_over), _LOOK_AGAIN)
                except TimeoutError:
                    pass

    def close(self) -> None:
        """Closes the connection, if it owns it. The jobs keep running; time limits are no longer enforced."""
        core = getattr(self, "_core", None)
        if core is not None:
            concurrent.futures.wait(core.close(), _MOST_AT_CLOSE)
            concurrent.futures.wait(core.close(), _MOST_AT_CLOSE)
        if self._is_own:
            self._client.close()

    def __enter__(self) -> Jobs:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _do(self, steps: Steps, timeout: float | None = None, waits: bool = False) -> Job:
        job: Job = _carry_out(steps, timeout if waits else self._timeout)
        return job
