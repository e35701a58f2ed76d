# Made from the spec by `make docs`; a change goes there.
"""The errors of the protocol, an exception for each. Catch `CommandFailed` for all of them."""

from __future__ import annotations

from typing import Tuple, Type

from ..messages import CommandFailed


class ServiceMissing(CommandFailed):
    """It is not there, or empty.

    `Expected service name`
    """

    TEXT = ("Expected service name",)


class ServiceInvalid(CommandFailed):
    """It does not have the form of a name.

    `Invalid service name`
    """

    TEXT = ("Invalid service name",)


class ServiceUnknown(CommandFailed):
    """There is none of that name.

    `No such service`
    """

    TEXT = ("No such service",)


class ServiceFull(CommandFailed):
    """There is no room for another one.

    `Unable to allocate new service`
    """

    TEXT = ("Unable to allocate new service",)


class FdMissing(CommandFailed):
    """It is not there, or empty.

    `Expected file descriptor name`
    """

    TEXT = ("Expected file descriptor name",)


class FdInvalid(CommandFailed):
    """It does not have the form of a name.

    `Invalid file descriptor name`
    """

    TEXT = ("Invalid file descriptor name",)


class FdUnknown(CommandFailed):
    """There is none of that name.

    `No such file descriptor`
    """

    TEXT = ("No such file descriptor",)


class FdConstant(CommandFailed):
    """It cannot be changed.

    `File descriptor cannot be altered`
    """

    TEXT = ("File descriptor cannot be altered",)


class FdFull(CommandFailed):
    """There is no room for another one.

    `Unable to allocate new file descriptor object`
    """

    TEXT = ("Unable to allocate new file descriptor object",)


class SocketMissing(CommandFailed):
    """It is not there, or empty.

    `Expected socket name`
    """

    TEXT = ("Expected socket name",)


class SocketInvalid(CommandFailed):
    """It does not have the form of a name.

    `Invalid socket name`
    """

    TEXT = ("Invalid socket name",)


class SocketUnknown(CommandFailed):
    """There is none of that name.

    `No such socket`
    """

    TEXT = ("No such socket",)


class MissingArgument(CommandFailed):
    """A required field is missing.

    `missing argument`
    """

    TEXT = ("missing argument",)


class ExpectedInteger(CommandFailed):
    """The field is not a number, or the number does not fit 64 bits.

    `Expected integer`
    """

    TEXT = ("Expected integer",)


class ExpectedSignal(CommandFailed):
    """The signal is missing.

    `Expected signal argument`
    """

    TEXT = ("Expected signal argument",)


class BadSignalNumber(CommandFailed):
    """The signal number is outside 0 to 65535.

    `Invalid signal number`
    """

    TEXT = ("Invalid signal number",)


class BadSignal(CommandFailed):
    """The word does not name a signal.

    `Invalid signal argument`
    """

    TEXT = ("Invalid signal argument",)


class UnknownFlag(CommandFailed):
    """The word is not a flag of this command.

    `unknown flag "WORD"`
    """

    TEXT = ("unknown flag \"", "\"")


class UnknownOption(CommandFailed):
    """The word is not an option of this command.

    `unknown option "WORD"`
    """

    TEXT = ("unknown option \"", "\"")


class NulByte(CommandFailed):
    """The line contains a NUL. It is not run.

    `NUL byte in line`
    """

    TEXT = ("NUL byte in line",)


class LineTooLong(CommandFailed):
    """The line is longer than `limit line`. It is not run.

    `line too long`
    """

    TEXT = ("line too long",)


class Internal(CommandFailed):
    """A bug of the daemon: it crashed while it ran this line, and resumed without it.

    `internal error`
    """

    TEXT = ("internal error",)


class ArgsDoNotFit(CommandFailed):
    """The arguments do not fit the memory for a service's text.

    `unable to set argv`
    """

    TEXT = ("unable to set argv",)


class TagsDoNotFit(CommandFailed):
    """The tags do not fit the memory for a service's text.

    `unable to set tags`
    """

    TEXT = ("unable to set tags",)


class FdsDoNotFit(CommandFailed):
    """The descriptor names do not fit the memory for a service's text.

    `unable to set file descriptors`
    """

    TEXT = ("unable to set file descriptors",)


class BadFdName(CommandFailed):
    """The word is not a descriptor name.

    `invalid fd name`
    """

    TEXT = ("invalid fd name",)


class BadEnv(CommandFailed):
    """The word does not name a variable.

    `invalid variable "WORD"`
    """

    TEXT = ("invalid variable \"", "\"")


