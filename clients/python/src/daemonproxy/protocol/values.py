# Made from the spec by `make docs`; a change goes there.
"""The limits of the protocol, and what its values can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, Tuple, get_args

from ..wire import Bytes, Flag, Flags, Name, Number, Octal, SetOf, Words

LIMIT_LINE = 4096
"""The longest command line accepted, LF included. Long enough for any reasonable argument list, short enough that
four of them fit an inbox.
"""

LIMIT_INBOX = 16384
"""The receive buffer of a connection, in bytes. With the outbox it is below 128 KB, so that a controller that does
not read is noticed.
"""

LIMIT_OUTBOX = 65536
"""The send buffer of a connection, in bytes."""

LIMIT_ERROR_TEXT = 63
"""The text of an error that quotes a value is cut to this many bytes."""

LIMIT_ERROR_LINE = 30
"""The bytes of the faulty line that an error quotes."""

LIMIT_CONTROLLERS = 16
"""The most controllers connected at once, unless option `--controllers` says otherwise."""

LIMIT_MOST_CONTROLLERS = 1024
"""The largest value of option `--controllers`."""

LIMIT_SERVICES = 65535
"""The most services defined at once, unless option `--service-pool` says otherwise."""

LIMIT_FDS = 65535
"""The most named descriptors at once, unless option `--fd-pool` says otherwise."""

LIMIT_EXEC_ARGS = 255
"""The longest program to execute instead of exiting: the bytes of all its arguments, separators included."""

LIMIT_LOG_BUFFER = 1024
"""The buffer for messages while the log's destination takes none, in bytes."""

LIMIT_LAUNCHES_PER_TURN = 8
"""The services that one turn tries to launch. If a controller that asks for no starts has sent something in the last
second, the turn ends earlier, at the first process that is made, so that the controller is served.
"""

LIMIT_LAUNCH_SLOTS = 16
"""The launches under way at the same time, whose processes have not executed their programs yet."""

LIMIT_CONTROL_SOCKETS = 8
"""The control sockets at once, that without a name included."""

LIMIT_ACCESSES = 64
"""The most different rights of control sockets at once. Those of a closed socket count as long as a connection, a
service or a descriptor belongs to it.
"""

LIMIT_SOCKET_CONNS = 4
"""The connections to a control socket that does not allow everything, unless its `conns` says otherwise."""

LIMIT_SOCKET_SERVICES = 64
"""The services of a control socket that does not allow everything, unless its `max` says otherwise."""

LIMIT_FDS_PER_SERVICE = 4
"""The descriptors of a control socket, for each service that it may have."""

LIMIT_TEXT_PER_SERVICE = 4096
"""The bytes of text of the services of a control socket, for each service that it may have."""

LIMIT_SOCKET_LAUNCHES = 4
"""The launches under way at once for the services of one control socket that does not allow everything. When these
launches hang, the other slots are free for other services.
"""

LIMIT_LAUNCH_BOUND = 60
"""The seconds that a launch may take. Then its process gets SIGKILL. A file lease holds up an execve(2) for 45
seconds.
"""

LIMIT_HELPER_SLOTS = 8
"""The path operations under way at the same time. Each one is a helper, a process of its own."""

LIMIT_HELPER_BOUND = 20
"""The seconds that a helper may take. Then it gets SIGKILL, and its command fails with ETIMEDOUT. A server of files
that restarts answers earlier, and so does a disk that has to spin up.
"""

LIMIT_NOTIFY_MESSAGE = 4096
"""The longest message on a notify socket, in bytes. A longer one is ignored whole."""

LIMIT_NOTIFY_MESSAGES_PER_TURN = 64
"""The messages of a service that one turn reads."""

LIMIT_STATUS_TEXT = 255
"""The text of `service.status` is cut to this many bytes."""

LIMIT_CRASHES = 8
"""This many crashes within `crash-window` seconds end the daemon: it would only crash again."""

LIMIT_CRASH_WINDOW = 10
"""The window in which crashes are counted, in seconds."""

LIMIT_REEXEC_CHECK = 10
"""The seconds within which a new program must answer the check of `reexec`. It takes milliseconds."""

