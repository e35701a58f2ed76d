using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Planning;
using Daemonproxy.Manager.Tags;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Manager.Files;

/// <summary>The content of a file, and its problems.</summary>
/// <param name="Services">The services; null if there is an error.</param>
/// <param name="Problems">In the order of the files.</param>
public sealed record ServicesFileResult(ServiceSet? Services, ImmutableArray<Problem> Problems);

/// <summary>
/// Reads the manager's file, <c>services.toml</c>, or all <c>*.toml</c> of a directory in the order of their names.
/// </summary>
public static class ServicesFile
{
    private static readonly UTF8Encoding _strict = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file or a directory. A file that cannot be read is a problem, too.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="checksMachine">True if to warn of programs and users that this machine does not have.</param>
    public static ServicesFileResult Read(string path, bool checksMachine = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        List<Problem> problems = [];
        List<(string File, string Text)> texts = [];
        string[] files = [path];
        if (Directory.Exists(path))
        {
            try
            {
                files = [.. Directory.EnumerateFiles(path, "*.toml").Order(StringComparer.Ordinal)];
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                files = [];
                problems.Add(new Problem(path, 0, 0, 0, Reason(problem)));
            }
        }

        foreach (string file in files)
        {
            try
            {
                texts.Add((file, _strict.GetString(BoundedFile.Read(file))));
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                problems.Add(new Problem(file, 0, 0, 0, Reason(problem)));
            }
            catch (DecoderFallbackException)
            {
                problems.Add(new Problem(file, 0, 0, 0, "the file is not UTF-8"));
            }
        }

        return Read(texts, problems, checksMachine);
    }

    /// <summary>Reads a text as if it were a file.</summary>
    /// <param name="file">The path for the problems; relative paths are relative to its directory.</param>
    /// <param name="text">The content.</param>
    public static ServicesFileResult Parse(string file, string text) => Read([(file, text)], [], checksMachine: false);

    private static ServicesFileResult Read(
        List<(string File, string Text)> texts, List<Problem> problems, bool checksMachine)
    {
        List<(ServiceDefinition Service, TableReader Table)> services = [];
        var daemon = new DaemonDefinition();
        foreach ((string file, string text) in texts)
        {
            var root = new TableReader(file, TomlTree.Read(file, text, problems), problems);
            if (root.Table("service") is { } table)
            {
                ReadServices(table, Path.GetDirectoryName(Path.GetFullPath(file))!, services);
            }

            daemon = ReadDaemon(root, daemon);
            root.Finish();
        }

        ImmutableArray<ServiceDefinition> all = MarkLoggers([.. services.Select(static pair => pair.Service)]);
        CheckMadeNames(services);
        if (CheckNames(services) && ServiceGraph.FindCycle(all) is { IsEmpty: false } cycle)
        {
            TableReader first = services.First(pair => pair.Service.Name == cycle[0]).Table;
            first.Add(first.Place, $"{string.Join(" needs ", cycle)}: none of them can start first");
        }

        if (checksMachine)
        {
            services.ForEach(static pair => MachineCheck.Check(pair.Service, pair.Table));
        }

        bool hasErrors = problems.Exists(static problem => problem.Severity == Severity.Error);
        return new ServicesFileResult(
            hasErrors ? null : new ServiceSet(all, daemon),
            [
                .. problems.OrderBy(problem => texts.FindIndex(pair => pair.File == problem.File))
                    .ThenBy(static problem => (problem.Line, problem.Column)),
            ]);
    }

    private static void ReadServices(
        TableReader table, string directory, List<(ServiceDefinition Service, TableReader Table)> services)
    {
        foreach (string name in table.Keys)
        {
            if (!ServiceReader.IsName(name) || name == ManagerMark.Service)
            {
                table.Take(name);
                table.Refuse(
                    name,
                    name == ManagerMark.Service
                        ? $"'{name}' is the name of the manager itself"
                        : $"'{name}' cannot be the name of a service: 1 to 24 of A-Z a-z 0-9 . _ -");
            }
            else if (services.Exists(pair => pair.Service.Name == name))
            {
                table.Take(name);
                table.Refuse(name, $"service '{name}' is in another file already");
            }
            else if (table.Table(name) is { } inner)
            {
                services.Add((new ServiceReader(name, inner, directory).Read(), inner));
            }
        }
    }

