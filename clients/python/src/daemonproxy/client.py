"""The client for programs with threads, or with one."""

from __future__ import annotations

import concurrent.futures
import os
from concurrent.futures import Future
from typing import Callable, TypeVar

from .events import CAPACITY, Subscription
from .failures import ConnectFailed
from .link import Link
from .messages import Command
from .model import Model, ServiceInfo, State
from .protocol.commands import Commands
from .session import Result
from .status import Status

T = TypeVar("T")

DEFAULT_SOCKET = "/run/daemonproxy.sock"
MOST_UNSENT = 256 * 1024
"""The bytes of commands that may wait to be sent before a call waits."""


def socket_path(path: str | os.PathLike[str] | None) -> str:
    """A path: the argument, the variable DAEMONPROXY_SOCKET, or /run/daemonproxy.sock."""
    return os.fspath(path) if path is not None else os.environ.get("DAEMONPROXY_SOCKET") or DEFAULT_SOCKET


def result_of(future: Future[T], timeout: float | None = None) -> T:
    """Waits for a future. Raises TimeoutError after `timeout` seconds, and drops the future."""
    try:
        return future.result(timeout)
    except concurrent.futures.TimeoutError:
        if future.done() and not future.cancelled():
            raise  # The TimeoutError of the call itself.
        future.cancel()
        raise TimeoutError(f"The call is not done after {timeout} seconds.") from None


class Following:
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

    def wait_service(
        self, name: str, test: Callable[[ServiceInfo | None], bool], timeout: float | None = None,
    ) -> ServiceInfo | None:
        """The service, once it passes the test, which sees every change. From the second time on it runs on the
        client's thread, and must not wait for anything. Raises TimeoutError.
        """
        return result_of(self._model.wait_service(name, test), timeout)

    def wait(self, test: Callable[[State], bool], timeout: float | None = None) -> State:
        """The whole state, once it passes the test, which sees the newest state and not every one before it."""
        return result_of(self._model.wait(test), timeout)


class _Pipelined(Commands["Future[Result]"]):
    def __init__(self, link: Link) -> None:
        self._link = link

    def run(self, command: Command) -> Future[Result]:
        return self._link.submit(command)


class _Repeating(Commands[Result]):
    def __init__(self, link: Link, timeout: float | None) -> None:
        self._link = link
        self._timeout = timeout

    def run(self, command: Command) -> Result:
        self._link.check_thread()
        return result_of(self._link.submit(command, repeat=True), self._timeout)


class Client(Commands[Result]):
    """A connection to the daemon that is restored when it is lost, with a method for each command.

        with Client("/run/daemonproxy.sock") as daemon:
            daemon.service_args("web", "/usr/sbin/nginx", "-g", "daemon off;")
            daemon.service_start("web")

    All methods may be called from any thread. Each call waits until its command is done; `pipelined` does not wait. An
    error of the daemon is raised as its exception of `daemonproxy.errors`. When the connection is lost, another one is
    made as soon as a daemon listens at the path: an unsent command waits for it, one that was sent raises
    ConnectionClosed. A client belongs to the process that made it: make one after fork(2).
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        timeout: float | None = 10.0,
        reconnect: bool = True,
        lazy: bool = False,
        answer_timeout: float | None = None,
    ) -> None:
        """Connects, and waits for the first answer.

        - `path`: the control socket; without it the variable DAEMONPROXY_SOCKET, or /run/daemonproxy.sock.
        - `timeout`: the time limit in seconds, of this and of each later connection; None for no limit.
        - `reconnect`: whether a lost connection is restored.
        - `lazy`: returns at once; commands wait for the daemon.
        - `answer_timeout`: the seconds that a call waits for its answer, and then raises TimeoutError. A command that
          was sent still runs.

        Raises NoSocket, NobodyListens, NoPermission, NoAnswer: all of them ConnectFailed.
        """
        self._link = Link(socket_path(path), timeout, reconnect, MOST_UNSENT)
        self._answer_timeout = answer_timeout
        self.pipelined: Commands[Future[Result]] = _Pipelined(self._link)
        """The same commands, which return at once: `.result()` waits for the answer. They run in order."""
        self.repeating: Commands[Result] = _Repeating(self._link, answer_timeout)
        """The same commands, for those that may run twice: a command whose answer is lost is sent again."""
        if not lazy:
            try:
                self._link.first.result()
            except ConnectFailed:
                self._link.close()
                raise

    @property
    def path(self) -> str:
        """The control socket."""
        return self._link.path

    @property
    def status(self) -> Status:
        """The status of the connection, with the reason."""
        return self._link.status

    def run(self, command: Command) -> Result:
        """Runs a command, such as one of `daemonproxy.LINES`, and waits until it is done."""
        self._link.check_thread()
        return result_of(self._link.submit(command), self._answer_timeout)

    def wait_connected(self, timeout: float | None = None) -> bool:
        """Waits until there is a connection and the state is complete; False after `timeout` seconds, or at the end."""
        return self._link.wait_status("connected", timeout)

    def events(self, capacity: int = CAPACITY) -> Subscription:
        """The events from now on, without errors and warnings, which belong to commands.

        A reader that is more than `capacity` events behind loses the waiting events, and gets an OverflowEvent in their
        place. It also gets one where the daemon discarded events, or the connection was lost.
        """
        return Subscription(self._link.hub, capacity)

    def follow(self, timeout: float | None = None) -> Following:
        """A model of the daemon's state, once it is complete; from then on it follows the events."""
        model = self._link.follow()
        result_of(model.wait(lambda _: True), timeout)
        return Following(model)

    def close(self) -> None:
        """Closes the connection. Unfinished commands raise ConnectionClosed."""
        self._link.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