LIMIT_QUARANTINE_LINES = 8
"""The quarantined records that the log names one by one; beyond, it has only their number. The log's buffer has room
for this many lines.
"""

SERVICE = Name("service", 31)
"""The name of a service."""

FD = Name("fd", 31)
"""The name of a descriptor."""

SOCKET = Name("socket", 31)
"""The name of a control socket."""


Right = Literal[
    # To see the services and descriptors whose names begin with the prefix of the socket.
    "watch",
    # The right `watch`, and to run services, as the user of the socket, with descriptors of their own.
    "jobs",
    # Everything.
    "all",
]
"""The rights of the connections of a control socket."""

RIGHT = Words(*get_args(Right))


LogLevel = Literal[
    "none",
    "trace",
    "debug",
    "info",
    "warning",
    "error",
    "fatal",
]
"""The log level: messages above it are logged."""

LOG_LEVEL = Words(*get_args(LogLevel))


RecordKind = Literal[
    "setting",
    "counter",
    "signal",
    "log",
    "controller",
    "service",
    "descriptor",
    "control-socket",
    "reexecution",
    "launch",
    "helper",
    "notify",
    "access",
]
"""The kinds of records in the daemon's state."""

RECORD_KIND = Words(*get_args(RecordKind))


StartStep = Literal[
    # A connection is opened for a service that is a controller.
    "connection",
    # The process is made.
    "process",
    # The process is in a control group of its own, which was made for this run.
    "cgroup",
    # The user and the groups of `service.user` are looked up: before the root changes.
    "account",
    # The notify socket of the service is bound to its address: before the root changes.
    "notify",
    # The texts of `service.args_from` and `service.env_from` are read, from descriptors of the daemon.
    "texts",
    # The descriptors of `service.fds` are set, and all others are closed.
    "descriptors",
    # The process leads a session or a group, and has a controlling terminal.
    "session",
    # The scheduling policy and the processors are set.
    "sched",
    # The nice value is set.
    "nice",
    # The priority of input and output is set.
    "ionice",
    # The OOM killer's adjustment is written.
    "oom",
    # The limits are set.
    "limits",
    # The mount namespace is made, and its mounts are placed.
    "mounts",
    # The root directory is changed.
    "root",
    # The groups are set.
    "groups",
    # The user is set.
    "user",
    # The working directory is changed, with the rights of the user.
    "dir",
    # All capabilities are given up, except for those that `caps` keeps.
    "caps",
    # New privileges are forbidden.
    "no-new-privs",
    # The signal for the daemon's end is set; a change of the user would lift it.
    "pdeath",
    # The program is searched and executed.
    "execute",
]
"""The steps of a start, in their order. A step that needs rights comes before the step that gives them up. A step
that uses a path comes after the steps that decide what the path means.
"""

START_STEP = Words(*get_args(StartStep))


Counter = Literal[
    # Seconds since the daemon was started.
    "uptime",
    # Turns of the main loop.
    "turns",
    # Command lines run.
    "commands",
    # Events written, counted once for each controller.
    "events",
    # The times a controller overflowed.
    "overflows",
    # Services launched.
    "spawns",
    # Launches that the kernel refused or that failed before the program ran.
    "spawns.failed",
    # Services reaped.
    "reaps.services",
    # Reaped children that are not services.
    "reaps.strangers",
    # Crashes that the daemon survived.
    "crashes",
    # Replacements by `reexec`.
    "reexecs",
    # Bytes allocated by the runtime since the seal: 0, or there is a bug.
    "gc.allocated",
    # Services defined now, and their maximum.
    "services.used",
    "services.most",
    # Named descriptors now, and their maximum.
    "fds.used",
    "fds.most",
    # Controllers connected now, and their maximum.
    "controllers.used",
    "controllers.most",
    # Bytes of service text (args, tags, fds, triggers) now, and their maximum.
    "text.used",
    "text.most",
    # The maximum of any inbox, in bytes.
    "inbox.most",
    # The maximum of any outbox, in bytes.
    "outbox.most",
    # The maximum of the log buffer, in bytes.
    "log.most",
    # Launches under way now, whose processes have not executed their programs yet.
    "launches.waiting",
    # Launches that took too long, and whose processes have not ended yet.
    "launches.lost",
    # Connections to the control socket that wait now for a free slot: see `--controllers`.
    "controllers.waiting",
    # Helpers at work now: for a path, or for a descriptor that another program opened.
    "helpers.waiting",
    # Helpers that got SIGKILL and have not ended. They hold copies of all descriptors.
    "helpers.lost",
    # The version of the protocol. It is raised when controllers of the version before can break.
    "protocol.version",
]
"""The daemon's counters."""

