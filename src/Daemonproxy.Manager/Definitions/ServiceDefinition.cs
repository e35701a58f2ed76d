using System.Collections.Immutable;
using Daemonproxy.Client;

namespace Daemonproxy.Manager.Definitions;

/// <summary>
/// A service as defined in the file. Everything is checked that can be checked without the target machine.
/// </summary>
/// <param name="Name">Its name in the daemon.</param>
public sealed record ServiceDefinition(string Name)
{
    /// <summary>The default seconds between the signal of a stop and SIGKILL.</summary>
    public const long UsualStopTimeout = 10;

    /// <summary>The original name before the import, if it differs; empty otherwise.</summary>
    public string From { get; init; } = "";

    /// <summary>The program and its arguments.</summary>
    public TextList Command { get; init; }

    /// <summary>Commands that run before each start, in order; the first that fails fails the start.</summary>
    public ImmutableArray<CommandDefinition> Pre { get; init; } = [];

    /// <summary>Commands that run after each end, in order, whether or not they fail.</summary>
    public ImmutableArray<CommandDefinition> Post { get; init; } = [];

    /// <summary>Its settings in the daemon.</summary>
    public ProcessDefinition Process { get; init; } = new();

    /// <summary>
    /// The way in which it reports that it is ready: <c>notify</c>, <c>fd=N</c> or <c>exit</c> as for
    /// <c>service.ready</c>, <c>check</c> for its first successful check, or empty for none.
    /// </summary>
    public string Ready { get; init; } = "";

    /// <summary>The time limit in seconds to become ready; 0 for none.</summary>
    public long ReadyWithin { get; init; }

    /// <summary>The signal that stops it; empty for SIGTERM.</summary>
    public string StopSignal { get; init; } = "";

    /// <summary>The seconds from that signal to SIGKILL; a command that stops it has as long before.</summary>
    public long StopTimeout { get; init; } = UsualStopTimeout;

    /// <summary>True if that signal goes to its whole tree, and not to its process alone.</summary>
    public bool StopsTree { get; init; }

    /// <summary>The command that runs before that signal, and may end it already; null for none.</summary>
    public CommandDefinition? StopCommand { get; init; }

    /// <summary>The signal at which it reads its own configuration again; empty for none.</summary>
    public string ReloadSignal { get; init; } = "";

    /// <summary>The command or signal by which it reads its configuration again; null for none.</summary>
    public CommandDefinition? ReloadCommand { get; init; }

    /// <summary>The destination of its output.</summary>
    public LogDefinition Log { get; init; } = new();

    /// <summary>The services that must be ready before it starts, and stop after it.</summary>
    public ImmutableArray<string> Needs { get; init; } = [];

    /// <summary>The services that it needs all the time: it is stopped when one of them is not up.</summary>
    public ImmutableArray<string> Binds { get; init; } = [];

    /// <summary>Optional services that are started with it, and before it.</summary>
    public ImmutableArray<string> Wants { get; init; } = [];

    /// <summary>The services that start before it if they are started at all.</summary>
    public ImmutableArray<string> After { get; init; } = [];

    /// <summary>The listeners that it gets as descriptors from 3 on, sd_listen_fds(3).</summary>
    public ImmutableArray<ListenerDefinition> Listeners { get; init; } = [];

    /// <summary>True if its first client starts it.</summary>
    public bool StartsOnDemand { get; init; }

    /// <summary>The restart policy after an unexpected end.</summary>
    public RestartPolicy Restart { get; init; } = new();

    /// <summary>The health check; null for none.</summary>
    public CheckDefinition? Check { get; init; }

    /// <summary>
    /// The times at which it is started if it is not running: five fields as for cron(8); empty for none.
    /// </summary>
    public string Schedule { get; init; } = "";

    /// <summary>
    /// The seconds from its last start to the next one, if it is not running then; 0 for none.
    /// </summary>
    public long Every { get; init; }

    /// <summary>True if it is started only on request, or when another service needs it.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>True if a schedule or an interval starts it.</summary>
    public bool IsScheduled => Schedule.Length > 0 || Every > 0;

    /// <summary>True for a task, which is done when it has ended with 0.</summary>
    public bool IsTask => Ready == "exit";
}

/// <summary>A command that runs for a service, in its directory and with its variables.</summary>
/// <param name="Words">The program and its arguments.</param>
public sealed record CommandDefinition(TextList Words)
{
    /// <summary>
    /// The user that it runs as, free of what holds the service back: its groups, mounts and capabilities. Empty for
    /// as the service.
    /// </summary>
    public string User { get; init; } = "";
}

/// <summary>The process of a service: settings that are passed to the daemon unchanged.</summary>
public sealed record ProcessDefinition
{
    /// <summary>Fields of <c>service.user</c>; none for the daemon's user.</summary>
    public TextList User { get; init; }

