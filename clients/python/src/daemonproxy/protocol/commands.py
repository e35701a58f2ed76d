# Made from the spec by `make docs`; a change goes there.
"""The commands of the protocol, a method for each."""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from ..messages import Command, Line, UnknownEvent
from ..wire import Descriptor, INTEGER, Number, OneOf, Prefixed, SIGNAL, TEXT, fileno
from .events import (
    FdStateDeletedEvent, FdStateEvent, FdStateFileEvent, FdStatePairEvent, FdStateReaderEvent, FdStateSocketEvent,
    FdStateWriterEvent, LogFilterEvent, ServiceArgsEvent, ServiceArgsFromEvent, ServiceAutoUpOffEvent,
    ServiceAutoUpOnEvent, ServiceCgroupEvent, ServiceDirEvent, ServiceEnvEvent, ServiceEnvFromEvent,
    ServiceFailedEvent, ServiceFdsEvent, ServiceLimitsEvent, ServiceListenOffEvent, ServiceListenOnEvent,
    ServiceMountsEvent, ServiceProcessEvent, ServiceReadyOffEvent, ServiceReadyOnEvent, ServiceReadyStoreEvent,
    ServiceReadyStoreOnlyEvent, ServiceRootEvent, ServiceStateDeletedEvent, ServiceStateNeverEvent,
    ServiceStateWaitingEvent, ServiceStopHeldEvent, ServiceStopKillEvent, ServiceTagsEvent, ServiceUserEvent,
    SocketStateDeletedEvent, SocketStateOpenEvent, SocketStatePlainEvent, StatsEvent,
)
from .values import (
    COUNTER, CRASH_KIND, CRASH_POINT, Counter, CrashKind, CrashPoint, FD, FILE_FLAG, FileFlags, LIMIT_LINE,
    LOG_LEVEL, LogLevel, PIPE_FLAG, PipeFlags, READY_OPTION, READY_WAY, ReadyOptions, ReadyWays, SERVICE,
    SIGNAL_OPTION, SOCKET, SOCKET_FLAG, SOCKET_OPTION, SignalOptions, SocketFlags, SocketOptions,
)

R = TypeVar("R", covariant=True)


