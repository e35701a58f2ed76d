"""The thread of the connection: it connects, sends, reads, and reconnects."""

from __future__ import annotations

import array
import errno
import os
import random
import selectors
import socket
import threading
import time
from collections import deque
from concurrent.futures import Future
from typing import Deque, List, Literal

from .events import Hub
from .failures import ConnectFailed, ConnectionClosed, connect_failed, no_answer
from .messages import Command, Event
from .model import Model
from .protocol.commands import LINES
from .protocol.events import OverflowEvent
from .session import Pending, Result, Session
from .status import Status

_READ_SIZE = 65536
_CHUNK = 16384
# The daemon keeps two descriptors of a connection that no line has taken.
_MOST_DESCRIPTORS = 2
# The kernel refuses a connection while the listener's queue is full, and does not notify anyone when there is room
# again.
_FULL_PAUSE = 0.02
# All lines from before the daemon stopped reading are received already.
_LAST_ANSWERS = 2.0
_FIRST_DELAY = 0.05
_MOST_DELAY = 5.0


class Link:
    """A connection that is restored when it is lost, and its thread. All methods are thread-safe."""

    def __init__(self, path: str, timeout: float | None, reconnect: bool, most_unsent: int) -> None:
        if len(os.fsencode(path)) > 107 or not path:
            raise ValueError(f"path: the name of a socket has 1 to 107 bytes: {path!r}")
        self.path = path
        self.hub = Hub()
        self.first: Future[None] = Future()
        """Done when the first connection answers; has the exception if that fails."""
        self._timeout = timeout
        self._reconnect = reconnect
        self._most_unsent = most_unsent
        self._model: Model | None = None
        self._lock = threading.Condition()
        self._inbox: Deque[Pending] = deque()
        self._unsent = 0
        self._status = Status("lost", "No connection was made yet.")
        self._session: Session | None = None
        self._is_model_new = False
        self._is_woken = False
        self.connections = 0
        """The number of connections so far. A daemon that crashes and resumes keeps its connections."""
        self._gaps = 0
        self._end: str | None = None
        self._closing = False
        self._pid = os.getpid()
        self._out = bytearray()
        self._out_descriptor: int | None = None
        self._sent = 0
        self._broken_since: float | None = None
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_reader.setblocking(False)
        self._wake_writer.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="daemonproxy", daemon=True)
        self._thread.start()

    @property
    def status(self) -> Status:
        return self._status

    def submit(self, command: Command, repeat: bool = False, wait_for_room: bool = True) -> Future[Result]:
        """Calls a command. If `wait_for_room` is set, it blocks while too many bytes wait to be sent."""
        self._check_process()
        with self._lock:
            if self._end is not None:
                raise ConnectionClosed(self._end)
            if wait_for_room and threading.current_thread() is not self._thread:
                self._lock.wait_for(lambda: self._unsent < self._most_unsent or self._end is not None)
            pending = Pending(command, repeat)
            if self._end is not None:
                pending.fail(ConnectionClosed(self._end))
                return pending.future
            self._inbox.append(pending)
            self._unsent += len(command.line)
        self._wake()
        return pending.future

    def follow(self) -> Model:
        """The model, which the first call makes. It is complete when the daemon has restated everything."""
        self._check_process()
        with self._lock:
            if self._end is not None:
                raise ConnectionClosed(self._end)
            if self._model is None:
                self._model = Model()
                self._is_model_new = True
            model = self._model
        self._wake()
        return model

    def wait_status(self, state: str, timeout: float | None) -> bool:
        """Waits for this status; False if it does not come within the time."""
        with self._lock:
            return self._lock.wait_for(lambda: self._status.state in (state, "ended"), timeout) and (
                self._status.state == state)

    def close(self) -> None:
        """Ends the link. Unfinished commands fail."""
        if self._pid != os.getpid():
            return
        self._closing = True
        self._wake()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    # The following methods run on the thread of the link.

    def _run(self) -> None:
        reason = "This side has closed the connection."
        delay = _FIRST_DELAY
        try:
            while not self._closing:
                try:
                    reason = self._serve(self._connect())
                    delay = _FIRST_DELAY if self._status.state == "connected" else delay
                except ConnectFailed as problem:
                    reason = str(problem)
                    if not self.first.done() and self.first.set_running_or_notify_cancel():
                        self.first.set_exception(problem)
                self._note("lost", reason)
                if not self._reconnect or self._closing:
                    break
                self._pause(delay * random.uniform(0.75, 1.25))
                delay = min(delay * 2, _MOST_DELAY)
        except BaseException as problem:
            reason = f"{type(problem).__name__}: {problem}"
            raise
        finally:
            self._finish("This side has closed the connection." if self._closing else reason)

    def _connect(self) -> socket.socket:
        deadline = None if self._timeout is None else time.monotonic() + self._timeout
        while True:
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
            try:
                sock.connect(self.path)
                return sock
            except BlockingIOError:
                sock.close()
                if self._closing or (deadline is not None and time.monotonic() >= deadline):
                    raise no_answer(self.path) from None
                time.sleep(_FULL_PAUSE)
            except OSError as problem:
                sock.close()
                raise connect_failed(self.path, problem) from problem
            except BaseException:
                sock.close()
                raise

    # Runs one connection to its end; returns the reason of the end.
    def _serve(self, sock: socket.socket) -> str:
        session = Session(self._hear, self.hub.put)
        self._out.clear()
        self._sent = 0
        self._broken_since = None
        deadline = None if self._timeout is None else time.monotonic() + self._timeout
        greeting = Pending(None, when_done=lambda: self._greet(session))
        self._out += session.begin(greeting)
        reason = "The connection broke."
        with sock, selectors.DefaultSelector() as selector:
            selector.register(self._wake_reader, selectors.EVENT_READ)
            selector.register(sock, selectors.EVENT_READ)
            try:
                while not self._closing:
                    self._send(sock, session)
                    wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._out else 0)
                    selector.modify(sock, wanted)
                    left = None if deadline is None or greeting.future.done() else deadline - time.monotonic()
                    if left is not None and left <= 0:
                        raise no_answer(self.path)
                    if self._broken_since is not None:
                        left = self._broken_since + _LAST_ANSWERS - time.monotonic()
                        if left <= 0:
                            return "The daemon has stopped reading."
                    for key, ready in selector.select(left):
                        if key.fileobj is self._wake_reader:
                            self._drain()
                        elif ready & selectors.EVENT_READ and not self._read(sock, session):
                            asked = ", as requested" if session.is_end_asked else ""
                            reason = f"The daemon has closed the connection{asked}."
                            return reason
            except OSError as problem:
                if isinstance(problem, ConnectFailed):
                    raise
                reason = f"The connection broke: {problem.strerror or problem}."
            finally:
                self._lose(session, reason)
        return reason

    def _greet(self, session: Session) -> None:
        with self._lock:
            self._session = session
            self.connections += 1
        if not self.first.done() and self.first.set_running_or_notify_cancel():
            self.first.set_result(None)
        self._restate("Connected.")

    # Fills the send buffer, and sends as much as the socket accepts. Lines from before the daemon stopped reading are
    # still to be read, so a connection that is broken for writing ends at the end of reading.
    def _send(self, sock: socket.socket, session: Session) -> None:
        while self._broken_since is None and self._fill(session):
            try:
                if self._out_descriptor is not None:
                    rights = array.array("i", [self._out_descriptor])
                    count = sock.sendmsg([self._out], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
                    self._out_descriptor = None
                else:
                    count = sock.send(self._out)
            except BlockingIOError:
                return
            except OSError as problem:
                if problem.errno not in (errno.EPIPE, errno.ECONNRESET):
                    raise
                self._out.clear()
                self._broken_since = time.monotonic()
                return
            del self._out[:count]
            self._sent += count

    def _fill(self, session: Session) -> bool:
        with self._lock:
            while self._session is session and self._inbox and len(self._out) < _CHUNK:
                pending = self._inbox[0]
                if pending.future.cancelled():
                    self._inbox.popleft()
                    self._release(pending)
                    pending.fail(ConnectionClosed("The call was cancelled."))
                    continue
                if pending.descriptor is not None:
                    if self._out or session.descriptors_under_way >= _MOST_DESCRIPTORS:
                        break
                    self._out_descriptor = pending.descriptor
                self._inbox.popleft()
                self._release(pending)
                self._out += session.begin(pending)
                if self._out_descriptor is not None:
                    break
        return bool(self._out)

    def _release(self, pending: Pending) -> None:
        if pending.command is not None and pending.when_done is None:
            self._unsent -= len(pending.command.line)
            self._lock.notify_all()

    def _read(self, sock: socket.socket, session: Session) -> bool:
        try:
            data, ancillary, _, _ = sock.recvmsg(
                _READ_SIZE, socket.CMSG_SPACE(4 * array.array("i").itemsize), socket.MSG_CMSG_CLOEXEC)
        except BlockingIOError:
            return True
        except ConnectionResetError:
            return False
        descriptors = array.array("i")
        for level, kind, rights in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                descriptors.frombytes(rights[: len(rights) - len(rights) % descriptors.itemsize])
        if not data:
            return False
        session.receive(data, list(descriptors))
        self._again(session.lost())
        model = self._model
        if model is not None:
            model.settle()
        return True

    def _hear(self, event: Event) -> None:
        model = self._model
        if model is not None:
            model.apply(event)
        if isinstance(event, OverflowEvent) and self._session is not None:
            self._restate("Events were lost: they were not read in time, or the daemon crashed.")

    # Brings the model up to date, and completes commands whose markers are lost.
    def _restate(self, reason: str | None) -> None:
        self._gaps += 1
        gap = self._gaps
        with self._lock:
            model, self._is_model_new = self._model, False
        if reason is not None:
            self._note("gap", reason)

        def done() -> None:
            if gap == self._gaps:
                if model is not None:
                    model.complete()
                self._note("connected", "The state is complete.")

        if model is not None:
            model.interrupt()
        with self._lock:
            command = LINES.statedump() if model is not None else None
            self._inbox.appendleft(Pending(command, when_done=done))

    def _again(self, pending: List[Pending]) -> None:
        if pending:
            with self._lock:
                self._inbox.extendleft(reversed(pending))
                self._unsent += sum(len(one.command.line) for one in pending if one.command is not None)

    def _lose(self, session: Session, reason: str) -> None:
        with self._lock:
            was_connected = self._session is session
            self._session = None
            self._gaps += 1
            self._out_descriptor = None
            # Its own statedumps do not concern the next connection.
            self._inbox = deque(one for one in self._inbox if one.when_done is None)
        left = session.end(reason if not self._closing else "This side has closed the connection.", self._sent)
        self._again([one for one in left if one.when_done is None])
        model = self._model
        if was_connected and model is not None:
            model.interrupt()
        if was_connected and self._reconnect and not self._closing:
            self.hub.put(OverflowEvent())

    def _note(self, state: Literal["lost", "gap", "connected", "ended"], reason: str) -> None:
        with self._lock:
            if self._status.state != "ended":
                self._status = Status(state, reason)
                self._lock.notify_all()

    def _finish(self, reason: str) -> None:
        with self._lock:
            self._end = reason
            left, self._inbox = self._inbox, deque()
            self._lock.notify_all()
        for pending in left:
            pending.fail(ConnectionClosed(reason))
        if not self.first.done() and self.first.set_running_or_notify_cancel():
            self.first.set_exception(ConnectionClosed(reason))
        self._note("ended", reason)
        self.hub.end()
        model = self._model
        if model is not None:
            model.end(ConnectionClosed(reason))
        self._wake_reader.close()
        self._wake_writer.close()

    def _pause(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_reader, selectors.EVENT_READ)
            while not self._closing and time.monotonic() < deadline:
                if selector.select(max(0, deadline - time.monotonic())):
                    self._drain()

    def _drain(self) -> None:
        with self._lock:
            self._wake_reader.recv(1)
            self._is_woken = False
            is_new = self._is_model_new and self._session is not None
        if is_new:
            self._restate(None)

    def _wake(self) -> None:
        with self._lock:
            # After a wake-up the thread checks everything before it sleeps again.
            was_woken, self._is_woken = self._is_woken, True
            if not was_woken and self._status.state != "ended":
                self._wake_writer.send(b"x")

    def check_thread(self) -> None:
        """Raises RuntimeError if the thread would wait for itself."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("The client's own thread cannot wait for a command: a test must not call the client.")

    def _check_process(self) -> None:
        if self._pid != os.getpid():
            raise ConnectionClosed("This client belongs to the process that made it: make one after fork(2).")
