using System;
using System.IO;
using System.Text;

namespace Daemonproxy.Import.Units;

/// <summary>
/// Replaces the specifiers of systemd.unit(5) in values, for system units, not user units. Specifiers of the machine
/// have the values of this machine.
/// </summary>
internal sealed class Specifiers(Unit unit)
{
    /// <summary>Returns the value with these replaced; an unknown one stays, and is reported.</summary>
    public string Expand(string value, Action<string> unknown)
    {
        if (!value.Contains('%', StringComparison.Ordinal))
        {
            return value;
        }

        var expanded = new StringBuilder(value.Length);
        for (int index = 0; index < value.Length; index++)
        {
            if (value[index] != '%' || index + 1 == value.Length)
            {
                expanded.Append(value[index]);
                continue;
            }

            char letter = value[++index];
            if (ValueOf(letter) is { } found)
            {
                expanded.Append(found);
            }
            else
            {
                unknown($"%{letter}");
                expanded.Append('%').Append(letter);
            }
        }

        return expanded.ToString();
    }

    private string? ValueOf(char letter) => OfUnit(letter) ?? OfPlaces(letter) ?? OfMachine(letter);

    private string? OfUnit(char letter) => letter switch
    {
        '%' => "%",
        'n' => unit.Name.Text,
        'N' => unit.Name.Base,
        'p' => unit.Name.Prefix,
        'P' => UnitName.Unescape(unit.Name.Prefix),
        'i' => unit.Name.Instance ?? "",
        'I' => UnitName.Unescape(unit.Name.Instance ?? ""),
        'j' => LastPart(unit.Name.Prefix),
        'J' => UnitName.Unescape(LastPart(unit.Name.Prefix)),
        'f' => $"/{UnitName.Unescape(unit.Name.Instance ?? unit.Name.Prefix).TrimStart('/')}",
        'y' => unit.Path,
        'Y' => Path.GetDirectoryName(unit.Path),
        _ => null,
    };

    // The home is that of the manager's user, who is root.
    private static string? OfPlaces(char letter) => letter switch
    {
        't' => "/run",
        'S' => "/var/lib",
        'C' => "/var/cache",
        'L' => "/var/log",
        'E' => "/etc",
        'T' => "/tmp",
        'V' => "/var/tmp",
        'h' => "/root",
        's' => "/bin/sh",
        _ => null,
    };

    // The user of systemd itself.
    private static string? OfMachine(char letter) => letter switch
    {
        'u' or 'g' => "root",
        'U' or 'G' => "0",
        'H' => Environment.MachineName,
        'l' => Environment.MachineName.Split('.')[0],
        'q' => Environment.MachineName,
        'm' => FirstLine("/etc/machine-id"),
        'b' => FirstLine("/proc/sys/kernel/random/boot_id")?.Replace("-", "", StringComparison.Ordinal),
        'v' => FirstLine("/proc/sys/kernel/osrelease"),
        'o' => FromRelease("ID"),
        'w' => FromRelease("VERSION_ID"),
        _ => null,
    };

    private static string LastPart(string prefix) => prefix[(prefix.LastIndexOf('-') + 1)..];

    private static string? FirstLine(string path)
    {
        try
        {
            return File.ReadAllText(path).Split('\n')[0];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? FromRelease(string key)
    {
        try
        {
            foreach (string line in File.ReadAllLines("/etc/os-release"))
            {
                if (line.StartsWith($"{key}=", StringComparison.Ordinal))
                {
                    return line[(key.Length + 1)..].Trim('"', '\'');
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return "";
    }
}
