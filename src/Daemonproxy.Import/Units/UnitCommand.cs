using System;
using System.Collections.Generic;
using System.Linq;

namespace Daemonproxy.Import.Units;

/// <summary>A command of a unit, systemd.service(5), COMMAND LINES.</summary>
/// <param name="Setting">Its setting.</param>
/// <param name="Words">Program and arguments, without prefixes; variables are still in them.</param>
internal sealed record UnitCommand(UnitSetting Setting, List<string> Words)
{
    /// <summary><c>-</c>: it may fail.</summary>
    public bool MayFail { get; init; }

    /// <summary><c>@</c>: the word after the program is its argument 0; it is removed from the words.</summary>
    public string? CalledAs { get; init; }

    /// <summary><c>+</c>, <c>!</c> or <c>!!</c>: it does not run as the user.</summary>
    public bool IsPrivileged { get; init; }

    /// <summary>True if it is one of ExecStart=, which always has the user.</summary>
    public bool IsOfStart { get; init; }

    /// <summary><c>:</c>: variables are not replaced.</summary>
    public bool IsLiteral { get; init; }

    /// <summary>The commands of a setting, separated by a lone <c>;</c>.</summary>
    /// <exception cref="FormatException">A quotation does not end, or there is no program.</exception>
    public static List<UnitCommand> Parse(UnitSetting setting, Func<string, string> expand)
    {
        List<UnitCommand> commands = [];
        List<string> words = [];
        foreach (string word in UnitWords.Split(setting.Value).Append(";"))
        {
            if (word != ";")
            {
                words.Add(word == "\\;" ? ";" : word);
            }
            else if (words.Count > 0)
            {
                commands.Add(Command(setting, words, expand));
                words = [];
            }
        }

        return commands;
    }

    private static UnitCommand Command(UnitSetting setting, List<string> words, Func<string, string> expand)
    {
        string prefixes = string.Concat(
            words[0].TakeWhile(static one => one is '-' or '@' or '+' or '!' or ':' or '|'));
        List<string> rest = [words[0][prefixes.Length..], .. words[1..]];
        string? calledAs = null;
        if (prefixes.Contains('@', StringComparison.Ordinal) && rest.Count > 1)
        {
            calledAs = rest[1];
            rest.RemoveAt(1);
        }

        if (rest[0].Length == 0)
        {
            throw new FormatException("there is no program");
        }

        return new UnitCommand(setting, [.. rest.Select(expand)])
        {
            MayFail = prefixes.Contains('-', StringComparison.Ordinal),
            CalledAs = calledAs,
            IsPrivileged = prefixes.Contains('+', StringComparison.Ordinal)
                || prefixes.Contains('!', StringComparison.Ordinal),
            IsLiteral = prefixes.Contains(':', StringComparison.Ordinal),
        };
    }
}
