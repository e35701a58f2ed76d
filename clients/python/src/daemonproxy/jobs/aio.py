"""Background jobs for asyncio."""

from __future__ import annotations

import asyncio
from typing import Any, AsyncIterator, Iterable, List, Mapping, Sequence

from ..aio import AsyncClient
from ..wire import Descriptor
from .core import GRACE, Core, Steps, is_over
from .job import Job
from .launch import Path
from .output import OutputFile

_MOST_AT_CLOSE = 2.0
_LOOK_AGAIN = 0.1


async def _carry_out(steps: Steps) -> Any:
    """Awaits one step after the other."""
    try:
        future = next(steps)
        while True:
            try:
                value = await asyncio.wrap_future(future)
            except asyncio.CancelledError:
                steps.close()
                raise
            except BaseException as problem:
                future = steps.throw(problem)
            else:
                future = steps.send(value)
    except StopIteration as end:
        return end.value


class AsyncJobs:
    """Background jobs, as `Jobs` has them.

        async with AsyncJobs("/run/web.sock", directory="/var/lib/web/jobs") as jobs:
            job = await jobs.start(["convert", "in.png", "out.jpg"], tags=["user=4711"], time_limit=60)
            job = await jobs.wait(job.name)

    Each call is documented at `Jobs`. A cancelled call is not awaited any more: the job may have been started; an
    incomplete job is removed.
    """

    def __init__(
        self, client: AsyncClient | Path | None = None, *, prefix: str = "job.", directory: Path | None = None,
        timeout: float | None = 10.0,
    ) -> None:
        """Begins to connect, unless a client is given; `async with` waits for the first answer."""
        self._is_own = not isinstance(client, AsyncClient)
        self._client = client if isinstance(client, AsyncClient) else AsyncClient(client, timeout=timeout)
        self._core = Core(self._client._link, prefix, directory)

    async def start(
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
        """Starts a job."""
        return await self._do(self._core.start(
            args, name, output, stdin=stdin, env=env, clear_env=clear_env, cwd=cwd, tags=tags, limits=limits,
            time_limit=time_limit))

    async def get(self, name: str) -> Job:
        """A job."""
        return await self._do(self._core.get(name))

    async def list(self, *tags: str) -> List[Job]:
        """Every job that has all of these tags, by name."""
        jobs: List[Job] = await _carry_out(self._core.list(tags))
        return jobs

    async def wait(self, name: str) -> Job:
        """The job, once it is over. For a time limit, `asyncio.wait_for`."""
        return await self._do(self._core.wait(name))

    async def watch(self, *names: str) -> AsyncIterator[Job]:
        """The jobs, and each job again after every change."""
        full = [(await self.get(name)).name for name in names] or None
        await _carry_out(self._core.synchronize())
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
            before = seen
            state = await asyncio.wrap_future(self._core.model.wait(
                lambda now: self._core.jobs(now, full) != before))

    async def tag(self, name: str, *tags: str) -> Job:
        """Replaces the tags of a job."""
        return await self._do(self._core.tag(name, tags))

    async def stop(self, name: str, grace: float = GRACE) -> None:
        """Stops a job and all its processes."""
        await _carry_out(self._core.stop(name, grace))

    async def signal(self, name: str, signal: str | int, *, tree: bool = True) -> None:
        """Sends a signal to all processes of a job, or to the first alone."""
        await _carry_out(self._core.signal(name, signal, tree))

    async def forget(self, name: str, *, keep_output: bool = False) -> None:
        """Forgets a finished job, and removes its file of the directory."""
        await _carry_out(self._core.forget(name, keep_output))

    async def read_output(self, name: str, offset: int = 0) -> bytes:
        """The output of a job so far, from an offset on."""
        with OutputFile((await self.get(name)).output, offset) as file:
            return b"".join(iter(file.read, b""))

    async def follow_output(self, name: str, offset: int = 0) -> AsyncIterator[bytes]:
        """The output of a job, piece by piece, until it is over."""
        job = await self.get(name)
        with OutputFile(job.output, offset) as file:
            while True:
                was_over = is_over(self._core.model.service(job.name))
                for piece in iter(file.read, b""):
                    yield piece
                if was_over:
                    return
                try:
                    await asyncio.wait_for(
                        asyncio.wrap_future(self._core.model.wait_service(job.name, is_over)), _LOOK_AGAIN)
                except asyncio.TimeoutError:
                    pass

    async def close(self) -> None:
        """Closes the connection, if it owns it. The jobs keep running; time limits are no longer enforced."""
        for _ in range(2):
            waiting = [asyncio.wrap_future(future) for future in self._core.close()]
            if waiting:
                await asyncio.wait(waiting, timeout=_MOST_AT_CLOSE)
        if self._is_own:
            await self._client.close()

    async def __aenter__(self) -> AsyncJobs:
        if self._is_own:
            await self._client.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _do(self, steps: Steps) -> Job:
        job: Job = await _carry_out(steps)
        return job
