using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Import.Units;

/// <summary>Readiness, stops and restarts, systemd.service(5).</summary>
internal sealed partial class ServiceConverter
{
    private const long UsualTimeout = 90;

    // Practically for ever, for a stop.
    private const long LongestStop = 86_400;

    private static readonly Dictionary<string, int> _exitCodes = new(StringComparer.Ordinal)
    {
        ["SUCCESS"] = 0,
        ["FAILURE"] = 1,
        ["INVALIDARGUMENT"] = 2,
        ["NOTIMPLEMENTED"] = 3,
        ["NOPERMISSION"] = 4,
        ["NOTINSTALLED"] = 5,
        ["NOTCONFIGURED"] = 6,
        ["NOTRUNNING"] = 7,
        ["USAGE"] = 64,
        ["DATAERR"] = 65,
        ["NOINPUT"] = 66,
        ["NOUSER"] = 67,
        ["NOHOST"] = 68,
        ["UNAVAILABLE"] = 69,
        ["SOFTWARE"] = 70,
        ["OSERR"] = 71,
        ["OSFILE"] = 72,
        ["CANTCREAT"] = 73,
        ["IOERR"] = 74,
        ["TEMPFAIL"] = 75,
        ["PROTOCOL"] = 76,
        ["NOPERM"] = 77,
        ["CONFIG"] = 78,
    };

    private string _type = "";
    private bool _mayFail;
    private bool _hasBehind;
    private bool _hasStopCommand;
    private long? _startTimeout;

    private void ReadType()
    {
        bool hasBus = ValueOf("BusName") is not null;
        _type = ValueOf("Type") ?? (hasBus ? "dbus" : ValueOf("ExecStart") is null ? "oneshot" : "simple");
        switch (_type)
        {
            case "notify" or "notify-reload":
                _service.Ready = "notify";
                _startTimeout = UsualTimeout;
                break;
            case "oneshot":
                _service.Ready = "exit";
                break;
            case "dbus" when ValueOf("BusName") is { } name:
                // The check is a program of D-Bus: the service is ready when the name has an owner.
                _service.Ready = "check";
                _service.Check = new CheckDefinition([
                    "dbus-send", "--system", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
                    "org.freedesktop.DBus.GetNameOwner", $"string:{name}",
                ]);
                _startTimeout = UsualTimeout;
                break;
            case "simple" or "exec" or "idle" or "forking":
                break;
            default:
                Not(_unit.Find(Section, "Type") ?? _unit.Settings[0], "it is ready as soon as it runs");
                break;
        }

        _service.StopTimeout = UsualTimeout;

        // KillMode=control-group, unless another one is given; a task has nothing that a stop could find.
        _service.StopsTree = _type != "oneshot";
        _service.Restart = new RestartPolicy { When = RestartWhen.Never };
    }

    private bool TakeOfLife(UnitSetting setting)
    {
        string value = Expand(setting);
        switch (setting.Key)
        {
            case "Type" or "ExecStart" or "ExecStartPre" or "ExecStop" or "ExecStopPost" or "ExecReload":
            case "PermissionsStartOnly":
            case "ExecCondition" when _conditions.Contains(setting):
            case Behind when _hasBehind:
            case "ReloadSignal" when _type == "notify-reload":
            case "BusName" when _type == "dbus":
                break;
            case "RemainAfterExit" when _type == "oneshot" || UnitValue.Flag(value) == false:
                break;
            case "KillSignal":
                // A command that sends a signal comes before it.
                SetSignal(setting, value);
                break;
            case "KillMode":
                TakeKillMode(setting, value);
                break;
            case "TimeoutStartSec" or "TimeoutStopSec" or "TimeoutSec" or "WatchdogSec" or "RestartSec"
                or "RestartMaxDelaySec":
                TakeTime(setting, value);
                break;
            case "Restart":
                TakeRestart(setting, value);
                break;
            case "RestartSteps":
                break;
            case "SuccessExitStatus":
                _service.Restart = _service.Restart with
                {
                    Success = [.. _service.Restart.Success, .. Codes(setting, value)],
                };
                break;
            case "RestartPreventExitStatus":
                _service.Restart = _service.Restart with
                {
                    Prevent = [.. _service.Restart.Prevent, .. Codes(setting, value)],
                };
                break;
            default:
                return TakeStartLimit(setting);
        }

        return true;
    }

