using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.IO.Hashing;
using System.Text;
using Daemonproxy.Client;

namespace Daemonproxy.Manager.Definitions;

/// <summary>The commands that configure a service of the daemon as in its definition, and a hash of them.</summary>
public sealed class ServiceSettings
{
    private ServiceSettings(ImmutableArray<DaemonCommand> descriptors, ImmutableArray<DaemonCommand> commands)
    {
        Descriptors = descriptors;
        Commands = commands;
        Hash = HashOf([.. descriptors, .. commands]);
    }

    /// <summary>
    /// The commands that make its descriptors; the first field is a name. An existing pipe must not be made again, or
    /// its content would be lost. The others can be made again, and are kept if they have not changed.
    /// </summary>
    public ImmutableArray<DaemonCommand> Descriptors { get; }

    /// <summary>All commands for its settings. The last one sets its triggers.</summary>
    public ImmutableArray<DaemonCommand> Commands { get; }

    /// <summary>The command after which its clients start it; null for a service that is started otherwise.</summary>
    public DaemonCommand? Arm => Commands[^1] is { Name: "service.auto_up", Fields.Count: > 2 } arm ? arm : null;

    /// <summary>The command after which its clients no longer start it.</summary>
    /// <param name="service">Its name.</param>
    public static DaemonCommand Disarm(string service) => Setting("service.auto_up", service, ["-"]);

    /// <summary>Eight hexadecimal digits; the same for the same settings.</summary>
    public string Hash { get; }

    /// <summary>The settings of a service.</summary>
    public static ServiceSettings Of(ServiceDefinition service)
    {
        ArgumentNullException.ThrowIfNull(service);
        List<string> fds = Output(service, out List<DaemonCommand> descriptors);
        foreach (ListenerDefinition listener in service.Listeners)
        {
            fds.Add(listener.Name);
            descriptors.Add(new DaemonCommand("fd.socket", listener.Name, listener.Flags, listener.Address));
        }

        List<DaemonCommand> commands = Process(service.Name, CommandOf(service), fds, service.Process);
        commands.Add(Setting("service.listen", service.Name, service.Listeners.IsEmpty ? [] : ["+"]));
        commands.Add(Setting(
            "service.ready", service.Name, service.Ready is "" or "check" ? ["-"] : [service.Ready]));
        commands.Add(Setting(
            "service.auto_up",
            service.Name,
            service is { StartsOnDemand: true, IsDisabled: false }
                ? [$"{long.Max(service.Restart.First, 1)}", .. service.Listeners.Select(one => $"fd:{one.Name}")]
                    : ["-"]));
        return new ServiceSettings([.. descriptors], [.. commands]);
    }

    /// <summary>
    /// The settings of a command that runs for a service, in its directory, with its output, and as its user unless it
    /// has one of its own.
    /// </summary>
    /// <param name="name">The name of the service that runs it.</param>
    /// <param name="command">The command to run.</param>
    /// <param name="service">The service that it runs for.</param>
    /// <param name="environment">Variables in addition to those of the service.</param>
    public static ServiceSettings OfStep(
        string name, CommandDefinition command, ServiceDefinition service, params ReadOnlySpan<string> environment)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(command);
        List<string> fds = Output(service, out List<DaemonCommand> descriptors);
        bool isOther = command.User.Length > 0;
        ProcessDefinition process = service.Process with
        {
            Environment = [.. service.Process.Environment, .. environment],
            Words = [.. service.Process.Words.Where(word => !IsWord(word, "tty")
                && !(isOther && (IsWord(word, "caps") || word == "no-new-privs")))],
        };
        if (isOther)
        {
            process = process with { User = [command.User], Mounts = default };
        }

        return new ServiceSettings([.. descriptors], [.. Process(name, command.Words, fds, process)]);
    }

    // The daemon starts an on-demand service at once, so a shell runs the commands before it in the same process.
    private static TextList CommandOf(ServiceDefinition service)
    {
        if (!service.StartsOnDemand || service.Pre.IsEmpty)
        {
            return service.Command;
        }

        IEnumerable<string> before = service.Pre.Select(
            static command => string.Join(' ', command.Words.Select(Quote)) + " && ");
        return ["/bin/sh", "-c", $"{string.Concat(before)}exec \"$@\"", "sh", .. service.Command];
    }

    private static string Quote(string word) =>
        word.Length > 0 && word.All(static one => char.IsAsciiLetterOrDigit(one) || "-_./:,@%+".Contains(one))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool IsWord(string word, string key) =>
        word.StartsWith(key, StringComparison.Ordinal) && word.AsSpan(key.Length).StartsWith("=");

    /// <summary>The descriptors of the pipe that a logger reads.</summary>
    public static (string Reader, string Writer) PipeOf(string logger) => ($"{logger}.r", $"{logger}.w");

    private static List<string> Output(ServiceDefinition service, out List<DaemonCommand> descriptors)
    {
        descriptors = [];
        LogDefinition log = service.Log;
        if (log.Logger.Length > 0)
        {
            (string reader, string writer) = PipeOf(log.Logger);
            descriptors.Add(new DaemonCommand("fd.pipe", reader, writer));
            return log.Logger == service.Name ? [reader, "stdout", "stderr"] : ["null", writer, writer];
        }

        if (log.File.Length > 0)
        {
            string name = $"{service.Name}.log";
            descriptors.Add(new DaemonCommand("fd.open", name, "write,append,create,mkdir", log.File));
            return ["null", name, name];
        }

        return ["null", "stdout", "stderr"];
    }

    private static List<DaemonCommand> Process(
        string name, TextList command, List<string> fds, ProcessDefinition process)
    {
        bool hasTree = process.Cgroup.Count > 0 || process.Words.Any(static word =>
            word is "session" or "group" or "shared" || word.StartsWith("tty=", StringComparison.Ordinal));
        return
        [
            Setting("service.args", name, [.. command]),
            Setting("service.fds", name, fds),
            Setting("service.env", name, [.. process.Environment]),
            Setting("service.dir", name, process.Directory.Length > 0 ? [process.Directory] : []),
            Setting("service.root", name, process.Root.Length > 0 ? [process.Root] : []),
            Setting("service.user", name, [.. process.User]),
            Setting("service.limits", name, [.. process.Limits]),

            // So that a stop reaches all processes of the service.
            Setting("service.process", name, hasTree ? [.. process.Words] : ["session", .. process.Words]),
            Setting("service.mounts", name, [.. process.Mounts]),
            Setting("service.cgroup", name, [.. process.Cgroup]),
        ];
    }

    private static DaemonCommand Setting(string command, string name, List<string> fields) =>
        new(command, [name, .. fields]);

    private static string HashOf(List<DaemonCommand> commands)
    {
        var text = new StringBuilder();
        commands.ForEach(command => text.Append(command).Append('\n'));
        uint hash = XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(text.ToString()));
        return hash.ToString("x8", CultureInfo.InvariantCulture);
    }
}