COUNTER = Words(*get_args(Counter))


CrashKind = Literal[
    # A write through a pointer to nowhere.
    "wild",
    # A write near address 0.
    "null",
    # An infinite recursion.
    "overflow",
    # An exception that nobody catches.
    "throw",
    # An assertion that fails.
    "assert",
]
"""A way to crash."""

CRASH_KIND = Words(*get_args(CrashKind))


CrashPoint = Literal[
    # A line was found in an inbox. It is noted, and still in the inbox.
    "line-noted",
    # The line was removed from the inbox, and not run yet.
    "line-taken",
    # The line was run, and is still noted.
    "line-run",
    # Bytes were read into an inbox, and not processed yet.
    "inbox-filled",
    # The bytes of an inbox were copied to its start; the old place still counts.
    "inbox-moved",
    # The same for an outbox.
    "outbox-moved",
    # A line was copied into an outbox, and does not count yet.
    "outbox-written",
    # Between two pieces of a write.
    "write-piece",
    # An outbox was delivered, and its connection is closed next.
    "connection-end",
    # In the middle of changing the record of a service.
    "service-change",
    # In the middle of changing the record of a descriptor.
    "fd-change",
    # In the middle of changing the record of a controller.
    "controller-change",
    # A service is due, and its process does not exist yet.
    "launch",
    # The process exists, and only its PID is recorded.
    "launched",
    # The event `up` was announced; the service's connection is not complete.
    "launch-told",
    # A child was reaped, and not announced.
    "reaped",
    # The end was announced, and the child is still noted.
    "reaped-told",
    # A run is ready, and it is not announced.
    "service-ready",
    # A text was written, and no record refers to it.
    "text-written",
    # A record refers to its new text, and the old one is not free yet.
    "text-named",
    # In a compaction of texts, between a copy and the change of its record.
    "text-moved",
    # A descriptor was made, and has no name yet.
    "fd-made",
    # A descriptor has its name, and the one that it replaces is still open.
    "fd-named",
    # A connection was accepted, and has no record yet.
    "accepted",
    # A signal is noted as announced, and not announced yet.
    "signal-noted",
    # In a statedump, between two objects.
    "dump",
    # A part of the log was written, and the rest waits.
    "log-piece",
    # The check by the next program was started.
    "reexec-asked",
    # In the crash handler itself; the kind of crash is always `wild` there.
    "handler",
    # At the start of the next resume, before any check.
    "resume-begun",
    # In the next resume, after the check of all records.
    "resume-checked",
    # In the next resume, after the answer to the crashed line, before `overflow` is announced.
    "resume-answered",
    # A launch has its pipe and its record, and no process yet.
    "launch-taken",
    # The report or the end of a launch was read, and nothing was done about it yet.
    "launch-read",
    # A helper has its record, and no process yet.
    "helper-taken",
    # A helper has its process.
    "helper-started",
    # A helper has ended, and its answer was not used yet.
    "helper-ended",
    # A message on the notify socket of a service was received, and nothing was done about it yet.
    "notify-received",
    # The message was acted on, and is still noted.
    "notify-done",
]
"""The points at which `debug.crash` can crash the daemon: the next time that it passes there."""

CRASH_POINT = Words(*get_args(CrashPoint))


