"""The code shared by both kinds of jobs: each call is a sequence of steps.

A step is a future; `Jobs` waits for it, and `AsyncJobs` awaits it. So each call is written once.
"""

from __future__ import annotations

import os
import random
import secrets
import threading
import time
from concurrent.futures import CancelledError, Future
from typing import Any, Dict, Generator, Iterable, List, Mapping, Sequence, Set

from ..client import result_of
from ..failures import AnswerLost, ConnectionClosed
from ..link import Link
from ..messages import Command, CommandFailed
from ..model import Model, ServiceInfo, State
from ..protocol.commands import LINES
from ..protocol.errors import Internal, NotAllowed, NotRunning, NoTree, Running, ServiceUnknown
from ..protocol.events import ServiceTagsEvent
from ..session import Result
from ..wire import Descriptor
from .job import (
    END_KEY, ID_TAG, TIMED_OUT, Clock, Job, JobError, NameTaken, NoSuchJob, is_job, job_of, own_tags,
)
from .launch import Launch, Path, descriptors_of, whole_seconds

Steps = Generator["Future[Any]", Any, Any]

GRACE = 10.0
"""The seconds from SIGTERM to SIGKILL, by default."""
# A process that did not start the job enforces its time limit this much later.
_NEIGHBOUR_DELAY = 15.0
_MOST_WAIT = 3600.0


def is_over(service: ServiceInfo | None) -> bool:
    """Whether there is nothing to wait for."""
    return service is None or service.phase in ("exited", "killed") or (
        service.phase == "never" and service.failure is not None)