class BadUser(CommandFailed):
    """The fields are not a user and groups.

    `invalid user`
    """

    TEXT = ("invalid user",)


class BadLimit(CommandFailed):
    """The word is not a resource limit.

    `invalid limit "WORD"`
    """

    TEXT = ("invalid limit \"", "\"")


class BadProcessWord(CommandFailed):
    """The word is not an attribute of a process, or contradicts one before it.

    `invalid process attribute "WORD"`
    """

    TEXT = ("invalid process attribute \"", "\"")


class BadMount(CommandFailed):
    """The word is not one of a mount namespace.

    `invalid mount "WORD"`
    """

    TEXT = ("invalid mount \"", "\"")


class BadCgroup(CommandFailed):
    """The field is not the path of a control group, or not a file of it with a value.

    `invalid control group "WORD"`
    """

    TEXT = ("invalid control group \"", "\"")


class BadReady(CommandFailed):
    """The field is not a way to be ready, or has more than one.

    `invalid way to be ready`
    """

    TEXT = ("invalid way to be ready",)


class BadListen(CommandFailed):
    """The field is not `+`.

    `expected +`
    """

    TEXT = ("expected +",)


class BadTagKey(CommandFailed):
    """The key of a tag is empty, or has an equals sign.

    `invalid tag key`
    """

    TEXT = ("invalid tag key",)


class SettingDoesNotFit(CommandFailed):
    """The setting does not fit the memory for a service's text.

    `unable to set the service's setting`
    """

    TEXT = ("unable to set the service's setting",)


class BadInterval(CommandFailed):
    """The interval is outside 1 to 2147483647 seconds.

    `invalid interval`
    """

    TEXT = ("invalid interval",)


class BadTriggers(CommandFailed):
    """A word is not a trigger, or the triggers do not fit.

    `unable to set auto_up triggers`
    """

    TEXT = ("unable to set auto_up triggers",)


class CannotPoll(CommandFailed):
    """The kernel does not report whether the descriptor can be read: it is a regular file or a directory, it stands
    for a connection, or its file system may stop answering.

    `cannot poll fd "NAME"`
    """

    TEXT = ("cannot poll fd \"", "\"")


class NonePending(CommandFailed):
    """No start is pending.

    `no service.start pending`
    """

    TEXT = ("no service.start pending",)


class BadTimestamp(CommandFailed):
    """The time is not an integer, above 2147483647, or more than 100000 seconds in the past.

    `invalid timestamp`
    """

    TEXT = ("invalid timestamp",)


class NoArgs(CommandFailed):
    """The service has no arguments, so no program to execute.

    `no args configured for service`
    """

    TEXT = ("no args configured for service",)


class NotStartable(CommandFailed):
    """The service is up.

    `service is not startable`
    """

    TEXT = ("service is not startable",)


class NotRunning(CommandFailed):
    """The service has no process.

    `service is not running`
    """

    TEXT = ("service is not running",)


class OtherProcess(CommandFailed):
    """The service has another process than the one that was named.

    `service has another process`
    """

    TEXT = ("service has another process",)


class NoTree(CommandFailed):
    """The service has neither a session nor a cgroup of its own.

    `service has no tree of its own`
    """

    TEXT = ("service has no tree of its own",)


class BadSeconds(CommandFailed):
    """The number of seconds is outside 0 to 2147483647.

    `invalid number of seconds`
    """

    TEXT = ("invalid number of seconds",)


class Running(CommandFailed):
    """The service has a process, which must end first.

    `service is running`
    """

    TEXT = ("service is running",)


class CannotKill(CommandFailed):
    """The kernel refused the signal to the process.

    `can't kill NAME (pid PID): REASON`
    """

    TEXT = ("can't kill ", " (pid ", "): ", "")


class CannotKillGroup(CommandFailed):
    """The kernel refused the signal to the process group.

    `can't kill NAME (pgid PID): REASON`
    """

    TEXT = ("can't kill ", " (pgid ", "): ", "")


class PipeFailed(CommandFailed):
    """The kernel refused to make a pipe.

    `pipe() failed: REASON`
    """

    TEXT = ("pipe() failed: ", "")


class NonblockFailed(CommandFailed):
    """The kernel refused to make an end nonblocking.

    `fcntl(O_NONBLOCK) failed: REASON`
    """

    TEXT = ("fcntl(O_NONBLOCK) failed: ", "")


