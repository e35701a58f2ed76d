"""Subscriptions: events that wait to be read, with a bound."""

from __future__ import annotations

import asyncio
import threading
import time
import weakref
from collections import deque
from typing import AsyncIterator, Callable, Deque, Iterator

from .messages import Event
from .protocol.events import OverflowEvent

CAPACITY = 16384
"""The most events that may wait, by default."""


class EventQueue:
    """Events on their way to one reader. When more wait than it may have, they are discarded, and the reader gets an
    OverflowEvent in their place.
    """

    def __init__(self, capacity: int, wake: Callable[[], None]) -> None:
        if capacity < 1:
            raise ValueError("capacity: at least 1")
        self._capacity = capacity
        self._wake = wake
        self._events: Deque[Event] = deque()
        self._lock = threading.Lock()
        self.is_over = False

    def put(self, event: Event) -> None:
        """Adds an event; called by the thread of the connection."""
        with self._lock:
            if self.is_over:
                return
            if len(self._events) >= self._capacity:
                self._events.clear()
                self._events.append(OverflowEvent())
            self._events.append(event)
        self._wake()

    def take(self) -> Event | None:
        """The next event; None if none waits."""
        with self._lock:
            return self._events.popleft() if self._events else None

    def end(self) -> None:
        """Ends the events; the waiting ones can still be read."""
        self.is_over = True
        self._wake()


class Hub:
    """All subscriptions of a connection. A subscription without references is removed."""

    def __init__(self) -> None:
        self._queues: weakref.WeakSet[EventQueue] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._is_over = False

    def add(self, queue: EventQueue) -> None:
        with self._lock:
            self._queues.add(queue)
            is_over = self._is_over
        if is_over:
            queue.end()

    def remove(self, queue: EventQueue) -> None:
        with self._lock:
            self._queues.discard(queue)
        queue.end()

    def put(self, event: Event) -> None:
        with self._lock:
            queues = list(self._queues)
        for queue in queues:
            queue.put(event)

    def end(self) -> None:
        with self._lock:
            self._is_over = True
            queues = list(self._queues)
        for queue in queues:
            queue.end()


class Subscription:
    """The events since it was made, for one thread. It ends with the client, or by `close`."""

    def __init__(self, hub: Hub, capacity: int) -> None:
        self._ready = threading.Condition()
        self._hub = hub
        self._queue = EventQueue(capacity, self._wake)
        hub.add(self._queue)

    def get(self, timeout: float | None = None) -> Event | None:
        """The next event; None after `timeout` seconds, or at the end."""
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._ready:
            while True:
                event = self._queue.take()
                left = None if deadline is None else deadline - time.monotonic()
                if event is not None or self._queue.is_over or (left is not None and left <= 0):
                    return event
                self._ready.wait(left)

    def close(self) -> None:
        """Ends it."""
        self._hub.remove(self._queue)

    def __iter__(self) -> Iterator[Event]:
        while True:
            event = self.get()
            if event is None:
                return
            yield event

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _wake(self) -> None:
        with self._ready:
            self._ready.notify()


class AsyncSubscription:
    """The same for asyncio."""

    def __init__(self, hub: Hub, capacity: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._ready = asyncio.Event()
        self._hub = hub
        self._queue = EventQueue(capacity, self._wake)
        hub.add(self._queue)

    async def get(self) -> Event | None:
        """The next event; None at the end."""
        while True:
            self._ready.clear()
            event = self._queue.take()
            if event is not None or self._queue.is_over:
                return event
            await self._ready.wait()

    def close(self) -> None:
        """Ends it."""
        self._hub.remove(self._queue)

    async def __aiter__(self) -> AsyncIterator[Event]:
        while True:
            event = await self.get()
            if event is None:
                return
            yield event

    async def __aenter__(self) -> AsyncSubscription:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def _wake(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._ready.set)
        except RuntimeError:
            pass  # The event loop is closed, so no reader is left.
