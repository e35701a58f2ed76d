"""The client for asyncio. Its connection has its own thread, as that of `Client`."""

from __future__ import annotations

import asyncio
import os
from typing import Callable, Generator

from .client import MOST_UNSENT, socket_path
from .events import CAPACITY, AsyncSubscription
from .link import Link
from .messages import Command
from .model import Model, ServiceInfo, State
from .protocol.commands import Commands
from .session import Result
from .status import Status


class AsyncFollowing:
    """The state of the daemon, as it is now and as it changes."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def now(self) -> State:
        """A snapshot, which does not change."""
        return self._model.state()

    def service(self, name: str) -> ServiceInfo | None:
        """One service; None if there is none."""
        return self._model.service(name)

    async def wait_service(self, name: str, test: Callable[[ServiceInfo | None], bool]) -> ServiceInfo | None:
        """The service, once it passes the test, which sees every change. From the second time on it runs on the
        client's thread, and must not wait for anything.
        """
        return await asyncio.wrap_future(self._model.wait_service(name, test))

    async def wait(self, test: Callable[[State], bool]) -> State:
        """The whole state, once it passes the test, which sees the newest state and not every one before it."""
        return await asyncio.wrap_future(self._model.wait(test))


class _Repeating(Commands["asyncio.Future[Result]"]):
    def __init__(self, link: Link) -> None:
        self._link = link

    def run(self, command: Command) -> asyncio.Future[Result]:
        return asyncio.wrap_future(self._link.submit(command, repeat=True, wait_for_room=False))


class AsyncClient(Commands["asyncio.Future[Result]"]):
    """A connection to the daemon that is restored when it is lost, with a method for each command.

        async with AsyncClient("/run/daemonproxy.sock") as daemon:
            await daemon.service_args("web", "/usr/sbin/nginx", "-g", "daemon off;")
            await daemon.service_start("web")

    Commands run in the order of the calls; a call returns a future, which need not be awaited. A cancelled call that
    was not sent yet is never sent; a command that was sent still runs. Otherwise as `Client`.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        timeout: float | None = 10.0,
        reconnect: bool = True,
    ) -> None:
        """Begins to connect. `await` it, or use `async with`, to wait for the first answer and to get connection
        errors; without that, commands wait for the daemon.
        """
        self._link = Link(socket_path(path), timeout, reconnect, MOST_UNSENT)
        self.repeating: Commands[asyncio.Future[Result]] = _Repeating(self._link)
        """The same commands, for those that may run twice: a command whose answer is lost is sent again."""

    @property
    def path(self) -> str:
        """The control socket."""
        return self._link.path

    @property
    def status(self) -> Status:
        """The status of the connection, with the reason."""
        return self._link.status

    def run(self, command: Command) -> asyncio.Future[Result]:
        """Runs a command, such as one of `daemonproxy.LINES`."""
        return asyncio.wrap_future(self._link.submit(command, wait_for_room=False))

    def events(self, capacity: int = CAPACITY) -> AsyncSubscription:
        """The events from now on, as with `Client.events`, for `async for`."""
        return AsyncSubscription(self._link.hub, capacity)

    async def follow(self) -> AsyncFollowing:
        """A model of the daemon's state, once it is complete; from then on it follows the events."""
        model = self._link.follow()
        await asyncio.wrap_future(model.wait(lambda _: True))
        return AsyncFollowing(model)

    async def close(self) -> None:
        """Closes the connection. Unfinished commands raise ConnectionClosed."""
        await asyncio.get_running_loop().run_in_executor(None, self._link.close)

    async def connect(self) -> AsyncClient:
        """Waits for the first answer. Raises NoSocket, NobodyListens, NoPermission, NoAnswer: all ConnectFailed."""
        try:
            await asyncio.shield(asyncio.wrap_future(self._link.first))
        except BaseException:
            await self.close()
            raise
        return self

    def __await__(self) -> Generator[object, None, AsyncClient]:
        return self.connect().__await__()

    async def __aenter__(self) -> AsyncClient:
        return await self.connect()

    async def __aexit__(self, *_: object) -> None:
        await self.close()
