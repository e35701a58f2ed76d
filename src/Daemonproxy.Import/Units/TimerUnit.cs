using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Import.Model;

namespace Daemonproxy.Import.Units;

/// <summary>Converts a timer unit to the schedule of a service, systemd.timer(5).</summary>
internal static class TimerUnit
{
    private const string Section = "Timer";

    private static readonly Dictionary<string, string> _reasons = new(System.StringComparer.Ordinal)
    {
        ["Persistent"] = "what was missed while the machine was off is not made up for",
        ["RandomizedDelaySec"] = "it starts in time, without a random delay",
        ["FixedRandomDelay"] = "it starts in time, without a random delay",
        ["WakeSystem"] = "the machine is not woken",
        ["OnClockChange"] = "a changed clock starts nothing",
        ["OnTimezoneChange"] = "a changed time zone starts nothing",
        ["RemainAfterElapse"] = "it stays",
    };

    /// <summary>The name of the service of a timer.</summary>
    public static string ServiceOf(Unit unit) => unit.Find(Section, "Unit")?.Value ?? $"{unit.Name.Base}.service";

    /// <summary>Adds its times to a service.</summary>
    public static void Add(Unit unit, ImportedService service)
    {
        foreach (UnitSetting setting in unit.Settings.Where(
            static one => one is { Section: Section, Value.Length: > 0 }))
        {
            switch (setting.Key)
            {
                case "OnCalendar":
                    AddCalendar(setting, service);
                    break;
                case "OnUnitActiveSec":
                    AddEvery(setting, service, "");
                    break;
                case "OnUnitInactiveSec":
                    AddEvery(setting, service, "it is counted from start to start");
                    break;
                case "OnBootSec" or "OnStartupSec" or "OnActiveSec":
                    service.Not(setting.Place, setting.Text, "with every, the first start is at once");
                    break;
                case "Unit" or "AccuracySec":
                    break;
                case "Persistent" when UnitValue.Flag(setting.Value) == false:
                    break;
                default:
                    service.Not(setting.Place, setting.Text, _reasons.GetValueOrDefault(
                        setting.Key, "the manager's file has no key for it"));
                    break;
            }
        }

        if (service.Schedule.Length + service.Every == 0)
        {
            service.IsDisabled = true;
        }
    }

    private static void AddCalendar(UnitSetting setting, ImportedService service)
    {
        if (CalendarExpression.ToCron(setting.Value) is not { } schedule)
        {
            service.Not(setting.Place, setting.Text, "crontab(5) cannot say it, in local time and whole minutes");
        }
        else if (service.Schedule.Length > 0)
        {
            service.Not(setting.Place, setting.Text, "a service has one schedule: use a second service");
        }
        else
        {
            service.Schedule = schedule;
        }
    }

    private static void AddEvery(UnitSetting setting, ImportedService service, string reason)
    {
        if (UnitValue.Seconds(setting.Value) is not ({ } seconds and > 0 and < long.MaxValue))
        {
            service.Not(setting.Place, setting.Text, "it is not a time");
            return;
        }

        if (service.Every == 0)
        {
            service.Every = seconds;
        }

        if (reason.Length > 0)
        {
            service.Not(setting.Place, setting.Text, reason);
        }
    }
}