class PairFailed(CommandFailed):
    """The kernel refused to make a socketpair.

    `socketpair() failed: REASON`
    """

    TEXT = ("socketpair() failed: ", "")


class SamePipeNames(CommandFailed):
    """A pipe cannot have the same name at both ends.

    `failed to create pipe`
    """

    TEXT = ("failed to create pipe",)


class BadMode(CommandFailed):
    """Not an octal number up to 0777.

    `invalid mode`
    """

    TEXT = ("invalid mode",)


class BadOwner(CommandFailed):
    """Not USER, USER:GROUP, USER: or :GROUP, of at most 65 bytes.

    `invalid owner`
    """

    TEXT = ("invalid owner",)


class FileNotMade(CommandFailed):
    """`mode` and `owner` belong to a file: that of a unix socket with an address, or one that `create` makes.

    `mode and owner are for a file that is made`
    """

    TEXT = ("mode and owner are for a file that is made",)


class UnknownOwner(CommandFailed):
    """/etc/passwd or /etc/group has no such name.

    `no such user or group`
    """

    TEXT = ("no such user or group",)


class OwnerFailed(CommandFailed):
    """The kernel refused to give the file to its owner.

    `chown: REASON`
    """

    TEXT = ("chown: ", "")


class ModeFailed(CommandFailed):
    """The kernel refused to set the permissions of the file.

    `chmod: REASON`
    """

    TEXT = ("chmod: ", "")


class MissingFlags(CommandFailed):
    """The field of the flags is missing.

    `missing flags argument`
    """

    TEXT = ("missing flags argument",)


class MissingPath(CommandFailed):
    """The path is missing.

    `missing path argument`
    """

    TEXT = ("missing path argument",)


class AfterPath(CommandFailed):
    """There is a field after the path. The path may contain a TAB.

    `unexpected argument after path`
    """

    TEXT = ("unexpected argument after path",)


class OpenFailed(CommandFailed):
    """The kernel refused to open the file.

    `open failed: REASON`
    """

    TEXT = ("open failed: ", "")


class BadQueue(CommandFailed):
    """The length of the listen queue is outside 1 to 65535, or not a number.

    `invalid listen queue length`
    """

    TEXT = ("invalid listen queue length",)


class ExpectedAddress(CommandFailed):
    """The flags ask for a bound socket, and the address is missing.

    `expected address argument`
    """

    TEXT = ("expected address argument",)


class BadAddress(CommandFailed):
    """The address does not belong to the socket's domain, or the path is too long for one.

    `invalid address`
    """

    TEXT = ("invalid address",)


class AfterAddress(CommandFailed):
    """There is a field after the address.

    `unexpected argument after address`
    """

    TEXT = ("unexpected argument after address",)


class SocketFailed(CommandFailed):
    """The kernel refused to make a socket.

    `socket: REASON`
    """

    TEXT = ("socket: ", "")


class SetsockoptFailed(CommandFailed):
    """The kernel refused an option of the socket.

    `setsockopt: REASON`
    """

    TEXT = ("setsockopt: ", "")


class BindFailed(CommandFailed):
    """The kernel refused the address.

    `bind: REASON`
    """

    TEXT = ("bind: ", "")


class ListenFailed(CommandFailed):
    """The kernel refused to listen.

    `listen: REASON`
    """

    TEXT = ("listen: ", "")


class SocketNonblockFailed(CommandFailed):
    """The kernel refused to make the socket nonblocking.

    `fcntl(O_NONBLOCK): REASON`
    """

    TEXT = ("fcntl(O_NONBLOCK): ", "")


class NoDescriptor(CommandFailed):
    """No descriptor was sent with this line or before it.

    `No ancillary file descriptor received`
    """

    TEXT = ("No ancillary file descriptor received",)


class NotASocket(CommandFailed):
    """The connection is not a unix socket, and so cannot take a descriptor.

    `not a socket connection`
    """

    TEXT = ("not a socket connection",)


class GiveFailed(CommandFailed):
    """The kernel refused a duplicate.

    `cannot give file descriptor: REASON`
    """

    TEXT = ("cannot give file descriptor: ", "")


class TakeFailed(CommandFailed):
    """The kernel did not describe the descriptor in time. It is closed.

    `cannot take file descriptor: REASON`
    """

    TEXT = ("cannot take file descriptor: ", "")


class BadOptions(CommandFailed):
    """An option of a control socket is unknown, or stands where it means nothing.

    `Invalid options`
    """

    TEXT = ("Invalid options",)


