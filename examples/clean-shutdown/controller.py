#!/usr/bin/env python3
"""At SIGTERM or SIGINT to the daemon, ends everything in order.

First the services by stage (tag `stop=1` to `stop=9`; the default is 5), then the loggers (tag `logger=FD`, the
writing end of the pipe that they read), then the daemon.
Usage: controller.py [SECONDS [LOGGERS]]: the timeout of a stage before the next stronger signal (5), and that of the
loggers, which lose what they have not read by then (60).

It works in rounds: ask for the state; stop the first stage that is not finished; wait until it has ended or the timeout
has passed; ask again. So a service may end or start at any moment, events may be lost (overflow), and this script may
be killed: its next run continues.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LAST_STAGE = 9
LOGGERS = LAST_STAGE + 1
MOST_FAILURES = 10


def say(text: str) -> None:
    print("--", text, file=sys.stderr, flush=True)


def send(*fields: str) -> None:
    os.write(1, ("\t".join(fields) + "\n").encode())


def events(seconds_left: Callable[[], float | None]) -> Iterator[list[str]]:
    """Yields each event as its fields, and an empty list when the timeout has passed."""
    rest = b""
    while True:
        readable, _, _ = select.select([0], [], [], seconds_left())
        if not readable:
            yield []
            continue
        data = os.read(0, 65536)
        if not data:
            return
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            yield line.decode(errors="replace").split("\t")
        if seconds_left() == 0:
            yield []


@dataclass
class Service:
    state: str = "down"
    stage: int = 5
    pipe: str = ""


class Shutdown:
    def __init__(self, patience: float = 5, loggers_patience: float = 60) -> None:
        self.patience = patience
        self.loggers_patience = loggers_patience
        self.round = 0
        self.services: dict[str, Service] = {}
        self.stage = 0
        self.level = 0
        self.how = ""
        self.targets: set[str] = set()
        self.failures = 0
        self.deadline: float | None = None
        self.closed: set[str] = set()
        self.fresh: set[str] = set()
        self.finished: set[str] = set()

    def seconds_left(self) -> float | None:
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())

    def take(self, event: list[str]) -> None:
        match event:
            case ["signal", "SIGTERM" | "SIGINT" as name, *_] if self.round == 0:
                say(f"got {name}: everything ends, in order")
                self.look()
            case ["overflow"] if self.round == 0:
                # The lost events may include the signal; a dump restates it.
                send("statedump")
            case _ if self.round == 0:
                pass
            case []:
                self.level += 1
                self.look()
            case ["overflow"]:
                self.look()
            case [word] if word == f"round {self.round}":
                self.act()
            case ["service.state", name, state, _, pid, reason, value, *_]:
                if pid == str(os.getpid()):
                    return
                self.services.setdefault(name, Service()).state = state
                if name in self.targets:
                    self.follow(name, state, f"{reason} {value}")
            case ["service.tags", name, *tags]:
                self.take_tags(self.services.setdefault(name, Service()), tags)

    @staticmethod
    def take_tags(service: Service, tags: list[str]) -> None:
        for tag in tags:
            match tag.split("=", 1):
                case ["stop", stage] if len(stage) == 1 and stage in "123456789":
                    service.stage = int(stage)
                case ["logger", pipe] if pipe:
                    service.stage, service.pipe = LOGGERS, pipe
                    return

    def look(self) -> None:
        self.round += 1
        self.services.clear()
        self.targets.clear()
        self.deadline = None
        send("statedump")
        send("echo", f"round {self.round}")

    def act(self) -> None:
        before = self.stage
        left = {name: service for name, service in self.services.items() if self.is_left(name, service)}
        if not left:
            say("everything has ended")
            send("terminate", "0")
            return
        self.stage = min(service.stage for service in left.values())
        if self.stage != before:
            self.level = self.failures = 0
        ways = ["end-of-pipe"] * (self.stage == LOGGERS) + ["SIGTERM", "SIGKILL"]
        self.targets = {name for name, service in left.items() if service.stage == self.stage}
        self.how = ways[self.level] if self.level < len(ways) else "nothing"
        stage = "loggers" if self.stage == LOGGERS else self.stage
        say(f"stage {stage}, {self.how} for {' '.join(sorted(self.targets))}")
        if self.how == "nothing":
            self.finished |= self.targets
            self.look()
            return
        for name in self.targets:
            self.ask_to_end(name, self.services[name])
        patience = self.loggers_patience if self.stage == LOGGERS else self.patience
        self.deadline = time.monotonic() + patience

    def is_left(self, name: str, service: Service) -> bool:
        """A logger counts even if it is down: its pipe may still hold the last lines."""
        is_running = service.state in ("up", "start")
        return name not in self.finished and (is_running or service.stage == LOGGERS)

    def ask_to_end(self, name: str, service: Service) -> None:
        if service.state == "start":
            send("service.start", name, "-")
        send("service.auto_up", name, "-")
        if self.how == "end-of-pipe":
            if service.pipe not in self.closed:
                self.closed.add(service.pipe)
                send("fd.delete", service.pipe)
            if service.state == "down":
                send("service.start", name)
        elif service.state == "up":
            send("service.signal", name, self.how)

    def follow(self, name: str, state: str, reason: str) -> None:
        """A service that we wait for has changed its state."""
        match self.how, state:
            case "end-of-pipe", "up":
                self.fresh.add(name)
            case _, "up":
                send("service.signal", name, self.how)
            case "end-of-pipe", "down":
                self.logger_is_down(name, reason)
            case _, "down":
                self.has_ended(name)

    def logger_is_down(self, name: str, reason: str) -> None:
        """
        No process writes any more, so the logger reads to the end and exits. It may have exited for another reason:
        only a run that began after the pipe was closed, and exited with code 0, has certainly read everything.
        """
        if name in self.fresh and reason == "exit 0":
            self.has_ended(name)
            return
        if reason not in ("exit 0", "- -"):
            say(f"logger {name} failed ({reason}) before the end of its pipe")
            self.failures += 1
        if self.failures < MOST_FAILURES:
            send("service.start", name)
        else:
            self.has_ended(name)

    def has_ended(self, name: str) -> None:
        if self.stage == LOGGERS:
            self.finished.add(name)
        self.targets.discard(name)
        if not self.targets:
            self.level = 0
            self.look()


def main() -> None:
    # ^C sends SIGINT to every process in the terminal's foreground. The controller ignores it and waits for the event.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    shutdown = Shutdown(*map(float, sys.argv[1:3]))
    try:
        for event in events(shutdown.seconds_left):
            shutdown.take(event)
    except BrokenPipeError:
        pass  # The daemon has ended.


if __name__ == "__main__":
    main()