@dataclass(frozen=True)
class FileFlags(Flags):
    """The flags of a file. Without `read` and `write` it is opened for reading."""

    read: bool = False
    write: bool = False
    append: bool = False
    """Every write goes to the end."""
    create: bool = False
    """Create a missing file, with mode 0600, or `mode`."""
    trunc: bool = False
    """Truncate the file to 0 bytes."""
    nonblock: bool = False
    """Reads and writes do not wait."""
    mkdir: bool = False
    """Create missing parent directories, with mode 0700."""
    mode: int | None = None
    """The permissions of a file that `create` makes. 0 to 0o777."""
    owner: str | None = None
    """The owner of a file that `create` makes, as for chown(1): `USER`, `USER:GROUP`, `:GROUP`, or `USER:` for that
    user's primary group. Names or numbers; without a group, it is that of the daemon. 1 to 65 bytes without a
    comma.
    """

    WORDS: ClassVar[Tuple[Flag, ...]] = (
        Flag("read", "read"),
        Flag("write", "write"),
        Flag("append", "append"),
        Flag("create", "create"),
        Flag("trunc", "trunc"),
        Flag("truncate", implies=("trunc",)),
        Flag("nonblock", "nonblock"),
        Flag("mkdir", "mkdir"),
        Flag("mode", "mode", Octal(0, 0o777)),
        Flag("owner", "owner", Bytes(1, 65)),
    )


FILE_FLAG = SetOf(FileFlags)


@dataclass(frozen=True)
class PipeFlags(Flags):
    """The flags of a pipe. With any word for a socket it is a socketpair, by default of the unix domain and the
    stream type.
    """

    unix: bool = False
    inet: bool = False
    inet6: bool = False
    stream: bool = False
    dgram: bool = False
    seqpacket: bool = False
    nonblock: bool = False
    """Reads and writes do not wait, at both ends."""

    WORDS: ClassVar[Tuple[Flag, ...]] = (
        Flag("unix", "unix", clears=("inet",)),
        Flag("inet", "inet"),
        Flag("inet6", "inet6"),
        Flag("stream", "stream", clears=("dgram", "seqpacket")),
        Flag("dgram", "dgram"),
        Flag("seqpacket", "seqpacket"),
        Flag("tcp", implies=("inet", "stream"), clears=("dgram",)),
        Flag("udp", implies=("inet", "dgram")),
        Flag("nonblock", "nonblock"),
    )


PIPE_FLAG = SetOf(PipeFlags)


@dataclass(frozen=True)
class PipeEndFlags(Flags):
    """The flags of an end of a pipe in events."""

    nonblock: bool = False
    """Reads and writes do not wait."""

    WORDS: ClassVar[Tuple[Flag, ...]] = (
        Flag("nonblock", "nonblock"),
    )


PIPE_END_FLAG = SetOf(PipeEndFlags)


@dataclass(frozen=True)
class SocketFlags(Flags):
    """The flags of a socket; the default is `unix,stream`. Of several domains, inet takes precedence over inet6; of
    several types, dgram over seqpacket. A later word can clear an earlier one.
    """

    unix: bool = False
    inet: bool = False
    inet6: bool = False
    stream: bool = False
    dgram: bool = False
    seqpacket: bool = False
    bind: bool = False
    """Bind the socket to its address; an address alone implies this."""
    listen: int | None = None
    """Accept connections, with a queue of this length. 1 to 65535."""
    mkdir: bool = False
    """Create missing parent directories of a unix socket, with mode 0700."""
    nonblock: bool = False
    """Reads, writes and accepts do not wait."""
    mode: int | None = None
    """The permissions of the file of a unix socket; to connect takes those for writing. 0 to 0o777."""
    owner: str | None = None
    """The owner of its file, as for chown(1): `USER`, `USER:GROUP`, `:GROUP`, or `USER:` for that user's primary
    group. Names or numbers; without a group, it is that of the daemon. 1 to 65 bytes without a comma.
    """

    WORDS: ClassVar[Tuple[Flag, ...]] = (
        Flag("unix", "unix", clears=("inet",)),
        Flag("inet", "inet"),
        Flag("inet6", "inet6"),
        Flag("stream", "stream", clears=("dgram", "seqpacket")),
        Flag("dgram", "dgram"),
        Flag("seqpacket", "seqpacket"),
        Flag("tcp", implies=("inet", "stream"), clears=("dgram",)),
        Flag("udp", implies=("inet", "dgram")),
        Flag("bind", "bind"),
        Flag("listen", "listen", Number(1, 65535), default=32, implies=("bind",)),
        Flag("mkdir", "mkdir"),
        Flag("nonblock", "nonblock"),
        Flag("mode", "mode", Octal(0, 0o777)),
        Flag("owner", "owner", Bytes(1, 65)),
    )