class BadAllow(CommandFailed):
    """Neither `watch` nor `jobs` nor `all`.

    `invalid right`
    """

    TEXT = ("invalid right",)


class BadPrefix(CommandFailed):
    """Not the beginning of a name that ends in `.` or `-`.

    `invalid prefix`
    """

    TEXT = ("invalid prefix",)


class BadMax(CommandFailed):
    """Not 1 to 65535.

    `invalid number of services`
    """

    TEXT = ("invalid number of services",)


class BadConns(CommandFailed):
    """Not 1 to 1024.

    `invalid number of connections`
    """

    TEXT = ("invalid number of connections",)


class PrefixNeeded(CommandFailed):
    """Without the right `all`, connections see only names with a prefix, and `prefix` is missing.

    `a prefix is needed`
    """

    TEXT = ("a prefix is needed",)


class OnlyForJobs(CommandFailed):
    """The option does not fit the right of the socket.

    `user, cgroup and max are for allow=jobs, prefix and conns for that and allow=watch`
    """

    TEXT = ("user, cgroup and max are for allow=jobs, prefix and conns for that and allow=watch",)


class UserNeeded(CommandFailed):
    """The services would run as root.

    `a user is needed, since the daemon is root`
    """

    TEXT = ("a user is needed, since the daemon is root",)


class SocketsFull(CommandFailed):
    """All `limit control-sockets` are open, or all `limit accesses` are in use.

    `Unable to allocate new control socket`
    """

    TEXT = ("Unable to allocate new control socket",)


class NotAllowed(CommandFailed):
    """The controller came through a control socket that does not allow this.

    `not allowed`
    """

    TEXT = ("not allowed",)


class NoControlSocket(CommandFailed):
    """The path is in use, or the kernel refused the socket. The log has the reason.

    `Failed to create control socket`
    """

    TEXT = ("Failed to create control socket",)


class ChdirFailed(CommandFailed):
    """The kernel refused to change the directory.

    `chdir failed: REASON`
    """

    TEXT = ("chdir failed: ", "")


class BadTimeout(CommandFailed):
    """The number of seconds is outside 0 to 2147483647.

    `invalid timeout (must be 0..7FFFFFFF)`
    """

    TEXT = ("invalid timeout (must be 0..7FFFFFFF)",)


class TimeoutsCrossed(CommandFailed):
    """The connection would be closed before its events are discarded.

    `reset timeout is greater than close timeout`
    """

    TEXT = ("reset timeout is greater than close timeout",)


class BadRestart(CommandFailed):
    """The word is not `restart`.

    `expected restart`
    """

    TEXT = ("expected restart",)


class NoOwnService(CommandFailed):
    """The controller is not a service: there is nothing to start again.

    `this connection was not opened for a service`
    """

    TEXT = ("this connection was not opened for a service",)


class BadLogType(CommandFailed):
    """The word is not a kind of log destination.

    `Unknown logging type`
    """

    TEXT = ("Unknown logging type",)


class PlusOrMinus(CommandFailed):
    """The word is neither `+` nor `-`.

    `expected + or -`
    """

    TEXT = ("expected + or -",)


class GuardZero(CommandFailed):
    """The code is 0, which means no guard.

    `code cannot be 0`
    """

    TEXT = ("code cannot be 0",)


class GuardIsSet(CommandFailed):
    """A guard is set already.

    `terminate guard code is already set`
    """

    TEXT = ("terminate guard code is already set",)


class GuardNotSet(CommandFailed):
    """No guard is set.

    `terminate guard was not set`
    """

    TEXT = ("terminate guard was not set",)


class WrongGuard(CommandFailed):
    """The code is not that of the guard.

    `incorrect guard code`
    """

    TEXT = ("incorrect guard code",)


class WrongTerminateGuard(CommandFailed):
    """The code of `terminate` or `reexec` is not that of the guard.

    `incorrect terminate guard code`
    """

    TEXT = ("incorrect terminate guard code",)


class CannotExit(CommandFailed):
    """Under a guard, or as process 1, the daemon exits only by exec-on-exit.

    `cannot exit, and exec-on-exit is not configured`
    """

    TEXT = ("cannot exit, and exec-on-exit is not configured",)


class ExecTooLong(CommandFailed):
    """The program to execute instead of exiting is too long.

    `exec arguments exceed buffer size (255)`
    """

    TEXT = ("exec arguments exceed buffer size (255)",)


