"""Reads the growing output file of a job."""

from __future__ import annotations

import os

_PIECE = 65536


class OutputFile:
    """Reads from an offset on. A missing file counts as empty."""

    def __init__(self, path: str | None, offset: int) -> None:
        if offset < 0:
            raise ValueError("offset: 0 or more")
        self._descriptor = -1
        if path is not None:
            try:
                self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK)
                os.lseek(self._descriptor, offset, os.SEEK_SET)
            except FileNotFoundError:
                pass

    def read(self) -> bytes:
        """The next bytes; empty if there are none yet."""
        return os.read(self._descriptor, _PIECE) if self._descriptor >= 0 else b""

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> OutputFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
