using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Reading;
using Daemonproxy.Import.Units;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Import.Supervisor;

/// <summary>Makes the services of one program.</summary>
/// <param name="section">The program.</param>
/// <param name="daemon">The section of supervisord itself; null if there is none.</param>
/// <param name="values">The names that values can use.</param>
internal sealed partial class ProgramReader(
    IniSection section, IniSection? daemon, Dictionary<string, string> values)
{
    private const int MostProcesses = 1000;
    private const int UsualPriority = 999;

    // The keys of [supervisord] that its programs inherit.
    private static readonly string[] _inherited = ["environment", "umask", "directory", "user", "minfds", "minprocs"];

    private Expansion _expansion = new(values);
    private ImportedService _service = new("", "", default);

    /// <summary>The priority: lower ones start earlier.</summary>
    public int Priority => (int)Number("priority", UsualPriority);

    /// <summary>The services, one for each process.</summary>
    public List<ImportedService> Read()
    {
        List<ImportedService> services = [];
        long count = Number("numprocs", 1);
        if (count is < 1 or > MostProcesses)
        {
            IniEntry entry = section.Entries["numprocs"];
            throw new ImportException(
                entry.Place.File, entry.Place.Line, entry.Column, $"numprocs is 1 to {MostProcesses} here");
        }

        long first = Number("numprocs_start", 0);
        for (long number = first; number < first + count; number++)
        {
            services.Add(Read(number, count));
        }

        return services;
    }

    /// <summary>Adds a note for keys for which the daemon has options.</summary>
    public static void TellOfDaemon(IniSection daemon, ImportedSet set)
    {
        string[] others = [.. daemon.Entries.Keys.Where(static key => !_inherited.Contains(key))];
        if (others.Length > 0)
        {
            set.Not(daemon.Place, $"[supervisord] {string.Join(", ", others)}", "the daemon has options of its own");
        }
    }

    private ImportedService Read(long number, long count)
    {
        Dictionary<string, string> known = new(values, StringComparer.Ordinal)
        {
            ["program_name"] = section.Title,
            ["group_name"] = section.Title,
            ["process_num"] = number.ToString(CultureInfo.InvariantCulture),
            ["numprocs"] = count.ToString(CultureInfo.InvariantCulture),
        };
        _expansion = new Expansion(known);
        string name = section.Title;
        if (section.Entries.TryGetValue("process_name", out IniEntry? given))
        {
            name = Expand(given) ?? name;
        }
        else if (count > 1)
        {
            throw new ImportException(
                section.Place.File, section.Place.Line, 1, "with numprocs, process_name needs %(process_num)s");
        }

        known["process_name"] = name;
        _service = new ImportedService($"{section.Title}:{name}", name, section.Place)
        {
            Umask = "022",
            Restart = new RestartPolicy { Reset = 1, GiveUp = 3 },
        };
        ReadInherited();
        foreach (IniEntry entry in section.Entries.Values)
        {
            if (!TakeOfProcess(entry) && !TakeOfLife(entry) && !TakeOutput(entry))
            {
                Not(entry, _reasons.GetValueOrDefault(entry.Key, "there is no such setting"));
            }
        }

        Finish();
        return _service;
    }

    private void Finish()
    {
        if (!section.Entries.ContainsKey("command"))
        {
            _service.Refuse(section.Place, $"[{section.Name}]", "it has no command=");
        }

        if (section.Kind == "fcgi-program" && _service.Listeners.Count > 0)
        {
            // The listener is standard input there.
            _service.Command = ["/bin/sh", "-c", "exec \"$@\" <&3 3<&-", "sh", .. _service.Command];
        }

        if (_service.Restart.When == RestartWhen.Never)
        {
            _service.Restart = new RestartPolicy { When = RestartWhen.Never };
        }
    }

    private void ReadInherited()
    {
        foreach (IniEntry entry in daemon?.Entries.Values.Where(static one => _inherited.Contains(one.Key)) ?? [])
        {
            switch (entry.Key)
            {
                case "minfds":
                    _service.Limits["nofile"] = entry.Value;
                    break;
                case "minprocs":
                    _service.Limits["nproc"] = entry.Value;
                    break;
                default:
                    TakeOfProcess(entry);
                    break;
            }
        }
    }

    private bool TakeOfProcess(IniEntry entry)
    {
        switch (entry.Key)
        {
            case "command":
                ReadCommand(entry);
                break;
            case "process_name" or "numprocs" or "numprocs_start" or "priority":
                break;
            case "user":
                _service.User = Expand(entry) ?? "";
                break;
            case "directory":
                _service.Directory = Path.GetFullPath(Expand(entry) ?? "/", values["here"]);
                break;
            case "umask":
                _service.Umask = Expand(entry) ?? _service.Umask;
                break;
            case "environment":
                ReadEnvironment(entry);
                break;
            case "socket" when section.Kind == "fcgi-program":
                AddSocket(entry);
                break;
            case "socket_owner" or "socket_mode" or "socket_backlog" when section.Kind == "fcgi-program":
                break;
            default:
                return false;
        }

        return true;
    }

    // Variables are replaced when the program starts, by a shell.
    private void ReadCommand(IniEntry entry)
    {
        bool hasVariables = false;
        const char begin = '\uE000';
        const char end = '\uE001';
        try
        {
            string line = _expansion.Expand(entry.Value, name =>
            {
                hasVariables = true;
                return $"{begin}{name}{end}";
            });
            List<string> words = ShellWords.Split(line);
            if (words.Count == 0)
            {
                throw new FormatException("there is no program");
            }

            _service.Command = hasVariables
                ? ["/bin/sh", "-c", $"exec {string.Join(' ', words.Select(word => Quote(word, begin, end)))}"]
                : words;
        }
        catch (FormatException problem)
        {
            _service.Refuse(entry.Place, entry.Text, problem.Message);
        }
    }

    private static string Quote(string word, char begin, char end)
    {
        string[] parts = word.Split(begin, end);
        return string.Concat(parts.Select((part, index) => index % 2 == 1 ? $"\"${{{part}}}\""
            : part.Length > 0 || parts.Length == 1 ? ShellWords.Quote(part) : ""));
    }

    // KEY="value",OTHER=value: commas between them, quotes around values with commas, quotes or blanks.
    private void ReadEnvironment(IniEntry entry)
    {
        if (Expand(entry) is not { } text)
        {
            return;
        }

        try
        {
            foreach ((string name, string value) in EnvironmentPairs.Parse(text))
            {
                _service.Environment[name] = value;
            }
        }
        catch (FormatException problem)
        {
            Not(entry, problem.Message);
        }
    }

    private void AddSocket(IniEntry entry)
    {
        string value = Expand(entry) ?? "";
        string address = value.StartsWith("tcp://", StringComparison.Ordinal)
            ? $"tcp:{value[6..].Replace("localhost", "127.0.0.1", StringComparison.Ordinal)}"
            : value.StartsWith("unix://", StringComparison.Ordinal) ? $"unix:{value[7..]}" : "";
        if (address.Length == 0)
        {
            Not(entry, "a socket is tcp://host:port or unix:///path");
            return;
        }

        string clean = ServiceNames.Clean(section.Title);
        _service.Listeners.Add(new ImportedListener($"{clean[..int.Min(clean.Length, 20)]}.fcgi", address)
        {
            Mode = address[0] == 'u' ? Plain("socket_mode") is { Length: > 0 } mode ? mode : "0700" : "",
            Owner = address[0] == 'u' ? Plain("socket_owner") : "",
            Backlog = (int)long.Clamp(Number("socket_backlog", 0), 0, 65535),
        });
    }

    private string? Expand(IniEntry entry)
    {
        try
        {
            return _expansion.Expand(entry.Value, Environment.GetEnvironmentVariable);
        }
        catch (FormatException problem)
        {
            Not(entry, problem.Message);
            return null;
        }
    }

    private string Plain(string key) => section.Entries.TryGetValue(key, out IniEntry? entry) ? entry.Value : "";

    private long Number(string key, long usual)
    {
        if (!section.Entries.TryGetValue(key, out IniEntry? entry))
        {
            return usual;
        }

        return long.TryParse(entry.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number is >= int.MinValue and <= int.MaxValue
            ? number
            : throw new ImportException(
                entry.Place.File, entry.Place.Line, entry.Column, $"{key} must be a whole number");
    }

    private void Not(IniEntry entry, string reason) => _service.Not(entry.Place, entry.Text, reason);
}