class ExecOptionTooLong(CommandFailed):
    """The program of option `--exit-exec` is too long.

    `exec-on-exit arguments exceed buffer size`
    """

    TEXT = ("exec-on-exit arguments exceed buffer size",)


class BadPool(CommandFailed):
    """The value is not the size of a pool.

    `Expected 'N' or 'NxM' where N and M are integers and M has an optional size suffix`
    """

    TEXT = ("Expected 'N' or 'NxM' where N and M are integers and M has an optional size suffix",)


class BadControllers(CommandFailed):
    """The value is not a number of controllers.

    `Expected a number of controllers from 1 to 1024`
    """

    TEXT = ("Expected a number of controllers from 1 to 1024",)


class BadGuardOption(CommandFailed):
    """The guard on the command line is not a number.

    `Terminate guard must be an integer`
    """

    TEXT = ("Terminate guard must be an integer",)


class FollowAlone(CommandFailed):
    """The option belongs to `--send`.

    `--follow goes behind --send`
    """

    TEXT = ("--follow goes behind --send",)


class GuardRequired(CommandFailed):
    """Under a guard, the command needs the guard's code.

    `terminate guard code required`
    """

    TEXT = ("terminate guard code required",)


class BadLogLevel(CommandFailed):
    """The word is neither a level nor `+` nor `-`.

    `Invalid loglevel argument`
    """

    TEXT = ("Invalid loglevel argument",)


class ReexecRefused(CommandFailed):
    """The new program cannot take over, or the kernel refused to execute it.

    `cannot be replaced: REASON`
    """

    TEXT = ("cannot be replaced: ", "")


class ReexecPending(CommandFailed):
    """Another `reexec` is under way.

    `another program is being asked already`
    """

    TEXT = ("another program is being asked already",)


class BadCrashKind(CommandFailed):
    """The word does not name a kind of crash.

    `unknown kind of crash "WORD"`
    """

    TEXT = ("unknown kind of crash \"", "\"")


class BadCrashPoint(CommandFailed):
    """The word does not name a point.

    `unknown point "WORD"`
    """

    TEXT = ("unknown point \"", "\"")


class UnknownCounter(CommandFailed):
    """The word does not name a counter.

    `unknown counter "WORD"`
    """

    TEXT = ("unknown counter \"", "\"")


ERRORS: Tuple[Type[CommandFailed], ...] = (
    ServiceMissing, ServiceInvalid, ServiceUnknown, ServiceFull, FdMissing, FdInvalid, FdUnknown, FdConstant,
    FdFull, SocketMissing, SocketInvalid, SocketUnknown, MissingArgument, ExpectedInteger, ExpectedSignal,
    BadSignalNumber, BadSignal, UnknownFlag, UnknownOption, NulByte, LineTooLong, Internal, ArgsDoNotFit,
    TagsDoNotFit, FdsDoNotFit, BadFdName, BadEnv, BadUser, BadLimit, BadProcessWord, BadMount, BadCgroup,
    BadReady, BadListen, BadTagKey, SettingDoesNotFit, BadInterval, BadTriggers, CannotPoll, NonePending,
    BadTimestamp, NoArgs, NotStartable, NotRunning, OtherProcess, NoTree, BadSeconds, Running, CannotKill,
    CannotKillGroup, PipeFailed, NonblockFailed, PairFailed, SamePipeNames, BadMode, BadOwner, FileNotMade,
    UnknownOwner, OwnerFailed, ModeFailed, MissingFlags, MissingPath, AfterPath, OpenFailed, BadQueue,
    ExpectedAddress, BadAddress, AfterAddress, SocketFailed, SetsockoptFailed, BindFailed, ListenFailed,
    SocketNonblockFailed, NoDescriptor, NotASocket, GiveFailed, TakeFailed, BadOptions, BadAllow, BadPrefix,
    BadMax, BadConns, PrefixNeeded, OnlyForJobs, UserNeeded, SocketsFull, NotAllowed, NoControlSocket,
    ChdirFailed, BadTimeout, TimeoutsCrossed, BadRestart, NoOwnService, BadLogType, PlusOrMinus, GuardZero,
    GuardIsSet, GuardNotSet, WrongGuard, WrongTerminateGuard, CannotExit, ExecTooLong, ExecOptionTooLong, BadPool,
    BadControllers, BadGuardOption, FollowAlone, GuardRequired, BadLogLevel, ReexecRefused, ReexecPending,
    BadCrashKind, BadCrashPoint, UnknownCounter,
)
"""All errors. Of two with the same text, the first counts."""
