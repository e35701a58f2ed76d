"""One connection, without a socket: the commands in progress, and the meaning of received lines for them.

Commands of one connection run in order. After each command a marker is sent, an `echo` of a unique word. When the
marker comes back, the command is done, and the errors and warnings since the previous marker belong to it. An overflow
may discard a marker; a later marker shows that.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Callable, Deque, List, Tuple

from .failures import AnswerLost, ConnectionClosed
from .messages import Command, Event, error_of, parse_event
from .protocol.errors import ERRORS
from .protocol.events import EVENTS, ErrorEvent, OverflowEvent, WarningEvent
from .protocol.values import LIMIT_ERROR_TEXT
from .wire import OwnedDescriptor, decode

# No line of a daemon is longer than its outbox, so the peer is not a daemon.
_LONGEST = 1 << 20


@dataclass(frozen=True)
class Result:
    """The answer to a command."""

    answers: Tuple[Event, ...] = ()
    """Its events, in order."""
    warnings: Tuple[str, ...] = ()
    descriptor: OwnedDescriptor | None = None
    """The descriptor of `fd.give`."""


class Pending:
    """A command in progress; without a command, a marker alone."""

    def __init__(
        self, command: Command | None, repeat: bool = False, when_done: Callable[[], None] | None = None,
    ) -> None:
        self.command = command
        self.repeat = repeat
        """True if it is sent again when its answer is lost."""
        self.when_done = when_done
        """The action when it is done, before any later line is handled."""
        self.future: Future[Result] = Future()
        self.number = 0
        self.start = 0
        """The number of bytes of the connection before its own."""
        self.is_under_way = False
        """True if it was handed to a connection, which may have sent it."""
        given = command.descriptor if command is not None else None
        self.descriptor = None if given is None else os.dup(given)
        self._error: str | None = None
        self._warnings: List[str] = []
        self._answers: List[Event] = []
        self._given: OwnedDescriptor | None = None

    @property
    def name(self) -> str:
        return self.command.name if self.command is not None else ""

    @property
    def ends_connection(self) -> bool:
        """True if it ends the connection."""
        return self.name in ("exit", "terminate")

    def hear(self, event: Event, descriptor: int | None) -> bool:
        """Handles an event that came while it ran; returns True if no one else gets the event."""
        if descriptor is not None:
            if self.name == "fd.give" and self._given is None:
                self._given = OwnedDescriptor(descriptor)
            else:
                os.close(descriptor)
        if isinstance(event, ErrorEvent):
            self._error = self._error or event.text
            return True
        if isinstance(event, WarningEvent):
            self._warnings.append(event.text)
            return True
        if self.command is not None and isinstance(event, self.command.answers):
            self._answers.append(event)
        return False

    def finish(self) -> None:
        """Handles its marker."""
        if self.command is not None and self._error is not None:
            self.fail(error_of(self._error, self.command, ERRORS, LIMIT_ERROR_TEXT))
            return
        if self.when_done is not None:
            self.when_done()
        self._close_sent()
        given, self._given = self._given, None
        _settle(self.future, Result(tuple(self._answers), tuple(self._warnings), given))

    def lose(self) -> bool:
        """Handles a partly lost answer. Returns False if the command is to be sent again."""
        if self.command is None or self._error is not None or self._given is not None:
            self.finish()
        elif self.repeat and not self.future.cancelled():
            return False
        else:
            self.fail(AnswerLost(self.name))
        return True

    def reset(self) -> None:
        """Resets it before it is sent again."""
        self._error = None
        self._warnings.clear()
        self._answers.clear()
        self.is_under_way = False

    def fail(self, problem: BaseException) -> None:
        """Handles a lost answer."""
        self._close_sent()
        self._given = None
        _settle(self.future, problem)

    def _close_sent(self) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


# The caller may have cancelled it.
def _settle(future: Future[Result], outcome: Result | BaseException) -> None:
    if future.done() and not future.cancelled():
        return
    if future.set_running_or_notify_cancel():
        if isinstance(outcome, Result):
            future.set_result(outcome)
        else:
            future.set_exception(outcome)


class Session:
    """One connection from its first line to its last."""

    def __init__(self, hear: Callable[[Event], None], publish: Callable[[Event], None]) -> None:
        self._hear = hear
        self._publish = publish
        self._word = f"done {secrets.token_hex(4)} "
        self._pending: Deque[Pending] = deque()
        self._lost: List[Pending] = []
        self._last = 0
        self._doubtful = 0
        self._begun = 0
        self._unfinished = b""
        self._descriptor: int | None = None

    @property
    def descriptors_under_way(self) -> int:
        """How many commands that send a descriptor are not answered."""
        return sum(1 for one in self._pending if one.descriptor is not None)

    @property
    def is_end_asked(self) -> bool:
        """True if the running command ends the connection."""
        return bool(self._pending) and self._pending[0].ends_connection

    def begin(self, pending: Pending) -> bytes:
        """Adds a command; returns the bytes to send."""
        self._last += 1
        line = b"" if pending.command is None else pending.command.line
        data = line + f"echo\t{self._word}{self._last}\n".encode("ascii")
        pending.number = self._last
        pending.start = self._begun
        pending.is_under_way = True
        self._begun += len(data)
        self._pending.append(pending)
        return data

    def receive(self, data: bytes, descriptors: List[int]) -> None:
        """Handles received bytes. A descriptor belongs to the last of the lines."""
        last = data.rfind(b"\n", 0, len(data) - 1) + 1 if descriptors else 0
        self._receive(data[:last])
        for descriptor in descriptors:
            self._close_descriptor()
            self._descriptor = descriptor
        self._receive(data[last:])

    def lost(self) -> List[Pending]:
        """The commands to send again, because their answers are lost."""
        lost, self._lost = self._lost, []
        return lost

    def end(self, reason: str, sent: int) -> List[Pending]:
        """Handles the end of the connection. Unsent commands, and those that may run twice, are returned; the others
        fail."""
        self._close_descriptor()
        left = []
        asked = self.is_end_asked
        for index, pending in enumerate(self._pending):
            may_have_run = pending.start < sent
            if index == 0 and asked:
                pending.finish()
            elif pending.ends_connection or pending.command is None or (may_have_run and not pending.repeat):
                pending.fail(ConnectionClosed(reason, may_have_run))
            else:
                pending.reset()
                left.append(pending)
        self._pending.clear()
        return [*self.lost(), *left]

    def _receive(self, data: bytes) -> None:
        *lines, self._unfinished = (self._unfinished + data).split(b"\n")
        for line in lines:
            self._take(decode(line))
        if len(self._unfinished) > _LONGEST:
            raise OSError(errno.EMSGSIZE, "the line of the daemon is too long")

    def _take(self, line: str) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if line.startswith(self._word) and line[len(self._word):].isdigit():
            if descriptor is not None:
                os.close(descriptor)
            self._finish(int(line[len(self._word):]))
            return
        event = parse_event(line, EVENTS)
        if isinstance(event, OverflowEvent):
            self._doubtful = self._last
        self._hear(event)
        if self._pending:
            is_answer = self._pending[0].hear(event, descriptor)
        else:
            is_answer = isinstance(event, ErrorEvent)
            if descriptor is not None:
                os.close(descriptor)
        if not is_answer:
            self._publish(event)

    # The error of the first command that completes after an overflow may be lost; later commands ran after the
    # overflow. After an upgrade the daemon announces an overflow, which completes `reexec`.
    def _finish(self, number: int) -> None:
        while self._pending and self._pending[0].number <= number:
            pending = self._pending.popleft()
            is_done = False
            if pending.number == number:
                is_done = number > self._doubtful or pending.name == "reexec"
                self._doubtful = 0
            if is_done:
                pending.finish()
            elif not pending.lose():
                pending.reset()
                self._lost.append(pending)

    def _close_descriptor(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