class Commands(Generic[R]):
    """Every command, as a method. It checks its arguments, and raises ValueError or TypeError for those that the
    protocol forbids, before anything is sent.

    What becomes of the command is up to `run`: a client sends it. `LINES` returns it, for tests and for other
    programs that write lines.
    """

    def run(self, command: Command) -> R:
        """Runs a command: what all methods come to."""
        raise NotImplementedError

    def echo(self, *text: str) -> R:
        """Returns the rest of the line as a line of its own; an empty rest has no answer. Commands of one controller
        run in order: the echo of a unique word shows that all earlier commands are done.

        `echo [TEXT...]`
        - `text`: the rest of the line, TABs included.
        Needs the right `watch`.
        """
        return self.run(
            Line("echo", LIMIT_LINE)
            .add_all("text", text, TEXT)
            .command(UnknownEvent)
        )

    def statedump(self) -> R:
        """Restates everything to this controller: every descriptor, every service with its settings, every pending
        signal. There is no end marker: send an `echo` after it. A long dump lets other controllers run in
        between.

        `statedump`
        Needs the right `watch`.
        """
        return self.run(
            Line("statedump", LIMIT_LINE)
            .command()
        )

    def exit(self) -> R:
        """Closes this connection after the delivery of all earlier answers.

        `exit`
        Needs the right `watch`.
        """
        return self.run(
            Line("exit", LIMIT_LINE)
            .command()
        )

    def log_filter(self, level: Literal["+", "-"] | LogLevel | None = None) -> R:
        """Raises (`+`), lowers (`-`) or sets the log level, and returns the level in force.

        `log.filter [LEVEL]`
        - `level`: optional: `+` or `-` or a word of log-level.
        Needs the right `all`.
        """
        return self.run(
            Line("log.filter", LIMIT_LINE)
            .add_optional("level", level, OneOf("+", "-", LOG_LEVEL))
            .command(LogFilterEvent)
        )

    def conn_event_timeout(self, reset: int, close: int, restart: Literal["restart"] | None = None) -> R:
        """Sets the seconds that this connection may be blocked before its events and answers are discarded, so that
        its commands run, and before it is closed. With `restart`, such a close also ends the service that the
        connection was opened for: its process gets SIGTERM, and its tree SIGKILL after ten seconds, as by
        `service.stop`, but the service is not held down. So its auto_up starts it again, with a new connection.
        With `restart`, too, the connection is closed when something waits to be read, however little it is, and
        for CLOSE seconds, or for one second if that is 0, the controller has neither read any of it nor sent
        anything. Of a pipe each byte counts; of a socket, lines that were written at once count as one, until the
        last of them is read.

        `conn.event_timeout RESET CLOSE [restart]`
        - `reset`: a whole number from 0 to 2147483647.
        - `close`: a whole number from 0 to 2147483647.
        - `restart`: optional: `restart`.
        Needs the right `watch`.
        Raises TimeoutsCrossed, NoOwnService.
        """
        return self.run(
            Line("conn.event_timeout", LIMIT_LINE)
            .add("reset", reset, Number(0, 2147483647))
            .add("close", close, Number(0, 2147483647))
            .add_optional("restart", restart, OneOf("restart"))
            .command()
        )

    def log_dest(self, name: str) -> R:
        """Logs to a named descriptor, at once or as soon as the name exists. Earlier messages are written to the
        former descriptor; those that it refuses are written to the new one.

        `log.dest fd NAME`
        - `name`: the name of a fd, which need not exist.
        Needs the right `all`.
        """
        return self.run(
            Line("log.dest", LIMIT_LINE)
            .add_word("fd")
            .add("name", name, FD)
            .command()
        )

    def stats(self, *names: Counter) -> R:
        """Returns all counters of the daemon, or the named ones, in a fixed order.

        `stats [NAMES...]`
        - `names`: any number of: a word of counter.
        Needs the right `all`.
        """
        return self.run(
            Line("stats", LIMIT_LINE)
            .add_all("names", names, COUNTER)
            .command(StatsEvent)
        )

    def service_args(self, name: str, *args: str) -> R:
        """Sets the command line of a service, and creates the service. The first argument is the file to execute,
        searched in PATH, and argv[0].

        `service.args NAME [ARGS...]`
        - `name`: a service, made if it does not exist.
        - `args`: the rest of the line, TABs included.
        Needs the right `jobs`.
        Raises ArgsDoNotFit.
        """
        return self.run(
            Line("service.args", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_all("args", args, TEXT)
            .command(ServiceArgsEvent)
        )

    def service_tags(self, name: str, *tags: str) -> R:
        """Sets the free metadata of a service, and creates the service.

        `service.tags NAME [TAGS...]`
        - `name`: a service, made if it does not exist.
        - `tags`: the rest of the line, TABs included.
        Needs the right `jobs`.
        Raises TagsDoNotFit.
        """
        return self.run(
            Line("service.tags", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_all("tags", tags, TEXT)
            .command(ServiceTagsEvent)
        )

    def service_tag(self, name: str, key: str, value: str | None = None) -> R:
        """Sets or removes the one tag of a service that begins with `KEY=`, and creates the service. So each program
        can keep its data at a service without knowledge of the others.

        `service.tag NAME KEY [VALUE]`
        - `name`: a service, made if it does not exist.
        - `key`: any bytes without a TAB.
        - `value`: optional: any bytes without a TAB.
        Needs the right `jobs`.
        Raises BadTagKey, TagsDoNotFit.
        """
        return self.run(
            Line("service.tag", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add("key", key, TEXT)
            .add_optional("value", value, TEXT)
            .command(ServiceTagsEvent)
        )

    def service_fds(self, name: str, *fds: str) -> R:
        """Sets the descriptors that a service gets as 0, 1, 2 and so on, and creates the service; `-` is a closed
        one. A name that is not defined yet is allowed, with a warning.

        `service.fds NAME [FDS...]`
        - `name`: a service, made if it does not exist.
        - `fds`: any number of: `-` or the name of a fd, which need not exist.
        Needs the right `jobs`.
        Raises NotAllowed, FdsDoNotFit.
        """
        return self.run(
            Line("service.fds", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_all("fds", fds, OneOf("-", FD))
            .command(ServiceFdsEvent)
        )

    def service_auto_up(self, name: str, interval: Literal["-"] | int, *triggers: str | int) -> R:
        """Starts the service whenever a trigger holds and the service is down, at most once in an interval, and
        creates the service. `-`, or no trigger, turns this off. A delayed `service.start` is brought forward when
        a trigger is set or arrives; it stays a requested start, so turning this off does not cancel it. `fd:NAME`
        holds while a descriptor can be read: it has data, or a connection to accept. A hang-up alone does not
        count. A name that is not defined yet is allowed, with a warning; a descriptor that cannot be polled, such
        as a regular file, is not. If such a descriptor gets the name later, it starts nothing, and all
        controllers get a warning.

        `service.auto_up NAME INTERVAL [TRIGGERS...]`
        - `name`: a service, made if it does not exist.
        - `interval`: `-` or seconds from 1 to 2147483647.
        - `triggers`: any number of: `always` or `fd:` and the name of a fd, which need not exist or a signal that
        is counted.
        Needs the right `jobs`.
        Raises NotAllowed, CannotPoll.
        """
        return self.run(
            Line("service.auto_up", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add("interval", interval, OneOf("-", Number(1, 2147483647)))
            .add_all("triggers", triggers, OneOf("always", Prefixed("fd:", FD), SIGNAL))
            .command(ServiceStateWaitingEvent, ServiceStateNeverEvent, ServiceAutoUpOnEvent, ServiceAutoUpOffEvent)
        )

    def service_env(self, name: str, *changes: str) -> R:
        """Changes the environment of a service, and creates the service: `KEY=VALUE` sets a variable, `KEY` removes
        it, and `-` as the first field starts from nothing instead of the daemon's environment. The last change of
        a variable counts. The program is searched in the PATH that the service gets.

        `service.env NAME [CHANGES...]`
        - `name`: a service, made if it does not exist.
        - `changes`: the rest of the line, TABs included.
        Needs the right `jobs`.
        Raises BadEnv, SettingDoesNotFit.
        """
        return self.run(
            Line("service.env", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_all("changes", changes, TEXT)
            .command(ServiceEnvEvent)
        )

    def service_args_from(self, name: str, fd: str | None = None) -> R:
        """Sets the named descriptor from which the arguments of a service are read at each start, in place of those
        of `service.args`, and creates the service. They are texts with a NUL behind each, up to 128 KiB from the
        beginning of a file or of memory (memfd_create(2)). So they may hold TABs and line ends, and be longer
        than a line.

        `service.args_from NAME [FD]`
        - `name`: a service, made if it does not exist.
        - `fd`: optional: any bytes without a TAB.
        Needs the right `jobs`.
        Raises NotAllowed, BadFdName, SettingDoesNotFit.
        """
        return self.run(
            Line("service.args_from", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_optional("fd", fd, TEXT)
            .command(ServiceArgsFromEvent)
        )

    def service_env_from(self, name: str, fd: str | None = None) -> R:
        """Sets the named descriptor from which changes of the environment of a service are read at each start, and
        creates the service: `KEY=VALUE` or `KEY`, with a NUL behind each. They follow the changes of
        `service.env`.

        `service.env_from NAME [FD]`
        - `name`: a service, made if it does not exist.
        - `fd`: optional: any bytes without a TAB.
        Needs the right `jobs`.
        Raises NotAllowed, BadFdName, SettingDoesNotFit.
        """
        return self.run(
            Line("service.env_from", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_optional("fd", fd, TEXT)
            .command(ServiceEnvFromEvent)
        )

    def service_dir(self, name: str, path: str | None = None) -> R:
        """Sets the working directory of a service, and creates the service. The change is made with the rights of
        its user, inside its root.

        `service.dir NAME [PATH]`
        - `name`: a service, made if it does not exist.
        - `path`: optional: any bytes without a TAB.
        Needs the right `jobs`.
        Raises SettingDoesNotFit.
        """
        return self.run(
            Line("service.dir", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_optional("path", path, TEXT)
            .command(ServiceDirEvent)
        )

    def service_root(self, name: str, path: str | None = None) -> R:
        """Sets the root directory of a service, chroot(2), and creates the service. The program and the working
        directory are searched inside.

        `service.root NAME [PATH]`
        - `name`: a service, made if it does not exist.
        - `path`: optional: any bytes without a TAB.
        Needs the right `all`.
        Raises SettingDoesNotFit.
        """
        return self.run(
            Line("service.root", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_optional("path", path, TEXT)
            .command(ServiceRootEvent)
        )

    def service_user(self, name: str, *names: str) -> R:
        """Sets the user and the groups of a service, and creates the service: numbers, or names of /etc/passwd and
        /etc/group as they are at the start. One group replaces the user's primary group; further groups replace
        those that have the user as a member; `-` as the last field: no supplementary groups. A number needs no
        entry if a group is given. The variables USER, LOGNAME, HOME and SHELL are those of the user, unless
        `service.env` changes them.

        `service.user NAME [NAMES...]`
        - `name`: a service, made if it does not exist.
        - `names`: the rest of the line, TABs included.
        Needs the right `jobs`.
        Raises BadUser, SettingDoesNotFit.
        """
        return self.run(
            Line("service.user", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_all("names", names, TEXT)
            .command(ServiceUserEvent)
        )

    def service_limits(self, name: str, *limits: str) -> R:
        """Sets resource limits of a service, and creates the service: words `RESOURCE=SOFT[:HARD]`, where RESOURCE
        is a name of setrlimit(2) in lower case, such as `nofile`, and a number can end in K, M or G, or is
        `infinity`. SOFT alone is both.

        `service.limits NAME [LIMITS...]`
        - `name`: a service, made if it does not exist.
        - `limits`: the rest of the line, TABs included.
        Needs the right `jobs`.
        Raises BadLimit, SettingDoesNotFit.
        """
        return self.run(
            Line("service.limits", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_all("limits", limits, TEXT)
            .command(ServiceLimitsEvent)
        )

    def service_process(self, name: str, *words: str) -> R:
        """Sets attributes of the process of a service, and creates the service. The words: `umask=0022`; `nice=N`;
        `ionice=realtime[:N]`, `best-effort[:N]`, `idle` or `none`; `oom=N` (oom_score_adj); `sched=other`,
        `batch`, `idle`, `fifo:N` or `rr:N`; `cpus=0-3,8`; `session` (setsid(2)), `group` (setpgid(2)) or `shared`
        (neither; process 1 gives each service a session otherwise); `tty=N` (its descriptor N is its controlling
        terminal, in a session of its own); `caps=LIST` (capabilities(7) that are kept, ambient too, separated by
        commas; the bounding set is cut to them); `no-new-privs`; `pdeath=SIGNAL` (when the daemon ends);
        `leave=SECONDS` (2: from SIGTERM to SIGKILL for what is left of its tree after an end that nobody
        requested); `watchdog=SECONDS` (the service gets WATCHDOG_USEC and sends `WATCHDOG=1` to its notify socket
        in time; otherwise `service.watchdog` is announced).

        `service.process NAME [WORDS...]`
        - `name`: a service, made if it does not exist.
        - `words`: the rest of the line, TABs included.
        Needs the right `jobs`.
        Raises NotAllowed, BadProcessWord, SettingDoesNotFit.
        """
        return self.run(
            Line("service.process", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_all("words", words, TEXT)
            .command(ServiceProcessEvent)
        )

    def service_mounts(self, name: str, *words: str) -> R:
        """Gives a service a mount namespace of its own, which still receives the mounts of the daemon's namespace,
        and creates the service. The words: `ro=PATH` and `rw=PATH` (what is mounted there and below can or cannot
        be written); `tmp=PATH` (an empty directory in memory, gone with the run); `hide=PATH` (empty and
        unreadable); `bind=FROM:TO` (FROM, as it is outside, is seen at TO); `dev` (a small /dev). The longer path
        wins. A path that begins with `-` may be missing.

        `service.mounts NAME [WORDS...]`
        - `name`: a service, made if it does not exist.
        - `words`: the rest of the line, TABs included.
        Needs the right `all`.
        Raises BadMount, SettingDoesNotFit.
        """
        return self.run(
            Line("service.mounts", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_all("words", words, TEXT)
            .command(ServiceMountsEvent)
        )

    def service_cgroup(self, name: str, *words: str) -> R:
        """Gives each run of a service a control group of its own (cgroups(7), version 2), and creates the service.
        The first field is the group in which it is made, below that of the daemon unless it begins with `/`;
        further fields `FILE=VALUE` are written into it, such as `memory.max=100M`, and the controllers that they
        need are enabled on the way. At the first start the daemon moves itself into a leaf `daemonproxy`. The
        processes of the group are the tree of the service, wherever they have gone. The group is removed when it
        is empty.

        `service.cgroup NAME [WORDS...]`
        - `name`: a service, made if it does not exist.
        - `words`: the rest of the line, TABs included.
        Needs the right `all`.
        Raises BadCgroup, SettingDoesNotFit.
        """
        return self.run(
            Line("service.cgroup", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_all("words", words, TEXT)
            .command(ServiceCgroupEvent)
        )

    def service_listen(self, name: str, on: Literal["+"] | None = None) -> R:
        """Passes the number and the names of its descriptors from 3 on to a service, as LISTEN_FDS, LISTEN_PID and
        LISTEN_FDNAMES, sd_listen_fds(3), and creates the service. The names are those of `service.fds`.

        `service.listen NAME [+]`
        - `name`: a service, made if it does not exist.
        - `on`: optional: `+`.
        Needs the right `jobs`.
        Raises SettingDoesNotFit.
        """
        return self.run(
            Line("service.listen", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_optional("on", on, OneOf("+"))
            .command(ServiceListenOnEvent, ServiceListenOffEvent)
        )

    def service_ready(
        self,
        name: str,
        way: ReadyWays | str | None = None,
        option: ReadyOptions | str | None = None,
    ) -> R:
        """Sets the way in which a service reports that it is ready, and creates the service: `fd=N`, by a newline on
        its descriptor N; `notify`, by `READY=1` on a socket of its own, sd_notify(3); `exit`, by exiting with 0;
        `-`, not at all. `service.is_ready` announces it once for each run, and announces that `RELOADING=1` or
        `STOPPING=1` withdraws it. With `store=N` the service can leave up to N descriptors with the daemon.

        `service.ready NAME [WAY] [OPTION]`
        - `name`: a service, made if it does not exist.
        - `way`: optional: `-` or words of ready-way, joined by commas.
        - `option`: optional: words of ready-option, joined by commas.
        Needs the right `jobs`.
        Raises BadReady, SettingDoesNotFit.
        """
        return self.run(
            Line("service.ready", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_optional("way", way, OneOf("-", READY_WAY))
            .add_optional("option", option, READY_OPTION)
            .command(ServiceReadyOnEvent, ServiceReadyOffEvent, ServiceReadyStoreEvent, ServiceReadyStoreOnlyEvent)
        )

    def service_start(self, name: str, when: Literal["-"] | int | None = None) -> R:
        """Starts a service, at once or at a given second; `-` cancels a pending start.

        `service.start NAME [WHEN]`
        - `name`: a service that exists and is not constant.
        - `when`: optional: `-` or a second of the clock.
        Needs the right `jobs`.
        Raises NonePending, NoArgs, NotStartable.
        """
        return self.run(
            Line("service.start", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_optional("when", when, OneOf("-", INTEGER))
            .command(ServiceStateWaitingEvent, ServiceStateNeverEvent)
        )

    def service_signal(self, name: str, signal: str | int, options: SignalOptions | str | None = None) -> R:
        """Sends a signal to the process of a service. With `group`, to the process group that the process leads: a
        service that did not call setsid(2) or setpgid(2) is in the group of the daemon, and the command fails.

        `service.signal NAME SIGNAL [OPTIONS]`
        - `name`: a service that exists and is not constant.
        - `signal`: a signal.
        - `options`: optional: words of signal-option, joined by commas.
        Needs the right `jobs`.
        Raises NotRunning, OtherProcess, NoTree, CannotKill, CannotKillGroup.
        """
        return self.run(
            Line("service.signal", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add("signal", signal, SIGNAL)
            .add_optional("options", options, SIGNAL_OPTION)
            .command()
        )

    def service_stop(self, name: str, seconds: int | None = None, signal: str | int | None = None) -> R:
        """Stops a service: its process gets SIGTERM, or the signal, and SIGKILL after so many seconds (10), to its
        whole tree if it has one of its own: see `service.cgroup`, and `session` of `service.process`. A start
        that waits is cancelled, and so is a launch that hangs. The service then stays down, whatever its triggers
        are, until it is started again or its auto_up is set anew. A second stop only brings SIGKILL forward.

        `service.stop NAME [SECONDS] [SIGNAL]`
        - `name`: a service that exists and is not constant.
        - `seconds`: optional: seconds from 0 to 2147483647; without it 10.
        - `signal`: optional: a signal.
        Needs the right `jobs`.
        Raises CannotKill.
        """
        return self.run(
            Line("service.stop", LIMIT_LINE)
            .add("name", name, SERVICE)
            .add_optional("seconds", seconds, Number(0, 2147483647))
            .add_optional("signal", signal, SIGNAL)
            .command(ServiceStateNeverEvent, ServiceStopKillEvent, ServiceStopHeldEvent, ServiceFailedEvent)
        )

    def service_delete(self, name: str) -> R:
        """Deletes a service that is not running.

        `service.delete NAME`
        - `name`: a service that exists and is not constant.
        Needs the right `jobs`.
        Raises Running.
        """
        return self.run(
            Line("service.delete", LIMIT_LINE)
            .add("name", name, SERVICE)
            .command(ServiceStateDeletedEvent)
        )

    def fd_pipe(self, reader: str, writer: str, flags: PipeFlags | str | None = None) -> R:
        """Makes a pipe, or, with any flag of a socket, a socketpair. `-` means no flags.

        `fd.pipe READER WRITER [FLAGS]`
        - `reader`: a fd, new or replaced, not constant.
        - `writer`: a fd, new or replaced, not constant.
        - `flags`: optional: `-` or words of pipe-flag, joined by commas.
        Needs the right `jobs`.
        Raises PipeFailed, PairFailed, NonblockFailed, SamePipeNames, FdFull.
        """
        return self.run(
            Line("fd.pipe", LIMIT_LINE)
            .add("reader", reader, FD)
            .add("writer", writer, FD)
            .add_optional("flags", flags, OneOf("-", PIPE_FLAG))
            .command(FdStateReaderEvent, FdStateWriterEvent, FdStatePairEvent)
        )

    def fd_open(self, name: str, flags: FileFlags | str, path: str) -> R:
        """Opens a file, never as the controlling terminal. A file that `create` makes has its `mode` and `owner`
        from the first moment. An existing file keeps its own. Names are looked up in /etc/passwd and /etc/group
        when the command runs.

        `fd.open NAME FLAGS PATH`
        - `name`: a fd, new or replaced, not constant.
        - `flags`: words of file-flag, joined by commas.
        - `path`: any bytes without a TAB.
        Needs the right `all`.
        Raises FileNotMade, UnknownOwner, OwnerFailed, ModeFailed, OpenFailed, FdFull.
        """
        return self.run(
            Line("fd.open", LIMIT_LINE)
            .add("name", name, FD)
            .add("flags", flags, FILE_FLAG)
            .add("path", path, TEXT)
            .command(FdStateFileEvent)
        )

    def fd_socket(self, name: str, flags: SocketFlags | str, address: str | None = None) -> R:
        """Makes a socket. With an address the socket is bound. An address is a path (unix), HOST:PORT or *:PORT
        (inet), or [HOST]:PORT or *:PORT (inet6); it is numeric, and the port is optional. The file of a unix
        socket has mode 0700, or `mode`, and belongs to the daemon, or to `owner`, whose names are looked up in
        /etc/passwd and /etc/group when the command runs; nobody can connect before it has both. A file whose
        socket no process has is replaced. The file is removed when the name is deleted or given to something
        else, and at the end, unless a process still has the socket. A bound socket is kept when its line is sent
        again, if it was not shut down and its file is still there; with other flags or another address it is made
        anew.

        `fd.socket NAME FLAGS [ADDRESS]`
        - `name`: a fd, new or replaced, not constant.
        - `flags`: words of socket-flag, joined by commas.
        - `address`: optional: any bytes without a TAB.
        Needs the right `all`.
        Raises ExpectedAddress, BadAddress, FileNotMade, UnknownOwner, OwnerFailed, ModeFailed, SocketFailed,
        SetsockoptFailed, BindFailed, ListenFailed, SocketNonblockFailed, FdFull.
        """
        return self.run(
            Line("fd.socket", LIMIT_LINE)
            .add("name", name, FD)
            .add("flags", flags, SOCKET_FLAG)
            .add_optional("address", address, TEXT)
            .command(FdStateSocketEvent)
        )

    def fd_take(self, descriptor: Descriptor, name: str) -> R:
        """Adopts the descriptor that was sent with this line (SCM_RIGHTS), on any connection whose input is a
        socket.

        `fd.take NAME`
        - `name`: a fd, new or replaced, not constant.
        Needs the right `jobs`.
        Raises FdFull.
        """
        return self.run(
            Line("fd.take", LIMIT_LINE)
            .add("name", name, FD)
            .command(FdStateFileEvent, FdStateSocketEvent, descriptor=fileno(descriptor))
        )

    def fd_give(self, name: str) -> R:
        """Gives the controller a descriptor: a duplicate, taken when the command runs, is sent along (SCM_RIGHTS)
        with the `fd.state` that answers, on a connection that is a unix socket. The bytes of that line are read
        together with the descriptor. The answer and its descriptor are never discarded: no further command of
        this controller runs until it has read them, and a controller that loses its answers gets this one later.

        `fd.give NAME`
        - `name`: a fd that exists.
        Needs the right `jobs`.
        Raises FdConstant, NotASocket, GiveFailed.
        """
        return self.run(
            Line("fd.give", LIMIT_LINE)
            .add("name", name, FD)
            .command(FdStateEvent)
        )

    def fd_delete(self, name: str) -> R:
        """Closes a descriptor.

        `fd.delete NAME`
        - `name`: a fd that exists and is not constant.
        Needs the right `jobs`.
        """
        return self.run(
            Line("fd.delete", LIMIT_LINE)
            .add("name", name, FD)
            .command(FdStateDeletedEvent)
        )

    def socket_create(self, options: SocketOptions | str, path: str) -> R:
        """Listens for controllers at a path, and no longer at the earlier one of the same name. Options is empty,
        `-`, or words with commas between them. A connection keeps the rights that the socket had when it was
        accepted. A service and a descriptor belong to the socket through which they were made.

        `socket.create OPTIONS PATH`
        - `options`: nothing or `-` or words of socket-option, joined by commas.
        - `path`: any bytes without a TAB.
        Needs the right `all`.
        Raises BadAllow, BadPrefix, PrefixNeeded, OnlyForJobs, UserNeeded, BadUser, BadCgroup, BadOwner,
        UnknownOwner, OwnerFailed, ModeFailed, SocketsFull, NoControlSocket.
        """
        return self.run(
            Line("socket.create", LIMIT_LINE)
            .add("options", options, OneOf("", "-", SOCKET_OPTION))
            .add("path", path, TEXT)
            .command(SocketStatePlainEvent, SocketStateOpenEvent)
        )

    def socket_delete(self, name: str | None = None) -> R:
        """Removes a control socket, or the one without a name, if there is one. Open connections stay open.

        `socket.delete [NAME]`
        - `name`: optional: a socket that exists.
        Needs the right `all`.
        """
        return self.run(
            Line("socket.delete", LIMIT_LINE)
            .add_optional("name", name, SOCKET)
            .command(SocketStateDeletedEvent)
        )

    def terminate(self, code: int, guard: int | None = None) -> R:
        """Ends the daemon with this exit code, modulo 256.

        `terminate CODE [GUARD]`
        - `code`: a whole number.
        - `guard`: optional: a whole number; anything else counts as given, and wrong.
        Needs the right `all`.
        Raises GuardRequired, WrongTerminateGuard, CannotExit.
        """
        return self.run(
            Line("terminate", LIMIT_LINE)
            .add("code", code, INTEGER)
            .add_optional("guard", guard, INTEGER)
            .command()
        )

    def reexec(self, path: str, guard: int | None = None) -> R:
        """Replaces the running program by the one at a path. Processes, descriptors, connections and deadlines stay.
        `-` is the running program itself, even if its file was replaced or deleted. The new program first runs as
        a child and checks whether it can take over. Meanwhile further commands of this controller wait, so the
        answer to a later `echo` comes from the new program. Success has no other answer.

        `reexec PATH [GUARD]`
        - `path`: `-` or any bytes without a TAB.
        - `guard`: optional: a whole number; anything else counts as given, and wrong.
        Needs the right `all`.
        Raises GuardRequired, WrongTerminateGuard, ReexecRefused, ReexecPending.
        """
        return self.run(
            Line("reexec", LIMIT_LINE)
            .add("path", path, OneOf("-", TEXT))
            .add_optional("guard", guard, INTEGER)
            .command()
        )

    def terminate_guard(self, operation: Literal["+", "-"], code: int) -> R:
        """Sets (`+`) or lifts (`-`) the guard, which prevents an accidental end of the daemon.

        `terminate.guard +|- CODE`
        - `operation`: `+` or `-`.
        - `code`: a whole number.
        Needs the right `all`.
        Raises GuardZero, GuardIsSet, GuardNotSet, WrongGuard.
        """
        return self.run(
            Line("terminate.guard", LIMIT_LINE)
            .add("operation", operation, OneOf("+", "-"))
            .add("code", code, INTEGER)
            .command()
        )

    def terminate_exec_args(self, *args: str) -> R:
        """Sets the program to execute instead of exiting, with its arguments. An empty rest removes it.

        `terminate.exec_args [ARGS...]`
        - `args`: the rest of the line, TABs included.
        Needs the right `all`.
        Raises ExecTooLong.
        """
        return self.run(
            Line("terminate.exec_args", LIMIT_LINE)
            .add_all("args", args, TEXT)
            .command()
        )

    def chdir(self, path: str) -> R:
        """Changes the daemon's working directory, which services inherit.

        `chdir PATH`
        - `path`: any bytes without a TAB.
        Needs the right `all`.
        Raises ChdirFailed.
        """
        return self.run(
            Line("chdir", LIMIT_LINE)
            .add("path", path, TEXT)
            .command()
        )

    def signal_clear(self, signal: str | int, count: int) -> R:
        """Subtracts from the pending count of a signal, not below 0.

        `signal.clear SIGNAL COUNT`
        - `signal`: a signal.
        - `count`: a whole number, at least 0.
        Needs the right `all`.
        """
        return self.run(
            Line("signal.clear", LIMIT_LINE)
            .add("signal", signal, SIGNAL)
            .add("count", count, Number(0))
            .command()
        )

    def debug_crash(self, kind: CrashKind, point: CrashPoint | None = None) -> R:
        """Crashes the daemon, at once or when it next passes a point, for tests of its recovery. The command exists
        only with the option `--debug-crash`.

        `debug.crash KIND [POINT]`
        - `kind`: a word of crash-kind.
        - `point`: optional: a word of crash-point.
        Needs the right `all`.
        """
        return self.run(
            Line("debug.crash", LIMIT_LINE)
            .add("kind", kind, CRASH_KIND)
            .add_optional("point", point, CRASH_POINT)
            .command()
        )


class CommandLines(Commands[Command]):
    """The commands themselves, which are not run."""

    def run(self, command: Command) -> Command:
        return command


LINES = CommandLines()
"""`LINES.service_start("web").line` is `b"service.start\tweb\n"`."""
