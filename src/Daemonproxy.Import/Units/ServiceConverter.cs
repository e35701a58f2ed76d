using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Import.Model;

namespace Daemonproxy.Import.Units;

/// <summary>
/// Converts a unit with its drop-ins to a service. <see cref="UnitOrder"/> handles the order of units.
/// </summary>
internal sealed partial class ServiceConverter
{
    private const string Section = "Service";

    private readonly Unit _unit;
    private readonly Specifiers _specifiers;
    private readonly ImportedService _service;
    private readonly OrderedDictionary<string, string> _fileVariables = [];
    private bool _hasFiles;
    private CommandVariables? _variables;

    private ServiceConverter(Unit unit)
    {
        _unit = unit;
        _specifiers = new Specifiers(unit);
        _service = new ImportedService(unit.Name.Text, unit.Name.Base, unit.Place);
    }

    /// <summary>The service, and the task with its steps as root, if there are any.</summary>
    public static (ImportedService Service, ImportedService? Preparation) Convert(Unit unit)
    {
        var converter = new ServiceConverter(unit);
        converter.Read();
        return (converter._service, converter.Preparation());
    }

    private void Read()
    {
        if (_unit.Find("Unit", "Description") is { } description)
        {
            _service.Remarks.Add(Expand(description));
        }

        ReadType();
        ReadEnvironment();
        ReadCommands();
        HashSet<UnitSetting> effective = Effective();
        foreach (UnitSetting setting in _unit.Settings)
        {
            if (setting.Key.Length == 0)
            {
                Not(setting, "it is not KEY=VALUE");
            }
            else if (effective.Contains(setting))
            {
                Take(setting);
            }
        }

        FinishProcess();
        FinishLife();
    }

    private void Take(UnitSetting setting)
    {
        switch (setting.Section)
        {
            case "Unit":
                TakeOfUnit(setting);
                break;
            case Section:
                if (!TakeOfLife(setting) && !TakeOfProcess(setting) && !TakeOfSandbox(setting))
                {
                    Not(setting, UnitReasons.For(setting.Key));
                }

                break;
            case "Install":
                break;
            default:
                if (!setting.Section.StartsWith("X-", StringComparison.Ordinal))
                {
                    Not(setting, setting.Section.Length == 0
                        ? "it is in no section"
                        : $"[{setting.Section}] is not of a service");
                }

                break;
        }
    }

    private void TakeOfUnit(UnitSetting setting)
    {
        if (UnitReasons.IsText(setting.Key) || UnitOrder.IsOrder(setting.Key))
        {
            return;
        }

        if (setting.Key.StartsWith("Condition", StringComparison.Ordinal)
            || setting.Key.StartsWith("Assert", StringComparison.Ordinal))
        {
            if (!_conditions.Contains(setting))
            {
                Not(setting, "it starts whether that is so or not");
            }
        }
        else if (!TakeStartLimit(setting))
        {
            Not(setting, UnitReasons.For(setting.Key));
        }
    }

    // For a single value the last one applies, for a list those after the last empty one.
    private HashSet<UnitSetting> Effective()
    {
        HashSet<UnitSetting> effective = [];
        foreach ((string section, string key) in _unit.Settings.Select(static one => (one.Section, one.Key)).Distinct())
        {
            if (UnitReasons.IsList(key))
            {
                effective.UnionWith(_unit.FindAll(section, key));
            }
            else if (_unit.Find(section, key) is { } last)
            {
                effective.Add(last);
            }
        }

        return effective;
    }

    private string Expand(UnitSetting setting) => Expand(setting.Value, setting);

    private string Expand(string value, UnitSetting setting) =>
        _specifiers.Expand(value, unknown => Not(setting, $"{unknown} is not known"));

    private string? ValueOf(string key) => _unit.Find(Section, key) is { } setting ? Expand(setting) : null;

    private bool IsOn(string key) => UnitValue.Flag(ValueOf(key) ?? "") == true;

    private void Not(UnitSetting setting, string reason) => _service.Not(setting.Place, setting.Text, reason);
}