class Core:
    """Jobs over a link."""

    def __init__(self, link: Link, prefix: str, directory: Path | None) -> None:
        if not prefix or len(prefix) > 13:
            raise ValueError("prefix: 1 to 13 characters")
        self.link = link
        self.model: Model = link.follow()
        self.prefix = prefix
        self.directory = None if directory is None else os.path.abspath(os.fspath(directory))
        if self.directory is not None:
            os.makedirs(self.directory, mode=0o700, exist_ok=True)
        self._clock = Clock()
        self._releases: Set[Future[Any]] = set()
        self._lock = threading.Lock()
        self._limited: Set[str] = set()
        self._keeper: threading.Thread | None = None
        self._closing = threading.Event()
        self._change: Future[Any] | None = None
        self.model.wait(lambda _: True).add_done_callback(self._keep_limits_of_others)

    def full_name(self, name: str) -> str:
        """The name of the service."""
        return name if name.startswith(self.prefix) else self.prefix + name

    def start(
        self, args: Sequence[str], name: str | None, output: Path | None, *, stdin: bytes | Descriptor | None,
        env: Mapping[str, str | None] | None, clear_env: bool, cwd: Path | None, tags: Iterable[str],
        limits: Iterable[str], time_limit: float | None,
    ) -> Steps:
        full = self.full_name(name if name is not None else secrets.token_hex(8))
        yield self.model.wait_whole()
        if self.model.service(full) is not None:
            raise NameTaken(f"There is a job {full} already.")
        is_own_file = output is None and self.directory is not None
        path = os.path.join(self.directory or "", full + ".log") if is_own_file else output
        try:
            launch = Launch(
                full, args, stdin=stdin, env=env, clear_env=clear_env, cwd=cwd, tags=tags, limits=limits,
                time_limit=time_limit, output=None if path is None else os.fspath(path), is_new_output=is_own_file)
        except FileExistsError:
            raise NameTaken(f"The output of an earlier job {full} exists: {path}") from None
        try:
            yield from self._launch(launch, is_known=name is not None)
        except (CommandFailed, NameTaken, GeneratorExit):
            if is_own_file and path is not None:
                _remove(os.fspath(path))
            raise
        finally:
            launch.close()
        if time_limit is not None:
            self._keep_limit_of(full)
        return self.job(full)

    def _launch(self, launch: Launch, is_known: bool) -> Steps:
        # A service that was made in one daemon must not be started in another.
        connection = self.link.connections
        # A random name is unique, so there is no answer to wait for.
        first = [] if is_known else [launch.claim]
        if is_known:
            yield from self._claim(launch)
        try:
            # All of them are sent at once, and the start when all are answered: an incomplete service is not started.
            yield from self._surely([*first, *launch.takes, *launch.settings])
            yield from self._start_once(launch.name, connection)
        except (CommandFailed, ConnectionClosed):
            yield from self._clear(launch.name)
            raise
        except GeneratorExit:
            # No caller waits any more, or knows its name: the service is removed, unless it runs already.
            try:
                self._close_descriptors(launch.name)
                self.link.submit(LINES.service_delete(launch.name))
            except ConnectionClosed:
                pass  # The daemon is gone, and the service with it.
            raise
        self._release_later(launch.name)

    # If two clients claim a name, the daemon runs one claim first, and the answer to the second shows both.
    def _claim(self, launch: Launch) -> Steps:
        claimed: Result = (yield from self._surely([launch.claim]))[0]
        seen = [event for event in claimed.answers if isinstance(event, ServiceTagsEvent) and event.name == launch.name]
        others = [tag for tag in (seen[-1].tags if seen else ()) if tag.startswith("job.")]
        if any(not tag.startswith(ID_TAG + launch.id) for tag in others):
            yield from self._try(launch.withdrawal)
            raise NameTaken(f"There is a job {launch.name} already.")

    # The results of commands that may run twice. A command during which the daemon crashed is sent again.
    def _surely(self, commands: Sequence[Command]) -> Steps:
        results: List[Result] = []
        problem: BaseException | None = None
        sent = [self.link.submit(command, repeat=True) for command in commands]
        for command, future in zip(commands, sent):
            try:
                try:
                    results.append((yield future))
                except Internal:
                    results.append((yield self.link.submit(command, repeat=True)))
            except (CommandFailed, ConnectionClosed) as failed:
                problem = problem or failed
        if problem is not None:
            raise problem
        return results

    # A start whose answer is lost in a crash has run, or never will: the state shows which.
    def _start_once(self, name: str, connection: int) -> Steps:
        while True:
            if self.link.connections != connection:
                raise ConnectionClosed("The connection to the daemon was lost before the start.")
            try:
                yield self.link.submit(LINES.service_start(name))
                return
            except (AnswerLost, Internal):
                yield self.model.wait_whole()
                service = self.model.service(name)
                if service is None or service.phase != "never" or service.failure is not None:
                    return

    # The daemon's own descriptors of a job are closed once the job has them.
    def _release_later(self, name: str) -> None:
        launched = self.model.wait_service(
            name, lambda service: service is None or service.phase not in ("never", "waiting"))

        def release(future: Future[Any]) -> None:
            try:
                if not future.cancelled() and future.exception() is None:
                    self._keep(self._close_descriptors(name))
            except ConnectionClosed:
                pass  # The daemon is gone, and the descriptors with it.
            finally:
                with self._lock:
                    self._releases.discard(future)

        self._keep([launched])
        launched.add_done_callback(release)

    def _keep(self, futures: List[Future[Any]]) -> None:
        for future in futures:
            with self._lock:
                self._releases.add(future)
            future.add_done_callback(self._forget_release)

    def _forget_release(self, future: Future[Any]) -> None:
        with self._lock:
            self._releases.discard(future)

    def _close_descriptors(self, name: str) -> List[Future[Any]]:
        return [self.link.submit(LINES.fd_delete(fd)) for fd in descriptors_of(name) if self.model.has_fd(fd)]

    def job(self, name: str) -> Job:
        """The job of a service in the model."""
        service = self.model.service(name)
        if service is None or not is_job(service, self.prefix):
            raise NoSuchJob(f"there is no job {name}")
        return job_of(service, self._clock)

    def jobs(self, state: State, names: Iterable[str] | None = None) -> Dict[str, Job]:
        """The jobs of a state, by name: all of them, or these."""
        services = state.services.values() if names is None else [
            state.services[name] for name in names if name in state.services]
        return {one.name: job_of(one, self._clock) for one in services if is_job(one, self.prefix)}

    def synchronize(self) -> Steps:
        """Waits until all earlier commands are in the model."""
        yield self.model.wait_whole()
        yield self.link.submit(LINES.echo(), repeat=True)

    def get(self, name: str) -> Steps:
        full = self.full_name(name)
        if not self.model.is_whole or self.model.service(full) is None:
            yield from self.synchronize()
        return self.job(full)

    def list(self, tags: Sequence[str]) -> Steps:
        yield from self.synchronize()
        return [job for job in self.jobs(self.model.state()).values() if set(tags) <= set(job.tags)]

    def wait(self, name: str) -> Steps:
        job: Job = yield from self.get(name)
        yield self.model.wait_service(job.name, is_over)
        return self.job(job.name)

    def tag(self, name: str, tags: Sequence[str]) -> Steps:
        job: Job = yield from self.get(name)
        service = self.model.service(job.name)
        own = own_tags(service) if service is not None else ()
        yield from self._surely([LINES.service_tags(job.name, *own, *tags)])
        return self.job(job.name)

    def stop(self, name: str, grace: float) -> Steps:
        job: Job = yield from self.get(name)
        # A second stop would bring SIGKILL forward.
        while not job.is_over and not (job.is_stopped and grace > 0):
            try:
                yield self.link.submit(LINES.service_stop(job.name, whole_seconds(grace)))
                return
            except (AnswerLost, Internal):
                yield self.model.wait_whole()
                job = self.job(job.name)

    def signal(self, name: str, signal: str | int, tree: bool) -> Steps:
        job: Job = yield from self.get(name)
        try:
            try:
                yield self.link.submit(LINES.service_signal(job.name, signal, "tree" if tree else None))
            except NoTree:
                yield self.link.submit(LINES.service_signal(job.name, signal))
        except NotRunning:
            if not self.job(job.name).is_over:
                raise

    def forget(self, name: str, keep_output: bool) -> Steps:
        job: Job = yield from self.get(name)
        yield from self._clear(job.name, raises=True)
        is_own_file = self.directory is not None and job.output == os.path.join(self.directory, job.name + ".log")
        if is_own_file and job.output is not None and not keep_output:
            _remove(job.output)

    def _clear(self, name: str, raises: bool = False) -> Steps:
        closed = self._close_descriptors(name)
        try:
            yield from self._surely([LINES.service_delete(name)])
        except ServiceUnknown:
            pass
        except (Running, NotAllowed):
            if raises:
                raise
        for future in closed:
            try:
                yield future
            except (CommandFailed, AnswerLost):
                pass  # It is closed already.

    def _try(self, command: Command) -> Steps:
        try:
            yield self.link.submit(command, repeat=True)
        except CommandFailed:
            pass

    def close(self) -> List[Future[Any]]:
        """The futures to wait for briefly, so that no descriptor of a job stays in the daemon."""
        self._closing.set()
        if self._change is not None:
            self._change.cancel()
        with self._lock:
            return list(self._releases)

    # Time limits. The daemon has none for a run, so this class enforces them, as long as an instance exists.

    # The process that started them may have ended.
    def _keep_limits_of_others(self, whole: Future[State]) -> None:
        if not whole.cancelled() and whole.exception() is None and any(
                job.time_limit is not None and not job.is_over for job in self.jobs(whole.result()).values()):
            self._keep_limit_of(None)

    def _keep_limit_of(self, name: str | None) -> None:
        with self._lock:
            if name is not None:
                self._limited.add(name)
            if self._keeper is None and not self._closing.is_set():
                self._keeper = threading.Thread(target=self._keep_limits, name="daemonproxy limits", daemon=True)
                self._keeper.start()

    def _keep_limits(self) -> None:
        try:
            while not self._closing.is_set():
                state = self.model.state()
                left = self._stop_overdue(state)
                self._change = self.model.wait(lambda now: self._is_other(state, now))
                try:
                    result_of(self._change, left)
                except TimeoutError:
                    pass
        except (ConnectionClosed, CancelledError):
            pass  # The client or these jobs were closed.

    # True if other jobs run.
    def _is_other(self, before: State, now: State) -> bool:
        return [(one.name, one.phase) for one in before.services.values()] != [
            (one.name, one.phase) for one in now.services.values()]

    # The seconds until the next one is overdue. The daemon counts whole seconds.
    def _stop_overdue(self, state: State) -> float:
        left = _MOST_WAIT
        for service in state.services.values():
            job = job_of(service, self._clock) if service.phase == "up" else None
            if job is None or job.time_limit is None or service.since is None or service.stopped_since is not None:
                continue
            delay = 0.0 if service.name in self._limited else _NEIGHBOUR_DELAY + random.uniform(0, 5)
            rest = service.since + 1 + job.time_limit + delay - time.monotonic()
            if rest <= 0:
                self.link.submit(LINES.service_tag(service.name, END_KEY, TIMED_OUT))
                self.link.submit(LINES.service_stop(service.name, whole_seconds(GRACE)))
                rest = GRACE
            left = min(left, rest)
        return left


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass
