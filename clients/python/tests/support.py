"""A real daemon for tests, and what they wait by. DAEMONPROXY names the program."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from typing import Callable, List

from daemonproxy import Client

PATIENCE = 20.0
_NUMBERS = itertools.count(1)
ROOT = Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("DAEMONPROXY", str(ROOT / "out" / "daemonproxy"))


def until(is_so: Callable[[], object], what: str) -> None:
    """Waits for something of which nothing tells."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"it is not so in time: {what}")
        time.sleep(0.01)


class Daemon:
    """A daemon that ends with the test: its standard input is a pipe of ours."""

    def __init__(self, socket: str, *options: str) -> None:
        self.socket = socket
        self._options = options
        # In the environment of all that comes of it, and of nothing else.
        self._mark = f"DAEMONPROXY_TEST={os.getpid()}.{next(_NUMBERS)}"
        self.start()

    def start(self) -> None:
        with open(self.socket + ".log", "ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "-i", "-q", "-S", self.socket, *self._options],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=log,
                env={**os.environ, **dict([self._mark.split("=")])})
        until(lambda: os.path.exists(self.socket), "the daemon listens")

    def crash(self) -> None:
        """A crash that it survives, seen to be over."""
        with Client(self.socket) as daemon:
            before = crashes(daemon)
            self.process.send_signal(signal.SIGSEGV)
            until(lambda: crashes(daemon) > before, "it has crashed")

    def kill(self) -> None:
        """Its end without a warning; its services go on. Nothing is left of its socket."""
        self.close()
        os.unlink(self.socket)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        assert self.process.stdin is not None
        self.process.stdin.close()
        # Services go on after the end of a daemon that was killed.
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and self._is_ours(entry):
                os.kill(int(entry.name), signal.SIGKILL)

    def _is_ours(self, process: Path) -> bool:
        try:
            return f"{self._mark}\0".encode() in (process / "environ").read_bytes()
        except OSError:
            return False


def crashes(daemon: Client) -> int:
    return int(getattr(daemon.repeating.stats("crashes").answers[0], "value"))


class DaemonTest(unittest.TestCase):
    """A test with a daemon of its own."""

    OPTIONS: List[str] = []

    def setUp(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="dp")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.socket = os.path.join(self.folder, "s")
        self.daemon = Daemon(self.socket, *self.OPTIONS)
        self.addCleanup(self.daemon.close)

    def connect(self, **options: object) -> Client:
        client = Client(self.socket, **options)  # type: ignore[arg-type]
        self.addCleanup(client.close)
        return client