SOCKET_FLAG = SetOf(SocketFlags)


@dataclass(frozen=True)
class SocketOptions(Flags):
    """The file of a control socket, and the rights of its connections."""

    name: str | None = None
    """The name of the socket. One socket can be without a name. 1 to 31 bytes without a comma."""
    mode: int | None = None
    """The permissions of its file; to connect takes those for writing. Without it they are 0700. 0 to 0o777."""
    owner: str | None = None
    """The owner of its file, as for chown(1): `USER`, `USER:GROUP`, `:GROUP`, or `USER:` for that user's primary
    group. Names or numbers; without a group, it is that of the daemon. 1 to 65 bytes without a comma.
    """
    allow: str | None = None
    """The right of its connections: `watch`, `jobs` or `all`, which is the default. 1 to 5 bytes without a comma."""
    prefix: str | None = None
    """The beginning of each name that its connections see or make; it ends in `.` or `-`. `watch` and `jobs` need
    one. 1 to 30 bytes without a comma.
    """
    user: str | None = None
    """The user of the services that are made through the socket, whatever `service.user` says: a user, or
    `USER:GROUP`. `jobs` needs one where the daemon is root. 1 to 65 bytes without a comma.
    """
    cgroup: str | None = None
    """The control group below which each run of these services has one of its own: see `service.cgroup`. 1 to 255
    bytes without a comma.
    """
    max: int | None = None
    """The most services of the socket. 1 to 65535."""
    conns: int | None = None
    """The most connections at once. 1 to 1024."""

    WORDS: ClassVar[Tuple[Flag, ...]] = (
        Flag("name", "name", Bytes(1, 31)),
        Flag("mode", "mode", Octal(0, 0o777)),
        Flag("owner", "owner", Bytes(1, 65)),
        Flag("allow", "allow", Bytes(1, 5)),
        Flag("prefix", "prefix", Bytes(1, 30)),
        Flag("user", "user", Bytes(1, 65)),
        Flag("cgroup", "cgroup", Bytes(1, 255)),
        Flag("max", "max", Number(1, 65535)),
        Flag("conns", "conns", Number(1, 1024)),
    )


SOCKET_OPTION = SetOf(SocketOptions)


@dataclass(frozen=True)
class SignalOptions(Flags):
    """The options of `service.signal`."""

    group: bool = False
    """Send the signal to the process group of the service, not to its process alone."""
    tree: bool = False
    """Send it to every process of the control group of the service, or of the session that it leads: see
    `service.cgroup` and `session` of `service.process`.
    """
    pid: int | None = None
    """Send it only if this is the process ID of the service at that moment. 1 to 2147483647."""

    WORDS: ClassVar[Tuple[Flag, ...]] = (
        Flag("group", "group"),
        Flag("tree", "tree"),
        Flag("pid", "pid", Number(1, 2147483647), default=1),
    )


SIGNAL_OPTION = SetOf(SignalOptions)


@dataclass(frozen=True)
class ReadyWays(Flags):
    """The ways in which a service reports that it is ready."""

    fd: int | None = None
    """By a newline on this descriptor, which is the writing end of a pipe: the `notification-fd` of s6. 0 to 1023."""
    exit: bool = False
    """By exiting with 0."""
    notify: bool = False
    """By `READY=1` on the socket that NOTIFY_SOCKET names, sd_notify(3)."""

    WORDS: ClassVar[Tuple[Flag, ...]] = (
        Flag("fd", "fd", Number(0, 1023), default=3),
        Flag("exit", "exit"),
        Flag("notify", "notify"),
    )


READY_WAY = SetOf(ReadyWays)


@dataclass(frozen=True)
class ReadyOptions(Flags):
    """The options of `service.ready`."""

    store: int | None = None
    """The most descriptors that are kept for the service: those that it sends along with `FDSTORE=1`,
    sd_pid_notify_with_fds(3). Their names are NAME.FDNAME, or NAME.stored without FDNAME. 0 to 64.
    """

    WORDS: ClassVar[Tuple[Flag, ...]] = (
        Flag("store", "store", Number(0, 64), default=1),
    )


READY_OPTION = SetOf(ReadyOptions)
