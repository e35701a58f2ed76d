using System;
using System.Collections.Generic;
using System.Text;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Reading;

namespace Daemonproxy.Import.Units;

/// <summary>
/// Reads a unit file, systemd.syntax(7): sections, <c>KEY=VALUE</c>, comments at the beginning of a line, and lines
/// that continue after a backslash, without comments between them.
/// </summary>
internal static class UnitFile
{
    public static List<UnitSetting> Read(SourceFile file)
    {
        List<UnitSetting> settings = [];
        string section = "";
        string[] lines = file.Lines;
        for (int index = 0; index < lines.Length; index++)
        {
            SourcePlace place = file.At(index + 1);
            if (IsBlankOrComment(lines[index]))
            {
                continue;
            }

            string line = Join(lines, ref index).Trim();
            if (line.StartsWith('[') && line.EndsWith(']'))
            {
                section = line[1..^1];
                continue;
            }

            int equals = line.IndexOf('=', StringComparison.Ordinal);
            settings.Add(equals <= 0
                ? new UnitSetting(section, "", line, place)
                : new UnitSetting(section, line[..equals].TrimEnd(), line[(equals + 1)..].TrimStart(), place));
        }

        return settings;
    }

    private static string Join(string[] lines, ref int index)
    {
        string first = lines[index].TrimEnd();
        if (!EndsInBackslash(first))
        {
            return first;
        }

        var joined = new StringBuilder(first[..^1]);
        while (index + 1 < lines.Length)
        {
            index++;
            string next = lines[index].TrimEnd();
            if (next.TrimStart() is ['#' or ';', ..])
            {
                continue;
            }

            bool goesOn = EndsInBackslash(next);
            joined.Append(' ').Append(goesOn ? next[..^1] : next);
            if (!goesOn)
            {
                break;
            }
        }

        return joined.ToString();
    }

    private static bool EndsInBackslash(string line) => line.EndsWith('\\');

    private static bool IsBlankOrComment(string line) => line.TrimStart() is "" or ['#' or ';', ..];
}
