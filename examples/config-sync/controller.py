#!/usr/bin/env python3
"""Makes the services follow a TOML file. Usage: controller.py FILE

At SIGHUP to the daemon, this controller reads the file again. It starts new services, stops removed ones and restarts
changed ones; everything else, pipes above all, stays as it is. A file with errors changes nothing. At SIGTERM or SIGINT
it stops everything, loggers last, and ends the daemon.

How it works: one model follows the events and holds the actual state; the file gives the wanted state. Whenever the
model is up to date, `steps` compares the two and yields the next commands. An echo shows when these are done. Events in
between only change the model. The settings in the daemon always equal those of the running process, because they are
changed only while a service is down. So this program may be killed at any moment: all that its next run needs is in the
daemon, as tags.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from wanted import KEEPER, ConfigError, Service, Wanted, load

MARK = "config-sync"
"""The first tag of every service that was made from the file."""

Command = list[str]


def say(text: str) -> None:
    print("--", text, file=sys.stderr, flush=True)


class Connection:
    """Events on standard input, commands on standard output; neither waits for the other."""

    def __init__(self) -> None:
        self._unfinished = b""
        self._to_send = b""
        os.set_blocking(0, False)
        os.set_blocking(1, False)

    def send(self, *commands: Command) -> None:
        self._to_send += b"".join("\t".join(command).encode() + b"\n" for command in commands)

    def wait(self, seconds: float | None) -> list[list[str]]:
        """Returns the events that have arrived; none after the timeout. Raises EOFError at the end of the input."""
        readable, writable, _ = select.select([0], [1] if self._to_send else [], [], seconds)
        if writable:
            self._to_send = self._to_send[os.write(1, self._to_send[: select.PIPE_BUF]) :]
        if not readable:
            return []
        data = os.read(0, 65536)
        if not data:
            raise EOFError
        *lines, self._unfinished = (self._unfinished + data).split(b"\n")
        return [line.decode(errors="replace").split("\t") for line in lines]


@dataclass
class Found:
    """The actual state of a service."""

    state: str = "down"
    pid: str = "-"
    args: tuple[str, ...] = ()
    fds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    auto_up: tuple[str, ...] = ()

    @property
    def is_live(self) -> bool:
        return self.state in ("up", "start")

    def tag(self, name: str, otherwise: str) -> str:
        return next((tag.removeprefix(name + "=") for tag in self.tags if tag.startswith(name + "=")), otherwise)


@dataclass
class Picture:
    """The actual state, as the events describe it."""

    services: dict[str, Found] = field(default_factory=dict)
    fds: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def take(self, event: list[str]) -> bool:
        """Applies an event; returns whether it changed the model."""
        match event:
            case ["service.state", name, "deleted", *_]:
                self.services.pop(name, None)
            case ["service.state", name, state, _, pid, *_]:
                self._service(name).state, self.services[name].pid = state, pid
            case ["service.args" | "service.fds" | "service.tags" as key, name, *rest]:
                setattr(self._service(name), key.removeprefix("service."), () if rest == [""] else tuple(rest))
            case ["service.auto_up", name, *rest]:
                self._service(name).auto_up = () if rest == ["-"] else tuple(rest)
            case ["fd.state", name, "deleted", *_]:
                self.fds.pop(name, None)
            case ["fd.state", name, kind, flags, text]:
                self.fds[name] = (kind, flags, text)
            case _:
                return False
        return True

    def _service(self, name: str) -> Found:
        return self.services.setdefault(name, Found())

    def is_used(self, fd: str) -> bool:
        return any(fd in service.fds for service in self.services.values() if service.is_live)


@dataclass
class Stop:
    """How far the stopping of a process has come."""

    pid: str
    ways: list[str]
    deadline: float


class Sync:
    def __init__(self, path: str, connection: Connection) -> None:
        self._path = path
        self._connection = connection
        self._wanted: Wanted | None = None
        self._is_ending = False
        self._stops: dict[str, Stop] = {}
        self._said: set[str] = set()
        self._tokens = 0
        self._is_settled = self._has_changed = False
        self._picture = Picture()

    def run(self) -> None:
        self._look()
        self._load()
        while True:
            for event in self._connection.wait(self._seconds_left()):
                self._take(event)
            is_late = self._seconds_left() == 0
            if self._is_settled and self._wanted is not None and (self._has_changed or is_late):
                self._has_changed = False
                self._ask(*self.steps(self._wanted))

    def _seconds_left(self) -> float | None:
        if not self._is_settled or not self._stops:
            return None
        return max(0.0, min(stop.deadline for stop in self._stops.values()) - time.monotonic())

    # Input.

    def _look(self) -> None:
        self._picture = Picture()
        self._ask(["statedump"])
        self._has_changed = True

    def _ask(self, *commands: Command) -> None:
        """Sends commands. They run in order: when the echo of a new word comes back, all of them are done."""
        if commands:
            self._tokens += 1
            self._is_settled = False
            self._connection.send(*commands, ["echo", f"settled {self._tokens}"])

    def _take(self, event: list[str]) -> None:
        match event:
            case ["overflow"]:
                self._look()
            case [word] if word == f"settled {self._tokens}":
                self._is_settled = True
            case ["signal", "SIGHUP", _, count]:
                self._connection.send(["signal.clear", "SIGHUP", count])
                self._load()
            case ["signal", "SIGTERM" | "SIGINT" as name, *_] if not self._is_ending:
                say(f"got {name}: everything ends")
                self._is_ending = self._has_changed = True
                self._wanted = Wanted()
            case ["error", *words]:
                self._say_once(f"the daemon says: {' '.join(words)}")
            case _:
                self._has_changed |= self._picture.take(event)

    def _load(self) -> None:
        if self._is_ending:
            return
        self._said.clear()
        try:
            self._wanted = load(self._path)
            self._has_changed = True
            say(f"{self._path}: {len(self._wanted.services)} services")
        except ConfigError as problem:
            for line in str(problem).splitlines():
                say(f"{self._path}: {line}")
            say("nothing is changed")

    def _say_once(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            say(text)

    # Commands.

    def steps(self, wanted: Wanted) -> Iterator[Command]:
        """Yields the commands that can be run now on the way to the wanted state; none when that is reached."""
        services = self._picture.services
        stops, self._stops = self._stops, {}
        yield from self._fd_steps(wanted)
        for name in sorted({*services, *wanted.services} - {KEEPER}):
            found, want = services.get(name), wanted.services.get(name)
            if found is None and want is not None:
                yield ["service.tags", name, *_tags(want)]
                yield ["service.args", name, *want.args]
                yield ["service.fds", name, *want.fds]
            elif found is not None and found.tags[:1] == (MARK,):
                yield from self._service_steps(name, found, want, wanted, stops.get(name))
            elif want is not None:
                self._say_once(f"service {name} was not made from {self._path}, and is left alone")
        if self._is_ending and not any(found.tags[:1] == (MARK,) for found in services.values()):
            say("everything has ended")
            yield ["terminate", "0"]

    def _service_steps(
        self, name: str, found: Found, want: Service | None, wanted: Wanted, stop: Stop | None
    ) -> Iterator[Command]:
        if want is None or not want.enabled or self._is_outdated(found, want, wanted):
            if found.is_live or want is None:
                yield from self._end_steps(name, found, wanted, stop)
                return
            if found.args != want.args:
                yield ["service.args", name, *want.args]
            if found.fds != want.fds:
                yield ["service.fds", name, *want.fds]
        elif not found.auto_up and found.state == "down":
            say(f"{name} is started")
            yield ["service.start", name]
        if found.tags != _tags(want):
            yield ["service.tags", name, *_tags(want)]
        if want.enabled and not self._is_outdated(found, want, wanted):
            if found.auto_up != (str(want.interval), "always"):
                yield ["service.auto_up", name, str(want.interval), "always"]

    def _end_steps(self, name: str, found: Found, wanted: Wanted, stop: Stop | None) -> Iterator[Command]:
        reads = found.fds[0] if found.fds else ""
        kind, flags, writer = self._picture.fds.get(reads, ("", "", ""))
        is_last_reader = (kind, flags) == ("pipe", "from") and reads in self._owned() - {*wanted.fds}
        if is_last_reader and writer in self._picture.fds:
            return  # Other services still write. It keeps running, and then reads to the end of its pipe.
        if found.auto_up:
            yield ["service.auto_up", name, "-"]
            if is_last_reader and found.state == "start":
                yield ["service.start", name]
        elif found.state == "up":
            if stop is None or stop.pid != found.pid:
                first = ["end of its pipe"] if is_last_reader else []
                stop = Stop(found.pid, [*first, found.tag("stop", "SIGTERM"), "SIGKILL"], 0.0)
            self._stops[name] = stop
            yield from self._harder(name, stop, float(found.tag("patience", "5")))
        elif found.state == "start" and not is_last_reader:
            yield ["service.start", name, "-"]
        elif found.state == "down":
            say(f"{name} is gone")
            yield ["service.delete", name]

    @staticmethod
    def _harder(name: str, stop: Stop, patience: float) -> Iterator[Command]:
        if time.monotonic() < stop.deadline:
            return
        way = stop.ways.pop(0) if len(stop.ways) > 1 else stop.ways[0]
        stop.deadline = time.monotonic() + patience
        say(f"{name} is asked to end: {way}")
        if way.startswith("SIG"):
            yield ["service.signal", name, way]

    def _is_outdated(self, found: Found, want: Service, wanted: Wanted) -> bool:
        """Returns whether the process differs from the wanted one, also by one of its descriptors."""
        return found.args != want.args or found.fds != want.fds or any(
            fd in wanted.fds and not self._is_there(fd, wanted) for fd in want.fds)

    def _is_there(self, fd: str, wanted: Wanted) -> bool:
        kind, flags, text = self._picture.fds.get(fd, ("", "", ""))
        want = wanted.fds[fd]
        if text.endswith("..."):
            text = want[2] if want[2].startswith(text[:-3]) else text
        return (kind, flags, text) == want

    # Descriptors.

    def _owned(self) -> set[str]:
        keeper = self._picture.services.get(KEEPER)
        return set(keeper.tags) if keeper else set()

    def _fd_steps(self, wanted: Wanted) -> Iterator[Command]:
        """Never replaces or closes a descriptor in use. Records the ownership of a descriptor before it is made."""
        owned, there = self._owned(), self._picture.fds
        missing = [fd for fd in wanted.fds if not self._is_there(fd, wanted) and not self._picture.is_used(fd)]
        for fd in [fd for fd in missing if fd in there and fd not in owned]:
            self._say_once(f"descriptor {fd} was not made from {self._path}, and is left alone")
            missing.remove(fd)
        keep = sorted(owned & {*there} | {*missing})
        if sorted(owned) != keep:
            yield ["service.tags", KEEPER, *keep]
        for fd in missing:
            kind, flags, text = wanted.fds[fd]
            if kind == "file":
                yield ["fd.open", fd, flags, text]
            elif flags == "from":
                yield ["fd.pipe", fd, text]
        for fd in sorted(owned & {*there} - {*wanted.fds}):
            if not self._picture.is_used(fd):
                yield ["fd.delete", fd]


def _tags(want: Service) -> tuple[str, ...]:
    return (MARK, f"stop={want.stop}", f"patience={want.patience}", *want.tags)


def main() -> None:
    # ^C sends SIGINT to every process in the terminal's foreground. The controller ignores it and waits for the event.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        Sync(sys.argv[1] if len(sys.argv) > 1 else "services.toml", Connection()).run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # The daemon has ended.


if __name__ == "__main__":
    main()
