"""A model of the daemon's state that follows its events."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Callable, Dict, List, Literal, Mapping, Tuple

from .messages import Event
from .protocol import events as event_types
from .protocol.values import ReadyWays

Phase = Literal["never", "waiting", "up", "exited", "killed"]


@dataclass(frozen=True)
class ServiceInfo:
    """A service in its last announced state. Times are seconds of CLOCK_MONOTONIC (`time.monotonic`)."""

    name: str
    phase: Phase = "never"
    """It never ran, it waits for a start, it runs, it exited with a code, or it was killed by a signal."""
    since: int | None = None
    """The time at which it entered the phase, or of its start if it waits."""
    pid: int | None = None
    """The current or last process."""
    exit_code: int | None = None
    killed_by: str | None = None
    """The signal, such as `SIGKILL`."""
    ran: int | None = None
    """The seconds of the last run, once it is over."""
    failure: event_types.ServiceFailedEvent | None = None
    """The reason why its last start failed."""
    args: Tuple[str, ...] = ()
    tags: Tuple[str, ...] = ()
    fds: Tuple[str, ...] = ("null", "null", "null")
    auto_up_interval: int | None = None
    auto_up_triggers: Tuple[str, ...] = ()
    ready: ReadyWays | None = None
    """The way in which it reports that it is ready."""
    store: int = 0
    """The most descriptors that it may leave with the daemon."""
    ready_since: int | None = None
    status: str = ""
    """Its status text."""
    stopped_since: int | None = None
    """The time of the stop, if it is being stopped or held down."""
    kill_at: int | None = None
    """The time of SIGKILL, if it is being stopped."""
    empty_since: int | None = None
    """The time at which the process tree of its last run became empty."""
    env: Tuple[str, ...] = ()
    dir: str = ""
    root: str = ""
    user: Tuple[str, ...] = ()
    limits: Tuple[str, ...] = ()
    process: Tuple[str, ...] = ()
    mounts: Tuple[str, ...] = ()
    cgroup: Tuple[str, ...] = ()
    args_from: str = ""
    env_from: str = ""
    listens: bool = False
    """True if it gets LISTEN_FDS for its descriptors from 3 on."""


@dataclass(frozen=True)
class State:
    """The state of the daemon at one moment."""

    services: Mapping[str, ServiceInfo]
    fds: Mapping[str, event_types.FdStateEvent]
    signals: Mapping[str, event_types.SignalEvent]
    sockets: Mapping[str, event_types.SocketStateEvent]
    """The control socket without a name is that of the empty name."""
    is_whole: bool
    """False while events may be missing: then this is the last complete state."""


EMPTY = State({}, {}, {}, {}, False)

# Events that set one field of a service, each with its own field and that of the service.
_SETTINGS: Dict[type, Tuple[str, str]] = {
    event_types.ServiceArgsEvent: ("args", "args"),
    event_types.ServiceTagsEvent: ("tags", "tags"),
    event_types.ServiceFdsEvent: ("fds", "fds"),
    event_types.ServiceEnvEvent: ("changes", "env"),
    event_types.ServiceArgsFromEvent: ("fd", "args_from"),
    event_types.ServiceEnvFromEvent: ("fd", "env_from"),
    event_types.ServiceDirEvent: ("path", "dir"),
    event_types.ServiceRootEvent: ("path", "root"),
    event_types.ServiceUserEvent: ("names", "user"),
    event_types.ServiceLimitsEvent: ("limits", "limits"),
    event_types.ServiceProcessEvent: ("words", "process"),
    event_types.ServiceMountsEvent: ("words", "mounts"),
    event_types.ServiceCgroupEvent: ("words", "cgroup"),
    event_types.ServiceStatusEvent: ("text", "status"),
    event_types.ServiceEmptyEvent: ("when", "empty_since"),
}


def _with_state(service: ServiceInfo, event: event_types.ServiceStateEvent) -> ServiceInfo:
    before = replace(
        service, pid=None, exit_code=None, killed_by=None, ran=None, ready_since=None, since=None, phase="never")
    if isinstance(event, event_types.ServiceStateWaitingEvent):
        return replace(before, phase="waiting", since=event.since, status="")
    if isinstance(event, event_types.ServiceStateUpEvent):
        return replace(
            before, phase="up", since=event.since, pid=event.pid, failure=None, empty_since=None)
    if isinstance(event, event_types.ServiceStateExitedEvent):
        return replace(
            before, phase="exited", since=event.since, pid=event.pid, exit_code=event.value, ran=event.uptime)
    if isinstance(event, event_types.ServiceStateKilledEvent):
        return replace(
            before, phase="killed", since=event.since, pid=event.pid, killed_by=event.value, ran=event.uptime)
    return before


def _changes(event: Event) -> Dict[str, Any] | None:
    """The fields that an event sets of a service besides its state; None if it is about no service."""
    setting = _SETTINGS.get(type(event))
    if setting is not None:
        return {setting[1]: getattr(event, setting[0])}
    if isinstance(event, event_types.ServiceFailedEvent):
        return {"failure": event}
    if isinstance(event, event_types.ServiceAutoUpOnEvent):
        return {"auto_up_interval": event.interval, "auto_up_triggers": event.triggers}
    if isinstance(event, event_types.ServiceAutoUpEvent):
        return {"auto_up_interval": None, "auto_up_triggers": ()}
    if isinstance(event, event_types.ServiceListenEvent):
        return {"listens": isinstance(event, event_types.ServiceListenOnEvent)}
    if isinstance(event, event_types.ServiceReadyEvent):
        option = getattr(event, "option", None)
        return {"ready": getattr(event, "way", None), "store": option.store or 0 if option else 0}
    if isinstance(event, event_types.ServiceIsReadyEvent):
        return {"ready_since": event.when if isinstance(event, event_types.ServiceIsReadyReadyEvent) else None}
    if isinstance(event, event_types.ServiceStopEvent):
        return {"stopped_since": getattr(event, "since", None), "kill_at": getattr(event, "kill", None)}
    return None


class Reducer:
    """The state while it follows the events."""

    def __init__(self) -> None:
        self.services: Dict[str, ServiceInfo] = {}
        self.fds: Dict[str, event_types.FdStateEvent] = {}
        self.signals: Dict[str, event_types.SignalEvent] = {}
        self.sockets: Dict[str, event_types.SocketStateEvent] = {}

    def apply(self, event: Event) -> str | None:
        """Applies an event; returns the name of its service, None if it is about no service."""
        if isinstance(event, event_types.ServiceStateDeletedEvent):
            self.services.pop(event.name, None)
            return event.name
        if isinstance(event, event_types.ServiceStateEvent):
            self.services[event.name] = _with_state(self._service(event.name), event)
            return event.name
        changes = _changes(event)
        if changes is not None:
            name: str = getattr(event, "name")
            self.services[name] = replace(self._service(name), **changes)
            return name
        if isinstance(event, event_types.FdStateEvent):
            self._apply_fd(event)
        elif isinstance(event, event_types.SignalEvent):
            if event.count > 0:
                self.signals[event.signal] = event
            else:
                self.signals.pop(event.signal, None)
        elif isinstance(event, event_types.SocketStateEvent):
            if isinstance(event, event_types.SocketStateDeletedEvent):
                self.sockets.pop(event.name or "", None)
            else:
                self.sockets[event.name or ""] = event
        return None

    def _service(self, name: str) -> ServiceInfo:
        return self.services.get(name) or ServiceInfo(name)

    # The previous descriptor of the name is closed. The daemon does not announce a change of the other end of its pipe.
    def _apply_fd(self, event: event_types.FdStateEvent) -> None:
        before = self.fds.get(event.name)
        if before is not None and before != event:
            peer = getattr(before, "text", None) if _is_end(before) else None
            end = self.fds.get(peer) if peer else None
            if peer and end is not None and _is_end(end) and getattr(end, "text", None) == event.name:
                changes: Dict[str, Any] = {"text": None}
                self.fds[peer] = replace(end, **changes)
        if isinstance(event, event_types.FdStateDeletedEvent):
            self.fds.pop(event.name, None)
        else:
            self.fds[event.name] = event


def _is_end(fd: event_types.FdStateEvent) -> bool:
    ends = (event_types.FdStateReaderEvent, event_types.FdStateWriterEvent, event_types.FdStatePairEvent)
    return isinstance(fd, ends)


class _Waiter:
    def __init__(self, name: str | None, test: Callable[[Any], bool]) -> None:
        self.name = name
        self.test = test
        self.future: Future[Any] = Future()
        self._lock = threading.Lock()
        self._is_settled = False

    def look(self, value: Any) -> bool:
        """Returns whether the wait is over. The test runs without a lock, so that it may call anything."""
        if self.future.done():
            return True
        try:
            if not self.test(value):
                return False
        except BaseException as problem:
            self.settle(problem=problem)
        else:
            self.settle(value)
        return True

    def settle(self, value: Any = None, problem: BaseException | None = None) -> None:
        """Ends the wait, once: two threads may do so at the same time."""
        with self._lock:
            was_settled, self._is_settled = self._is_settled, True
        if was_settled or not self.future.set_running_or_notify_cancel():
            return
        if problem is not None:
            self.future.set_exception(problem)
        else:
            self.future.set_result(value)


class Model:
    """The state for readers of any thread, and its waiters."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._current = Reducer()
        self._next: Reducer | None = Reducer()
        self._snapshot: State | None = None
        self._waiters: Dict[str | None, List[_Waiter]] = {}
        self._is_changed = False
        self._end: BaseException | None = None

    @property
    def is_whole(self) -> bool:
        """False while events may be missing."""
        return self._next is None

    def state(self) -> State:
        """A snapshot."""
        with self._lock:
            if self._snapshot is None:
                now = self._current
                self._snapshot = State(
                    MappingProxyType(dict(sorted(now.services.items()))), MappingProxyType(dict(now.fds)),
                    MappingProxyType(dict(now.signals)), MappingProxyType(dict(now.sockets)), self.is_whole)
            return self._snapshot

    def service(self, name: str) -> ServiceInfo | None:
        """One service; None if there is none."""
        with self._lock:
            return self._current.services.get(name)

    def has_fd(self, name: str) -> bool:
        """True if there is a descriptor of this name."""
        with self._lock:
            return name in self._current.fds

    def wait_whole(self) -> Future[Any]:
        """Done when the state is complete."""
        if not self.is_whole:
            return self.wait(lambda _: True)
        whole: Future[Any] = Future()
        whole.set_result(None)
        return whole

    def interrupt(self) -> None:
        """Handles lost events: a new state is made, beside the last complete one."""
        with self._lock:
            self._next = Reducer()
            self._snapshot = None

    def complete(self) -> None:
        """Handles the end of a statedump."""
        with self._lock:
            if self._next is not None:
                self._current, self._next, self._snapshot = self._next, None, None
        self.look(None)

    def apply(self, event: Event) -> None:
        """Follows an event."""
        with self._lock:
            if self._next is not None:
                self._next.apply(event)
                return
            name = self._current.apply(event)
            self._snapshot = None
            self._is_changed = True
            waits = name is not None and name in self._waiters
        if waits:
            self.look(name)

    def settle(self) -> None:
        """Passes the state to waiters for the whole state: once for all events of one read."""
        if self._is_changed and None in self._waiters:
            self.look_at(None, self.state())
        self._is_changed = False

    def wait_service(self, name: str, test: Callable[[ServiceInfo | None], bool]) -> Future[ServiceInfo | None]:
        """The service, once it passes the test, which sees every change."""
        return self._wait(_Waiter(name, test), lambda: self.service(name))

    def wait(self, test: Callable[[State], bool]) -> Future[State]:
        """The state, once it passes the test."""
        return self._wait(_Waiter(None, test), self.state)

    def end(self, problem: BaseException) -> None:
        """Handles the end of the events."""
        with self._lock:
            self._end = problem
            waiters = [waiter for some in self._waiters.values() for waiter in some]
            self._waiters.clear()
        for waiter in waiters:
            waiter.settle(problem=problem)

    def look(self, name: str | None) -> None:
        """Passes a service to its waiters; without a name, everything to all waiters."""
        names: List[str | None] = [name] if name is not None else list(self._waiters)
        for one in names:
            self.look_at(one, self.state() if one is None else self.service(one))

    def look_at(self, name: str | None, value: Any) -> None:
        """Passes a value to its waiters."""
        with self._lock:
            waiters = list(self._waiters.get(name, ()))
        done = [waiter for waiter in waiters if waiter.look(value)]
        for waiter in done:
            self._forget(waiter)

    def _wait(self, waiter: _Waiter, now: Callable[[], Any]) -> Future[Any]:
        with self._lock:
            end, is_whole = self._end, self.is_whole
            if end is None:
                self._waiters.setdefault(waiter.name, []).append(waiter)
        if end is not None:
            waiter.settle(problem=end)
            return waiter.future
        waiter.future.add_done_callback(lambda _: self._forget(waiter))
        if is_whole:
            waiter.look(now())
        return waiter.future

    def _forget(self, waiter: _Waiter) -> None:
        with self._lock:
            waiters = self._waiters.get(waiter.name)
            if waiters and waiter in waiters:
                waiters.remove(waiter)
                if not waiters:
                    del self._waiters[waiter.name]
