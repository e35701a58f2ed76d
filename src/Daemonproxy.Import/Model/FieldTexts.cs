using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Daemonproxy.Import.Reading;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Import.Model;

/// <summary>
/// A field of the manager's file has neither a TAB nor a line end. A command with one is given to a shell, which makes
/// them by printf(1); a variable with one gets a note.
/// </summary>
internal static class FieldTexts
{
    public static void Clean(ImportedService service)
    {
        service.Command = Command(service.Command);
        Commands(service.Pre);
        Commands(service.Post);
        service.StopCommand = Clean(service.StopCommand);
        service.ReloadCommand = Clean(service.ReloadCommand);
        if (service.Check is { } check)
        {
            service.Check = new CheckDefinition([.. Command([.. check.Command])])
            {
                Every = check.Every,
                Timeout = check.Timeout,
                Fails = check.Fails,
            };
        }

        foreach ((string name, string value) in service.Environment.ToArray())
        {
            if (IsBroken(value) || IsBroken(name) || name.Length == 0 || name.Contains('='))
            {
                service.Environment.Remove(name);
                service.Not(service.Place, $"the variable {name}", "a variable has neither a TAB nor a line end in it");
            }
        }
    }

    /// <summary>The same command, without such characters.</summary>
    public static List<string> Command(List<string> command)
    {
        if (!command.Exists(IsBroken))
        {
            return command;
        }

        string line = $"exec {string.Join(' ', command.Select(ShellWords.Quote))}";
        var escaped = new StringBuilder();
        foreach (char one in line)
        {
            escaped.Append(one switch
            {
                '\n' => "\\n",
                '\t' => "\\t",
                '\\' => "\\\\",
                '\'' => "'\\''",
                _ when char.IsControl(one) => string.Create(
                    CultureInfo.InvariantCulture, $"\\0{Convert.ToString(one, 8)}"),
                _ => one.ToString(),
            });
        }

        return ["/bin/sh", "-c", $"eval \"$(printf %b '{escaped}')\""];
    }

    private static void Commands(List<ImportedCommand> commands)
    {
        for (int index = 0; index < commands.Count; index++)
        {
            commands[index] = Clean(commands[index])!;
        }
    }

    private static ImportedCommand? Clean(ImportedCommand? command) =>
        command is null ? null : command with { Words = Command(command.Words) };

    private static bool IsBroken(string text) => text.AsSpan().ContainsAny('\t', '\n', '\0');
}