    private static DaemonDefinition ReadDaemon(TableReader root, DaemonDefinition daemon)
    {
        if (root.Table("daemon") is not { } table)
        {
            return daemon;
        }

        TextList Program(string key, TextList before)
        {
            TextList program = table.Has(key) ? table.Command(key) : before;
            if (program.Sum(static word => Encoding.UTF8.GetByteCount(word) + 1) > ProtocolLimits.ExecArgs)
            {
                table.Refuse(key, $"'{key}' is longer than {ProtocolLimits.ExecArgs} bytes");
            }

            return program;
        }

        daemon = new DaemonDefinition
        {
            Guard = table.Number("guard", int.MinValue, int.MaxValue) ?? daemon.Guard,
            ExecOnExit = Program("exec-on-exit", daemon.ExecOnExit),
            Halt = Program("halt", daemon.Halt),
            PowerOff = Program("poweroff", daemon.PowerOff),
            Reboot = Program("reboot", daemon.Reboot),
            StopTime = table.Seconds("stop-time") ?? daemon.StopTime,
        };
        table.Finish();
        return daemon;
    }

    // A service that others name as their log reads the pipe to which they write.
    private static ImmutableArray<ServiceDefinition> MarkLoggers(ImmutableArray<ServiceDefinition> services)
    {
        var loggers = services.Select(static service => service.Log.Logger).ToHashSet(StringComparer.Ordinal);
        var files = services.ToDictionary(
            static service => service.Name, static service => service.Log.File, StringComparer.Ordinal);
        return
        [
            .. services.Select(service => loggers.Contains(service.Name)
                ? service with { Log = service.Log with { Logger = service.Name } }
                : service.Log.Logger.Length > 0
                    ? service with { Log = service.Log with { File = files.GetValueOrDefault(service.Log.Logger, "") } }
                    : service),
        ];
    }

    // Reports references to services that do not exist.
    private static bool CheckNames(List<(ServiceDefinition Service, TableReader Table)> services)
    {
        var names = services.Select(static pair => pair.Service.Name).ToHashSet(StringComparer.Ordinal);
        bool areKnown = true;
        foreach ((ServiceDefinition service, TableReader table) in services)
        {
            (string Key, ImmutableArray<string> Names)[] lists =
            [
                ("needs", service.Needs), ("binds", service.Binds), ("wants", service.Wants), ("after", service.After),
                ("log", service.Log.Logger.Length > 0 ? [service.Log.Logger] : []),
            ];
            foreach ((string key, ImmutableArray<string> others) in lists)
            {
                foreach (string other in others.Where(other => !names.Contains(other) || other == service.Name))
                {
                    areKnown = false;
                    table.Add(table.PlaceOf(key, other), other == service.Name
                        ? $"{other} cannot have itself as '{key}'"
                        : $"{key} '{other}', which is not a service{Suggestion.For(other, names)}");
                }
            }
        }

        return areKnown;
    }

    // A line of the protocol has a limited length.
    private static ServiceNode? NodeOf(ServiceDefinition service, TableReader table)
    {
        try
        {
            var node = new ServiceNode(service);
            foreach (StepNode step in node.Post)
            {
                _ = Steps.SettingsOfPost(step, service: null);
            }

            foreach (StepNode step in new[] { node.Stop, node.Reload }.OfType<StepNode>())
            {
                _ = Steps.SettingsOfStop(step, int.MaxValue);
            }

            return node;
        }
        catch (ArgumentException problem)
        {
            string message = problem.Message.Split(" (Parameter", 2)[0].TrimEnd('.');
            table.Add(table.Place, $"{service.Name}: {message}");
            return null;
        }
    }

    // Derived names, such as NAME.check, and names of descriptors must be unique.
    private static void CheckMadeNames(List<(ServiceDefinition Service, TableReader Table)> services)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        Dictionary<string, DaemonCommand> descriptors = new(StringComparer.Ordinal);
        foreach ((ServiceDefinition service, TableReader table) in services)
        {
            if (NodeOf(service, table) is not { } node)
            {
                continue;
            }

            foreach (string name in node.Names)
            {
                if (!names.TryAdd(name, service.Name))
                {
                    table.Add(
                        table.Place, $"'{name}' is what a command of {names[name]} is called, or the other way round");
                }
            }

            foreach (DaemonCommand command in node.Settings.Descriptors)
            {
                string name = command.Fields[0];
                if (!descriptors.TryAdd(name, command) && !descriptors[name].Equals(command))
                {
                    table.Add(
                        table.Has("listen") ? table.PlaceOf("listen") : table.Place,
                        $"'{name}' is the name of another descriptor as well");
                }
            }
        }
    }

    private static string Reason(Exception problem) => problem switch
    {
        FileNotFoundException or DirectoryNotFoundException => "No such file or directory",
        UnauthorizedAccessException => "Permission denied",
        _ => problem.Message.TrimEnd('.'),
    };
}
