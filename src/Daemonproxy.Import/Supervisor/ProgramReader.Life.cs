using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Units;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Import.Supervisor;

/// <summary>Start, stop and output of a program.</summary>
internal sealed partial class ProgramReader
{
    private static readonly Dictionary<string, string> _reasons = new(StringComparer.Ordinal)
    {
        ["stdout_logfile_maxbytes"] = "the logger rotates",
        ["stdout_logfile_backups"] = "the logger rotates",
        ["stderr_logfile_maxbytes"] = "the logger rotates",
        ["stderr_logfile_backups"] = "the logger rotates",
        ["stdout_capture_maxbytes"] = "output is not searched for events",
        ["stderr_capture_maxbytes"] = "output is not searched for events",
        ["stdout_events_enabled"] = "there are no event listeners",
        ["stderr_events_enabled"] = "there are no event listeners",
        ["stdout_syslog"] = "output does not go to syslog: a logger can send it there",
        ["stderr_syslog"] = "output does not go to syslog: a logger can send it there",
        ["events"] = "there are no event listeners",
        ["serverurl"] = "there is no such server: dpctl finds the daemon's socket",
    };

    private bool TakeOfLife(IniEntry entry)
    {
        RestartPolicy policy = _service.Restart;
        switch (entry.Key)
        {
            case "autostart":
                _service.IsDisabled = UnitValue.Flag(entry.Value) == false;
                break;
            case "autorestart":
                _service.Restart = policy with
                {
                    When = UnitValue.Flag(entry.Value) switch
                    {
                        true => RestartWhen.Always,
                        false => RestartWhen.Never,
                        null => RestartWhen.Failure,
                    },
                };
                break;
            case "startsecs":
                // With 0 every start is successful, so no end is counted.
                long seconds = Number(entry.Key, 1);
                _service.Restart = seconds > 0
                    ? policy with { Reset = seconds }
                    : policy with { Reset = new RestartPolicy().Reset, GiveUp = 0 };
                break;
            case "startretries":
                _service.Restart = policy with { GiveUp = long.Clamp(Number(entry.Key, 3), 1, 1_000_000) };
                break;
            case "exitcodes":
                TakeExitCodes(entry);
                break;
            case "stopsignal":
                if (UnitValue.Signal(entry.Value) is { } signal)
                {
                    _service.StopSignal = signal;
                }
                else
                {
                    Not(entry, "it is not a signal that stops a service");
                }

                break;
            case "stopwaitsecs":
                _service.StopTimeout = long.Max(Number(entry.Key, 10), 0);
                break;
            case "stopasgroup":
                _service.StopsTree = UnitValue.Flag(entry.Value) == true;
                break;
            case "killasgroup":
                break;
            default:
                return false;
        }

        return true;
    }

    private void TakeExitCodes(IniEntry entry)
    {
        List<int> codes = [];
        foreach (string word in entry.Value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code <= 255)
            {
                codes.Add(code);
            }
            else
            {
                Not(entry, $"{word} is not an exit code");
            }
        }

        if (!codes.Contains(0))
        {
            Not(entry, "0 is never a failure");
        }

        _service.Restart = _service.Restart with { Success = [.. codes.Where(static code => code != 0)] };
    }

    private bool TakeOutput(IniEntry entry)
    {
        switch (entry.Key)
        {
            case "redirect_stderr":
            case "stdout_logfile_maxbytes" or "stderr_logfile_maxbytes" when entry.Value == "0":
                break;
            case "stdout_logfile" or "stderr_logfile":
                AddLogFile(entry);
                break;
            default:
                return false;
        }

        return true;
    }

    private void AddLogFile(IniEntry entry)
    {
        string path = Expand(entry) ?? "AUTO";
        bool isErrors = entry.Key == "stderr_logfile";
        bool isRedirected = UnitValue.Flag(Plain("redirect_stderr")) == true;
        if (path is "AUTO" or "/dev/stdout" or "/dev/stderr" or "/dev/fd/1" or "/dev/fd/2" or "/proc/self/fd/1"
            or "/proc/self/fd/2" || (isErrors && isRedirected))
        {
            return;
        }

        if (path is "NONE" or "/dev/null" or "syslog")
        {
            Not(entry, path == "syslog"
                ? "output does not go to syslog: a logger can send it there"
                : "it goes where the daemon's goes");
            return;
        }

        path = Path.GetFullPath(path, values["here"]);
        if (_service.OutputFile.Length > 0 && _service.OutputFile != path)
        {
            Not(entry, $"output and errors go to one file, {_service.OutputFile}");
        }
        else
        {
            _service.OutputFile = path;
        }
    }
}
