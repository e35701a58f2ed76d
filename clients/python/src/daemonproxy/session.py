"""One connection, without a socket: which commands are under way, and what the lines that come in mean for them.

Commands of one connection run in order, and behind each a marker is sent, an `echo` of a word that nobody else uses.
When it comes back the command is done, and the errors and warnings told since the marker before are its own. A marker
that never comes was lost with what else an overflow discarded; a later one tells.
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

# No line of the daemon is longer than its outbox; this is no daemon.
_LONGEST = 1 << 20


@dataclass(frozen=True)
class Result:
    """What a command was answered with."""

    answers: Tuple[Event, ...] = ()
    """Its events, in order."""
    warnings: Tuple[str, ...] = ()
    descriptor: OwnedDescriptor | None = None
    """What `fd.give` gave."""


class Pending:
    """A command that was called and is not known to be done; without a command, a marker alone."""

    def __init__(
        self, command: Command | None, repeat: bool = False, when_done: Callable[[], None] | None = None,
    ) -> None:
        self.command = command
        self.repeat = repeat
        """Whether it is run again where its answer is lost."""
        self.when_done = when_done
        """What is to happen when it is done, before any later line is looked at."""
        self.future: Future[Result] = Future()
        self.number = 0
        self.start = 0
        """The bytes of the connection before its own."""
        self.is_under_way = False
        """Whether it was handed to a connection, which can have sent it."""
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
        """True if it asks for the end."""
        return self.name in ("exit", "terminate")

    def hear(self, event: Event, descriptor: int | None) -> bool:
        """Takes what was told while it was run; whether that was for nobody else."""
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
        """Its marker came back."""
        if self.command is not None and self._error is not None:
            self.fail(error_of(self._error, self.command, ERRORS, LIMIT_ERROR_TEXT))
            return
        if self.when_done is not None:
            self.when_done()
        self._close_sent()
        given, self._given = self._given, None
        _settle(self.future, Result(tuple(self._answers), tuple(self._warnings), given))

    def lose(self) -> bool:
        """It was run, and something of its answer may be lost. False if it is to be run again."""
        if self.command is None or self._error is not None or self._given is not None:
            self.finish()
        elif self.repeat and not self.future.cancelled():
            return False
        else:
            self.fail(AnswerLost(self.name))
        return True

    def reset(self) -> None:
        """Before it is run again."""
        self._error = None
        self._warnings.clear()
        self._answers.clear()
        self.is_under_way = False

    def fail(self, problem: BaseException) -> None:
        """There will be no answer."""
        self._close_sent()
        self._given = None
        _settle(self.future, problem)

    def _close_sent(self) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


# Somebody may have cancelled it.
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
        """True if the command that is run asks for the end."""
        return bool(self._pending) and self._pending[0].ends_connection

    def begin(self, pending: Pending) -> bytes:
        """Notes a command; the bytes that are to be sent."""
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
        """Takes what was read. A descriptor belongs to the last of the lines."""
        last = data.rfind(b"\n", 0, len(data) - 1) + 1 if descriptors else 0
        self._receive(data[:last])
        for descriptor in descriptors:
            self._close_descriptor()
            self._descriptor = descriptor
        self._receive(data[last:])

    def lost(self) -> List[Pending]:
        """Commands that are to be run again, since their answers are lost."""
        lost, self._lost = self._lost, []
        return lost

    def end(self, reason: str, sent: int) -> List[Pending]:
        """No answer will come any more. Commands of which nothing was sent, and those that may be run twice, are
        returned; the others fail."""
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
            raise OSError(errno.EMSGSIZE, "what was told has no end")

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

    # The marker of the first command that is done after an overflow may hide its error; those behind it were run when
    # the overflow was over. A new program in the daemon's place announces an overflow, which ends `reexec`.
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
