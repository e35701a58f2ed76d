"""The client of Daemonproxy, the process manager.

    from daemonproxy import Client

    with Client("/run/daemonproxy.sock") as daemon:
        daemon.service_args("web", "/usr/sbin/nginx", "-g", "daemon off;")
        daemon.service_start("web")

`Client` is for threads, `AsyncClient` for asyncio; `daemonproxy.jobs` has background jobs. The commands, events, errors
and values are in `daemonproxy.protocol`, which is generated from the same file as the daemon.
"""

from . import errors, protocol
from .aio import AsyncClient, AsyncFollowing
from .client import Client, Following
from .errors import (
    AnswerLost, CommandFailed, ConnectFailed, ConnectionClosed, DaemonproxyError, NoAnswer, NobodyListens, NoPermission,
    NoSocket,
)
from .events import AsyncSubscription, Subscription
from .messages import Command, Event, UnknownEvent
from .model import ServiceInfo, State
from .protocol.commands import LINES, Commands
from .session import Result
from .status import Status

__all__ = [
    "LINES", "AnswerLost", "AsyncClient", "AsyncFollowing", "AsyncSubscription", "Client", "Command", "CommandFailed",
    "Commands", "ConnectFailed", "ConnectionClosed", "DaemonproxyError", "Event", "Following", "NoAnswer",
    "NoPermission", "NoSocket", "NobodyListens", "Result", "ServiceInfo", "State", "Status", "Subscription",
    "UnknownEvent", "errors", "protocol",
]