    /// <summary>The working directory; empty for the daemon's.</summary>
    public string Directory { get; init; } = "";

    /// <summary>The root directory; empty for the daemon's.</summary>
    public string Root { get; init; } = "";

    /// <summary>Fields of <c>service.env</c>.</summary>
    public TextList Environment { get; init; }

    /// <summary>Fields of <c>service.limits</c>.</summary>
    public TextList Limits { get; init; }

    /// <summary>Fields of <c>service.process</c>.</summary>
    public TextList Words { get; init; }

    /// <summary>Fields of <c>service.mounts</c>.</summary>
    public TextList Mounts { get; init; }

    /// <summary>Fields of <c>service.cgroup</c>.</summary>
    public TextList Cgroup { get; init; }
}

/// <summary>
/// The destination of the output of a service: a logger, a file, or, without both, that of the daemon's output.
/// </summary>
public sealed record LogDefinition
{
    /// <summary>The service that reads the output on its standard input; empty for none.</summary>
    public string Logger { get; init; } = "";

    /// <summary>
    /// The file to which the output is appended; for a logger, the file that it writes; empty for none.
    /// </summary>
    public string File { get; init; } = "";
}

/// <summary>A listener, as for <c>fd.socket</c>.</summary>
/// <param name="Name">The name of its descriptor, which the service finds in LISTEN_FDNAMES.</param>
/// <param name="Flags">Flags of <c>fd.socket</c>.</param>
/// <param name="Address">The address it listens on.</param>
public sealed record ListenerDefinition(string Name, string Flags, string Address);

/// <summary>The ends after which the service is started again.</summary>
public enum RestartWhen
{
    /// <summary>Every end with an exit code other than 0, or by a signal, and every failed start.</summary>
    Failure,

    /// <summary>Every unexpected end.</summary>
    Always,

    /// <summary>No end.</summary>
    Never,
}

/// <summary>The restart policy after an unexpected end. Times are in seconds.</summary>
public sealed record RestartPolicy
{
    /// <summary>The ends after which the service is started again.</summary>
    public RestartWhen When { get; init; }

    /// <summary>The delay after the first end; it doubles with each further one.</summary>
    public long First { get; init; } = 1;

    /// <summary>The longest delay.</summary>
    public long Most { get; init; } = 60;

    /// <summary>A run of this length resets the count of ends.</summary>
    public long Reset { get; init; } = 60;

    /// <summary>After this many ends it is not started again; 0 for never.</summary>
    public long GiveUp { get; init; }

    /// <summary>Exit codes, besides 0, that count as success.</summary>
    public ImmutableArray<int> Success { get; init; } = [];

    /// <summary>Exit codes after which it is never started again, whatever <see cref="When"/> is.</summary>
    public ImmutableArray<int> Prevent { get; init; } = [];

    /// <summary>The seconds from the end number <paramref name="tries"/> in a row to the next start.</summary>
    public long DelayAfter(long tries)
    {
        long delay = First;
        for (long number = 1; number < tries && delay < Most; number++)
        {
            delay = delay > 0 ? delay * 2 : 1;
        }

        return long.Min(delay, Most);
    }
}

/// <summary>A health check: a command with its exit code as the result.</summary>
/// <param name="Command">The program and its arguments.</param>
public sealed record CheckDefinition(TextList Command)
{
    /// <summary>The seconds from check to check.</summary>
    public long Every { get; init; } = 30;

    /// <summary>The time limit of one check in seconds.</summary>
    public long Timeout { get; init; } = 10;

    /// <summary>The number of failed checks in a row after which the service is restarted.</summary>
    public long Fails { get; init; } = 3;
}

/// <summary>The settings of the daemon itself in the file.</summary>
public sealed record DaemonDefinition
{
    /// <summary>The guard code that <c>terminate</c> is called with; null for none.</summary>
    public long? Guard { get; init; }

    /// <summary>The program that the daemon executes instead of exiting.</summary>
    public TextList ExecOnExit { get; init; }

    /// <summary>The program for a halt of the machine instead; empty if its signals have no effect.</summary>
    public TextList Halt { get; init; }

    /// <summary>The same for a power-off.</summary>
    public TextList PowerOff { get; init; }

    /// <summary>The same for a reboot.</summary>
    public TextList Reboot { get; init; }

    /// <summary>
    /// The seconds after which the daemon ends at a shutdown even if services still run; 0 for never.
    /// </summary>
    public long StopTime { get; init; }
}

/// <summary>The content of a file, or of a directory of files.</summary>
/// <param name="Services">The services, in the order of the file.</param>
/// <param name="Daemon">The settings of the daemon.</param>
public sealed record ServiceSet(ImmutableArray<ServiceDefinition> Services, DaemonDefinition Daemon)
{
    /// <summary>No service.</summary>
    public static ServiceSet Empty { get; } = new([], new DaemonDefinition());
}
