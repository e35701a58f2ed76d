# Made from the spec by `make docs`; a change goes there.
"""The events of the protocol: a dataclass for each, or for each of its cases, with a common base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Dict, Tuple, Type

from ..messages import Column, Event, Fixed, Joined, Message, Rest
from ..wire import INTEGER, SIGNAL, TEXT
from .values import (
    COUNTER, Counter, FD, FILE_FLAG, FileFlags, LOG_LEVEL, LogLevel, PIPE_END_FLAG, PIPE_FLAG, PipeEndFlags,
    PipeFlags, READY_OPTION, READY_WAY, ReadyOptions, ReadyWays, SERVICE, SOCKET, SOCKET_FLAG, SOCKET_OPTION,
    START_STEP, SocketFlags, SocketOptions, StartStep,
)

DASH = Fixed("-")
"""Stands where a case has nothing."""


@dataclass(frozen=True)
class ServiceStateEvent(Event):
    """A service changed state, or `statedump` restates its state. `since` is the time at which it entered the state;
    `value` is the exit code or the signal.
    """

    NAME = "service.state"

    name: str


@dataclass(frozen=True)
class ServiceStateWaitingEvent(ServiceStateEvent):
    """`service.state NAME start SINCE - - - - -`"""

    since: int

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", SERVICE),
        Fixed("start"),
        Column("since", INTEGER),
        DASH,
        DASH,
        DASH,
        DASH,
        DASH,
    )


@dataclass(frozen=True)
class ServiceStateUpEvent(ServiceStateEvent):
    """`service.state NAME up SINCE PID - - UPTIME -`"""

    since: int
    pid: int
    uptime: int

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", SERVICE),
        Fixed("up"),
        Column("since", INTEGER),
        Column("pid", INTEGER),
        DASH,
        DASH,
        Column("uptime", INTEGER),
        DASH,
    )


@dataclass(frozen=True)
class ServiceStateExitedEvent(ServiceStateEvent):
    """`service.state NAME down SINCE PID exit VALUE UPTIME DOWNTIME`"""

    since: int
    pid: int
    value: int
    uptime: int
    downtime: int

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", SERVICE),
        Fixed("down"),
        Column("since", INTEGER),
        Column("pid", INTEGER),
        Fixed("exit"),
        Column("value", INTEGER),
        Column("uptime", INTEGER),
        Column("downtime", INTEGER),
    )


@dataclass(frozen=True)
class ServiceStateKilledEvent(ServiceStateEvent):
    """`service.state NAME down SINCE PID signal VALUE UPTIME DOWNTIME`"""

    since: int
    pid: int
    value: str
    uptime: int
    downtime: int

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", SERVICE),
        Fixed("down"),
        Column("since", INTEGER),
        Column("pid", INTEGER),
        Fixed("signal"),
        Column("value", SIGNAL),
        Column("uptime", INTEGER),
        Column("downtime", INTEGER),
    )


@dataclass(frozen=True)
class ServiceStateNeverEvent(ServiceStateEvent):
    """`service.state NAME down - - - - - -`"""

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", SERVICE),
        Fixed("down"),
        DASH,
        DASH,
        DASH,
        DASH,
        DASH,
        DASH,
    )


@dataclass(frozen=True)
class ServiceStateDeletedEvent(ServiceStateEvent):
    """`service.state NAME deleted - - - - - -`"""

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", SERVICE),
        Fixed("deleted"),
        DASH,
        DASH,
        DASH,
        DASH,
        DASH,
        DASH,
    )


@dataclass(frozen=True)
class ServiceFailedEvent(Event):
    """A start failed: `step` is the step that failed, `reason` the symbol of the error, such as `ENOENT`, and `text`
    the program, the missing interpreter of a script or the descriptor that it failed for, if there is one, cut to
    `limit error-text` bytes. A file without `#!` is a script for /bin/sh, unless it begins as ELF or has a NUL
    among its first 128 bytes: then the reason is `ENOEXEC`. `ETIMEDOUT` is a launch that was cancelled. A process
    that exists ends afterwards, with exit code 3 if it could report the reason itself; without a process the
    start is tried again. `statedump` restates the event until the next start.

    `service.failed NAME WHEN STEP REASON TEXT`
    """

    NAME = "service.failed"

    name: str
    when: int
    step: StartStep
    reason: str
    text: str

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", SERVICE),
        Column("when", INTEGER),
        Column("step", START_STEP),
        Column("reason", TEXT),
        Column("text", TEXT),
    )


@dataclass(frozen=True)
class ServiceTagsEvent(Event):
    """The metadata of a service.

    `service.tags NAME [TAGS...]`
    """

    NAME = "service.tags"

    name: str
    tags: Tuple[str, ...]

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Rest("tags"))


@dataclass(frozen=True)
class ServiceArgsEvent(Event):
    """The command line of a service.

    `service.args NAME [ARGS...]`
    """

    NAME = "service.args"

    name: str
    args: Tuple[str, ...]

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Rest("args"))


@dataclass(frozen=True)
class ServiceFdsEvent(Event):
    """The descriptors of a service.

    `service.fds NAME [FDS...]`
    """

    NAME = "service.fds"

    name: str
    fds: Tuple[str, ...]

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Rest("fds"))


@dataclass(frozen=True)
class ServiceAutoUpEvent(Event):
    """The interval and the triggers with which a service starts automatically."""

    NAME = "service.auto_up"

    name: str


@dataclass(frozen=True)
class ServiceAutoUpOnEvent(ServiceAutoUpEvent):
    """`service.auto_up NAME INTERVAL [TRIGGERS...]`"""

    interval: int
    triggers: Tuple[str, ...]

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Column("interval", INTEGER), Rest("triggers"))


@dataclass(frozen=True)
class ServiceAutoUpOffEvent(ServiceAutoUpEvent):
    """`service.auto_up NAME -`"""

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Fixed("-"))


@dataclass(frozen=True)
class ServiceEnvEvent(Event):
    """The changes of a service's environment; none is the daemon's environment.

    `service.env NAME [CHANGES...]`
    """

    NAME = "service.env"

    name: str
    changes: Tuple[str, ...]

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Rest("changes"))


@dataclass(frozen=True)
class ServiceArgsFromEvent(Event):
    """The descriptor from which the arguments of a service are read; empty for none.

    `service.args_from NAME FD`
    """

    NAME = "service.args_from"

    name: str
    fd: str

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Column("fd", TEXT))


@dataclass(frozen=True)
class ServiceEnvFromEvent(Event):
    """The descriptor from which changes of the environment of a service are read; empty for none.

    `service.env_from NAME FD`
    """

    NAME = "service.env_from"

    name: str
    fd: str

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Column("fd", TEXT))


@dataclass(frozen=True)
class ServiceDirEvent(Event):
    """The working directory of a service; empty is the daemon's.

    `service.dir NAME PATH`
    """

    NAME = "service.dir"

    name: str
    path: str

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Column("path", TEXT))


@dataclass(frozen=True)
class ServiceRootEvent(Event):
    """The root directory of a service; empty is the daemon's.

    `service.root NAME PATH`
    """

    NAME = "service.root"

    name: str
    path: str

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Column("path", TEXT))


@dataclass(frozen=True)
class ServiceUserEvent(Event):
    """The user and the groups of a service; none are the daemon's.

    `service.user NAME [NAMES...]`
    """

    NAME = "service.user"

    name: str
    names: Tuple[str, ...]

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Rest("names"))


@dataclass(frozen=True)
class ServiceLimitsEvent(Event):
    """The resource limits of a service that differ from the daemon's.

    `service.limits NAME [LIMITS...]`
    """

    NAME = "service.limits"

    name: str
    limits: Tuple[str, ...]

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Rest("limits"))


@dataclass(frozen=True)
class ServiceProcessEvent(Event):
    """The attributes of the process of a service.

    `service.process NAME [WORDS...]`
    """

    NAME = "service.process"

    name: str
    words: Tuple[str, ...]

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Rest("words"))


@dataclass(frozen=True)
class ServiceMountsEvent(Event):
    """The mount namespace of a service; none is the daemon's.

    `service.mounts NAME [WORDS...]`
    """

    NAME = "service.mounts"

    name: str
    words: Tuple[str, ...]

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Rest("words"))


@dataclass(frozen=True)
class ServiceCgroupEvent(Event):
    """The control group in which that of each run of a service is made, and what is written into it; none is that of
    the daemon.

    `service.cgroup NAME [WORDS...]`
    """

    NAME = "service.cgroup"

    name: str
    words: Tuple[str, ...]

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Rest("words"))


@dataclass(frozen=True)
class ServiceListenEvent(Event):
    """Whether a service gets the number and the names of its descriptors from 3 on."""

    NAME = "service.listen"

    name: str


@dataclass(frozen=True)
class ServiceListenOnEvent(ServiceListenEvent):
    """`service.listen NAME +`"""

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Fixed("+"))


@dataclass(frozen=True)
class ServiceListenOffEvent(ServiceListenEvent):
    """`service.listen NAME`"""

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE),)


@dataclass(frozen=True)
class ServiceReadyEvent(Event):
    """The way in which a service reports that it is ready."""

    NAME = "service.ready"

    name: str


@dataclass(frozen=True)
class ServiceReadyStoreEvent(ServiceReadyEvent):
    """`service.ready NAME WAY OPTION`"""

    way: ReadyWays
    option: ReadyOptions

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", SERVICE),
        Column("way", READY_WAY),
        Column("option", READY_OPTION),
    )


@dataclass(frozen=True)
class ServiceReadyStoreOnlyEvent(ServiceReadyEvent):
    """`service.ready NAME - OPTION`"""

    option: ReadyOptions

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Fixed("-"), Column("option", READY_OPTION))


@dataclass(frozen=True)
class ServiceReadyOnEvent(ServiceReadyEvent):
    """`service.ready NAME WAY`"""

    way: ReadyWays

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Column("way", READY_WAY))


@dataclass(frozen=True)
class ServiceReadyOffEvent(ServiceReadyEvent):
    """`service.ready NAME -`"""

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Fixed("-"))


@dataclass(frozen=True)
class ServiceIsReadyEvent(Event):
    """A service is ready, until its next `down`; one that is ready by its exit, until its next `start`. `-` means
    that the service has withdrawn it: it reloads or stops.
    """

    NAME = "service.is_ready"

    name: str


@dataclass(frozen=True)
class ServiceIsReadyReadyEvent(ServiceIsReadyEvent):
    """`service.is_ready NAME WHEN`"""

    when: int

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Column("when", INTEGER))


@dataclass(frozen=True)
class ServiceIsReadyWithdrawnEvent(ServiceIsReadyEvent):
    """`service.is_ready NAME -`"""

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Fixed("-"))


@dataclass(frozen=True)
class ServiceStatusEvent(Event):
    """The last `STATUS=` text that a service sent, sd_notify(3): printable, and cut to 255 bytes. `MAINPID=N`
    follows it if the service has named another process than the one that was started. The text stays until the
    next `start`.

    `service.status NAME TEXT`
    """

    NAME = "service.status"

    name: str
    text: str

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Column("text", TEXT))


@dataclass(frozen=True)
class ServiceWatchdogEvent(Event):
    """A service has not sent `WATCHDOG=1` within the seconds of `watchdog` of `service.process`. The event is
    announced again after each further period of that length. The daemon does nothing else.

    `service.watchdog NAME WHEN`
    """

    NAME = "service.watchdog"

    name: str
    when: int

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Column("when", INTEGER))


@dataclass(frozen=True)
class ServiceStopEvent(Event):
    """A service is being stopped, with the time of SIGKILL; or it is held down; or both are over. The time is `-`
    while the service is down, and after SIGKILL was sent.
    """

    NAME = "service.stop"

    name: str


@dataclass(frozen=True)
class ServiceStopKillEvent(ServiceStopEvent):
    """`service.stop NAME SINCE KILL`"""

    since: int
    kill: int

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", SERVICE),
        Column("since", INTEGER),
        Column("kill", INTEGER),
    )


@dataclass(frozen=True)
class ServiceStopHeldEvent(ServiceStopEvent):
    """`service.stop NAME SINCE -`"""

    since: int

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Column("since", INTEGER), Fixed("-"))


@dataclass(frozen=True)
class ServiceStopLiftedEvent(ServiceStopEvent):
    """`service.stop NAME -`"""

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Fixed("-"))


@dataclass(frozen=True)
class ServiceEmptyEvent(Event):
    """No process is left of the control group of the last run of a service, or of the session that it led. It comes
    after `down`; a start waits for it. A process that called setsid(2) itself has left the session, and is not
    seen, but is still in the group.

    `service.empty NAME WHEN`
    """

    NAME = "service.empty"

    name: str
    when: int

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SERVICE), Column("when", INTEGER))


@dataclass(frozen=True)
class FdStateEvent(Event):
    """A named descriptor was made or deleted, or `statedump` restates it."""

    NAME = "fd.state"

    name: str


@dataclass(frozen=True)
class FdStateFileEvent(FdStateEvent):
    """`fd.state NAME file FLAGS TEXT`"""

    flags: FileFlags
    text: str

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", FD),
        Fixed("file"),
        Column("flags", FILE_FLAG),
        Column("text", TEXT),
    )


@dataclass(frozen=True)
class FdStateReaderEvent(FdStateEvent):
    """`fd.state NAME pipe FLAGS,from TEXT`"""

    flags: PipeEndFlags
    text: str | None

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", FD),
        Fixed("pipe"),
        Joined(Column("flags", PIPE_END_FLAG), "from"),
        Column("text", FD, "?"),
    )


@dataclass(frozen=True)
class FdStateWriterEvent(FdStateEvent):
    """`fd.state NAME pipe FLAGS,to TEXT`"""

    flags: PipeEndFlags
    text: str | None

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", FD),
        Fixed("pipe"),
        Joined(Column("flags", PIPE_END_FLAG), "to"),
        Column("text", FD, "?"),
    )


@dataclass(frozen=True)
class FdStatePairEvent(FdStateEvent):
    """`fd.state NAME pipe FLAGS,to TEXT`"""

    flags: PipeFlags
    text: str | None

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", FD),
        Fixed("pipe"),
        Joined(Column("flags", PIPE_FLAG), "to"),
        Column("text", FD, "?"),
    )


@dataclass(frozen=True)
class FdStateSocketEvent(FdStateEvent):
    """`fd.state NAME socket FLAGS TEXT`"""

    flags: SocketFlags
    text: str

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", FD),
        Fixed("socket"),
        Column("flags", SOCKET_FLAG),
        Column("text", TEXT),
    )


@dataclass(frozen=True)
class FdStateSpecialEvent(FdStateEvent):
    """`fd.state NAME special FLAGS TEXT`"""

    flags: FileFlags
    text: str

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", FD),
        Fixed("special"),
        Column("flags", FILE_FLAG),
        Column("text", TEXT),
    )


@dataclass(frozen=True)
class FdStateDeletedEvent(FdStateEvent):
    """`fd.state NAME deleted`"""

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", FD), Fixed("deleted"))


@dataclass(frozen=True)
class SocketStateEvent(Event):
    """A control socket with options was made or deleted, or `statedump` restates one, with options or without, to
    connections with the right `all`. `-` is the name of the socket without a name. `socket.create` with these
    options makes the same socket.
    """

    NAME = "socket.state"

    name: str | None


@dataclass(frozen=True)
class SocketStatePlainEvent(SocketStateEvent):
    """`socket.state NAME - PATH`"""

    path: str

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SOCKET, "-"), Fixed("-"), Column("path", TEXT))


@dataclass(frozen=True)
class SocketStateDeletedEvent(SocketStateEvent):
    """`socket.state NAME deleted`"""

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", SOCKET, "-"), Fixed("deleted"))


@dataclass(frozen=True)
class SocketStateOpenEvent(SocketStateEvent):
    """`socket.state NAME OPTIONS PATH`"""

    options: SocketOptions
    path: str

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("name", SOCKET, "-"),
        Column("options", SOCKET_OPTION),
        Column("path", TEXT),
    )


@dataclass(frozen=True)
class SignalEvent(Event):
    """A signal arrived: the time of the last arrival, and the number of arrivals since it was last cleared.

    `signal SIGNAL WHEN COUNT`
    """

    NAME = "signal"

    signal: str
    when: int
    count: int

    COLUMNS: ClassVar[Tuple[Column, ...]] = (
        Column("signal", SIGNAL),
        Column("when", INTEGER),
        Column("count", INTEGER),
    )


@dataclass(frozen=True)
class ErrorEvent(Event):
    """A command failed, and changed nothing.

    `error TEXT`
    """

    NAME = "error"

    text: str

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Message("text"),)


@dataclass(frozen=True)
class WarningEvent(Event):
    """A command succeeded, with this remark.

    `warning TEXT`
    """

    NAME = "warning"

    text: str

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Message("text"),)


@dataclass(frozen=True)
class InfoEvent(Event):
    """A message for people.

    `info TEXT`
    """

    NAME = "info"

    text: str

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Message("text"),)


@dataclass(frozen=True)
class OverflowEvent(Event):
    """Events were lost, because they came faster than they were read. Answers were not: commands wait until there is
    room for their answers. Only after the time that `conn.event_timeout` sets were answers lost, too; these
    commands were run. Send `statedump` if you keep a model of the state.

    `overflow`
    """

    NAME = "overflow"

    COLUMNS: ClassVar[Tuple[Column, ...]] = ()


@dataclass(frozen=True)
class LogFilterEvent(Event):
    """The log level in force.

    `log.filter LEVEL`
    """

    NAME = "log.filter"

    level: LogLevel

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("level", LOG_LEVEL),)


@dataclass(frozen=True)
class StatsEvent(Event):
    """One counter.

    `stats NAME VALUE`
    """

    NAME = "stats"

    name: Counter
    value: int

    COLUMNS: ClassVar[Tuple[Column, ...]] = (Column("name", COUNTER), Column("value", INTEGER))


EVENTS: Dict[str, Tuple[Type[Event], ...]] = {
    "service.state": (
        ServiceStateWaitingEvent,
        ServiceStateUpEvent,
        ServiceStateExitedEvent,
        ServiceStateKilledEvent,
        ServiceStateNeverEvent,
        ServiceStateDeletedEvent,
    ),
    "service.failed": (ServiceFailedEvent,),
    "service.tags": (ServiceTagsEvent,),
    "service.args": (ServiceArgsEvent,),
    "service.fds": (ServiceFdsEvent,),
    "service.auto_up": (ServiceAutoUpOnEvent, ServiceAutoUpOffEvent),
    "service.env": (ServiceEnvEvent,),
    "service.args_from": (ServiceArgsFromEvent,),
    "service.env_from": (ServiceEnvFromEvent,),
    "service.dir": (ServiceDirEvent,),
    "service.root": (ServiceRootEvent,),
    "service.user": (ServiceUserEvent,),
    "service.limits": (ServiceLimitsEvent,),
    "service.process": (ServiceProcessEvent,),
    "service.mounts": (ServiceMountsEvent,),
    "service.cgroup": (ServiceCgroupEvent,),
    "service.listen": (ServiceListenOnEvent, ServiceListenOffEvent),
    "service.ready": (
        ServiceReadyStoreEvent,
        ServiceReadyStoreOnlyEvent,
        ServiceReadyOnEvent,
        ServiceReadyOffEvent,
    ),
    "service.is_ready": (ServiceIsReadyReadyEvent, ServiceIsReadyWithdrawnEvent),
    "service.status": (ServiceStatusEvent,),
    "service.watchdog": (ServiceWatchdogEvent,),
    "service.stop": (ServiceStopKillEvent, ServiceStopHeldEvent, ServiceStopLiftedEvent),
    "service.empty": (ServiceEmptyEvent,),
    "fd.state": (
        FdStateFileEvent,
        FdStateReaderEvent,
        FdStateWriterEvent,
        FdStatePairEvent,
        FdStateSocketEvent,
        FdStateSpecialEvent,
        FdStateDeletedEvent,
    ),
    "socket.state": (SocketStatePlainEvent, SocketStateDeletedEvent, SocketStateOpenEvent),
    "signal": (SignalEvent,),
    "error": (ErrorEvent,),
    "warning": (WarningEvent,),
    "info": (InfoEvent,),
    "overflow": (OverflowEvent,),
    "log.filter": (LogFilterEvent,),
    "stats": (StatsEvent,),
}
"""The classes of each event, in the order in which they are tried."""
