"""Failures of connections."""

from __future__ import annotations

import errno

from .messages import DaemonproxyError


class ConnectFailed(DaemonproxyError, OSError):
    """The connection failed."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__(text)
        self.path = path
        """The socket."""


class NoSocket(ConnectFailed):
    """There is no file at the path."""


class NobodyListens(ConnectFailed):
    """There is a file, and no daemon listens."""


class NoPermission(ConnectFailed):
    """This user may not open it."""


class NoAnswer(ConnectFailed):
    """The daemon has no free connection slot, or is stopped."""


class ConnectionClosed(DaemonproxyError):
    """The connection ended before the answer."""

    def __init__(self, reason: str, may_have_run: bool = False) -> None:
        doubt = " The command may have run." if may_have_run else ""
        super().__init__(reason + doubt)
        self.reason = reason
        """The reason of the end."""
        self.may_have_run = may_have_run
        """False if no byte of the command was sent."""


class AnswerLost(DaemonproxyError):
    """The daemon discarded answers, or crashed, while a command was in progress; the command may have run or not."""

    def __init__(self, command: str) -> None:
        super().__init__(f"The answer to {command} was lost. The command may have run.")


def connect_failed(path: str, problem: OSError) -> ConnectFailed:
    """The exception for an error of connect(2)."""
    if problem.errno == errno.ENOENT:
        return NoSocket(path, f"There is no socket {path}: the daemon does not run, or it listens elsewhere.")
    if problem.errno in (errno.ECONNREFUSED, errno.ENOTSOCK):
        return NobodyListens(path, f"No process listens on {path}: the daemon has ended, or it is not a socket.")
    if problem.errno in (errno.EACCES, errno.EPERM):
        return NoPermission(path, f"This user may not open {path}.")
    return ConnectFailed(path, f"{path}: {problem.strerror or problem}")


def no_answer(path: str) -> NoAnswer:
    """The exception for an exceeded time limit."""
    return NoAnswer(
        path, f"The daemon at {path} does not answer: it has no place for another controller, or is stopped.")