    // kill(1) with the main process, and start-stop-daemon(8) with one signal and a time. False for another command.
    private bool TakeStop(UnitCommand command)
    {
        List<string> words = command.Words;
        if (SignalOfKill(words) is { } signal)
        {
            // Signals that stop or continue a process do not end it: SIGTERM follows.
            if (signal is not ("SIGSTOP" or "SIGCONT"))
            {
                _service.StopSignal = signal;
                _service.StopsTree = false;
                _hasStopCommand = true;
                return true;
            }
        }

        int retry = words.IndexOf("--retry") + 1;
        if (Path.GetFileName(words.FirstOrDefault("")) == "start-stop-daemon" && retry > 0 && retry < words.Count)
        {
            string[] schedule = words[retry].Split('/');
            if (UnitValue.Signal(schedule[0].TrimStart('-')) is { } first && schedule.Length > 1
                && long.TryParse(schedule[1], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
            {
                _service.StopSignal = first;
                _service.StopsTree = false;
                _service.StopTimeout = seconds;
                _hasStopCommand = true;
                return true;
            }
        }

        return false;
    }

    private static string? SignalOfKill(List<string> words)
    {
        if (words.Count < 2 || Path.GetFileName(words[0]) != "kill" || words[^1] is not ("$MAINPID" or "${MAINPID}"))
        {
            return null;
        }

        return words[1..^1] switch
        {
            [] => "SIGTERM",
            ["-s" or "--signal", var name] => UnitValue.Signal(name),
            [['-', .. var name]] => UnitValue.Signal(name.Replace("-signal=", "", StringComparison.Ordinal)),
            _ => null,
        };
    }

    private void SetSignal(UnitSetting setting, string value)
    {
        if (UnitValue.Signal(value) is { } signal)
        {
            _service.StopSignal = _hasStopCommand ? _service.StopSignal : signal;
        }
        else
        {
            Not(setting, "it is not a signal that stops a service");
        }
    }

    private void TakeKillMode(UnitSetting setting, string value)
    {
        switch (value)
        {
            case "process":
                // Without a session only the process itself is stopped.
                _service.Process.Add("group");
                _service.StopsTree = false;
                break;
            case "none":
                Not(setting, "a stop always ends the process");
                break;
            case "mixed":
                _service.StopsTree = false;
                break;
            case "control-group":
                break;
            default:
                Not(setting, UnitReasons.For(setting.Key));
                break;
        }
    }

    private void TakeTime(UnitSetting setting, string value)
    {
        if (UnitValue.Seconds(value) is not { } seconds)
        {
            Not(setting, "it is not a time");
            return;
        }

        bool isEndless = seconds is 0 or long.MaxValue;
        if (setting.Key is "TimeoutStartSec" or "TimeoutSec")
        {
            _startTimeout = isEndless ? 0 : seconds;
        }

        if (setting.Key is "TimeoutStopSec" or "TimeoutSec")
        {
            _service.StopTimeout = isEndless ? LongestStop : seconds;
        }
        else if (setting.Key == "WatchdogSec")
        {
            _service.Watchdog = isEndless ? 0 : seconds;
        }
        else if (setting.Key == "RestartSec")
        {
            seconds = long.Min(seconds, LongestStop);
            _service.Restart = _service.Restart with
            {
                First = seconds,
                Most = _unit.Find(Section, "RestartMaxDelaySec") is null ? seconds : _service.Restart.Most,
            };
        }
        else if (setting.Key == "RestartMaxDelaySec" && !isEndless)
        {
            _service.Restart = _service.Restart with { Most = seconds };
        }
    }

    private void TakeRestart(UnitSetting setting, string value)
    {
        RestartWhen when = value switch
        {
            "always" => RestartWhen.Always,
            "on-failure" or "on-abnormal" or "on-abort" or "on-watchdog" => RestartWhen.Failure,
            _ => RestartWhen.Never,
        };
        _service.Restart = _service.Restart with { When = when };
        if (value is "on-abnormal" or "on-abort" or "on-watchdog")
        {
            Not(setting, "it is started again after each failure");
        }
        else if (value is not ("no" or "always" or "on-failure"))
        {
            Not(setting, "it is not started again");
        }
    }

    private IEnumerable<int> Codes(UnitSetting setting, string value)
    {
        foreach (string word in value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code <= 255)
            {
                yield return code;
            }
            else if (_exitCodes.TryGetValue(word, out code))
            {
                yield return code;
            }
            else
            {
                _service.Not(setting.Place, $"{setting.Key}={word}", UnitValue.Signal(word) is null
                    ? "it is not an exit code"
                    : "only exit codes can be named; the signal of a stop is no failure anyway");
            }
        }
    }

    private bool TakeStartLimit(UnitSetting setting)
    {
        string value = Expand(setting);
        switch (setting.Key)
        {
            case "StartLimitBurst":
                if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long burst))
                {
                    _service.Restart = _service.Restart with { GiveUp = burst };
                }

                return true;
            case "StartLimitIntervalSec" or "StartLimitInterval":
                return true;
            case "StartLimitAction":
                if (value != "none")
                {
                    Not(setting, UnitReasons.For(setting.Key));
                }

                return true;
            default:
                return false;
        }
    }

    private void FinishLife()
    {
        AllowMade();
        if (_service.Ready.Length > 0)
        {
            _service.ReadyWithin = _startTimeout ?? 0;
        }

        string interval = (_unit.Find("Unit", "StartLimitIntervalSec") ?? _unit.Find("Unit", "StartLimitInterval")
            ?? _unit.Find(Section, "StartLimitInterval"))?.Value ?? "10";
        RestartPolicy policy = _service.Restart;
        long window = UnitValue.Seconds(interval) ?? 10;
        if (policy.GiveUp > 0)
        {
            // The manager counts ends in a row, systemd starts in a time: with longer delays the limit is never
            // reached.
            bool isMet = window > 0 && policy.First * policy.GiveUp < window;
            policy = isMet
                ? policy with { Reset = long.Min(window, int.MaxValue) }
                : policy with { GiveUp = 0 };
        }

        if (_mayFail && policy.When == RestartWhen.Failure)
        {
            policy = policy with { When = RestartWhen.Never };
        }

        _service.Restart = policy.When == RestartWhen.Never
            ? new RestartPolicy { When = RestartWhen.Never, Success = policy.Success }
            : policy;
    }
}
