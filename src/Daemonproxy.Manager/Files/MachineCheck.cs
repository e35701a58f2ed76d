using System;
using System.IO;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Manager.Files;

/// <summary>
/// Checks that the programs and users of a service are on this machine. A missing one is a warning: the file may be for
/// another machine, or the package may not be installed yet.
/// </summary>
public static class MachineCheck
{
    private static readonly UnixFileMode _execute =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Warns of missing programs and users. A service with another root directory is not checked.</summary>
    internal static void Check(ServiceDefinition service, TableReader table)
    {
        if (service.Process.Root.Length > 0)
        {
            return;
        }

        CheckProgram(service, service.Command, table, "command");
        foreach (CommandDefinition command in service.Pre)
        {
            CheckProgram(service, command.Words, table, "pre");
        }

        foreach (CommandDefinition command in service.Post)
        {
            CheckProgram(service, command.Words, table, "post");
        }

        if (service.ReloadCommand is { } reload)
        {
            CheckProgram(service, reload.Words, table, "reload");
        }

        if (service.StopCommand is { } stop && table.Table("stop") is { } stopTable)
        {
            CheckProgram(service, stop.Words, stopTable, "command");
        }

        if (service.Check is { } check && table.Table("check") is { } inner)
        {
            CheckProgram(service, check.Command, inner, "command");
        }

        CheckUser(service.Process.User, table);
    }

    /// <summary>The error of execve(2) for a program with a path; null if there is none.</summary>
    /// <param name="path">The path as given.</param>
    /// <param name="directory">
    /// The directory of a relative path; empty if unknown: then the path is not checked.
    /// </param>
    public static string? ProgramFault(string path, string directory = "")
    {
        string whole = Path.Combine(directory, path);
        return !Path.IsPathRooted(whole) || IsExecutable(whole) ? null
            : Directory.Exists(whole) ? $"{path} is a directory"
            : File.Exists(whole) ? $"{path} is not executable"
            : $"there is no {path} on this machine";
    }

    /// <summary>
    /// Returns a sentence about a missing user; null for an existing one or a number, or if the files cannot be read.
    /// </summary>
    public static string? UserFault(string name) => NameFault(name, AccountFile.Users, "user");

    /// <summary>The same for a group.</summary>
    public static string? GroupFault(string name) => NameFault(name, AccountFile.Groups, "group");

    private static void CheckProgram(ServiceDefinition service, TextList command, TableReader table, string key)
    {
        if (command.Count > 0 && FaultOf(service, command[0]) is { } fault)
        {
            table.Add(table.PlaceOf(key, command[0]), fault, Severity.Warning);
        }
    }

    // A name without a slash is searched in PATH.
    private static string? FaultOf(ServiceDefinition service, string program)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return ProgramFault(program, service.Process.Directory);
        }

        string? own = service.Process.Environment
            .LastOrDefault(static one => one.StartsWith("PATH=", StringComparison.Ordinal))?["PATH=".Length..];
        string folders = own ?? Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
        return program.Length == 0 || folders.Split(':').Any(folder => IsExecutable(Path.Combine(folder, program)))
            ? null
            : $"there is no '{program}' in PATH on this machine";
    }

    private static bool IsExecutable(string path) =>
        File.Exists(path) && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & _execute) != 0;

    private static void CheckUser(TextList user, TableReader table)
    {
        for (int index = 0; index < user.Count; index++)
        {
            string name = user[index];
            if ((index == 0 ? UserFault(name) : GroupFault(name)) is { } fault)
            {
                table.Add(table.PlaceOf(index == 0 ? "user" : "groups", name), fault, Severity.Warning);
            }
        }
    }

    private static string? NameFault(string name, string file, string what) =>
        name.Length == 0 || name.All(char.IsAsciiDigit)
            || AccountFile.Rows(file) is not { } rows || rows.Any(row => row[0] == name)
            ? null
            : $"there is no {what} '{name}' on this machine";
}
