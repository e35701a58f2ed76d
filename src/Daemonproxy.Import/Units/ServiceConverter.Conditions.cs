using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Reading;

namespace Daemonproxy.Import.Units;

/// <summary>
/// The conditions for the start of a service, systemd.unit(5), CONDITIONS AND ASSERTS: those of paths, by test(1). With
/// a condition that is not met the service ends at once with 0; an assertion that is not met fails the start. The
/// commands of ExecCondition= are conditions, too.
/// </summary>
internal sealed partial class ServiceConverter
{
    private const string Negation = "!";

    // A shell cannot tell a signal from the codes from 128 on.
    private const string EndUnlessFailed = "{ code=$?; test $code -lt 128 && exit 0; exit $code; }";

    private readonly HashSet<UnitSetting> _conditions = [];

    private List<string> WithConditions(List<string> command)
    {
        // Commands before the start would run whether the condition is met or not, and what is always started again
        // would be so without end.
        bool canSkip = _service.Pre.Count == 0 && ValueOf("Restart") != "always";
        List<UnitSetting> asserts = [.. Tests("Assert")];
        _conditions.UnionWith(asserts);
        _service.Pre.InsertRange(0, asserts.Select(setting =>
            new ImportedCommand(["test", .. TestOf(setting, "Assert")!], HasUser() ? Root : "")));
        List<UnitCommand> commands = Commands("ExecCondition");
        if (canSkip && commands.Count > 0 && commands.TrueForAll(one => UserOf(one).Length == 0))
        {
            _conditions.UnionWith(commands.Select(static one => one.Setting));
            command =
            [
                "/bin/sh", "-c", $"{LineOf(commands)} || {EndUnlessFailed}; exec \"$@\"", "sh", .. command,
            ];
        }

        // A user may not see what root sees.
        List<UnitSetting> conditions = canSkip && !HasAlternatives() && !HasUser() ? [.. Tests("Condition")] : [];
        if (conditions.Count == 0)
        {
            return command;
        }

        _conditions.UnionWith(conditions);
        IEnumerable<string> tests = conditions.Select(setting =>
            string.Join(' ', TestOf(setting, "Condition")!.Prepend("test").Select(
                static word => word == Negation ? word : ShellWords.Quote(word))));
        return ["/bin/sh", "-c", $"{string.Join(" && ", tests)} || exit 0; exec \"$@\"", "sh", .. command];
    }

    private IEnumerable<UnitSetting> Tests(string kind) => _unit.Settings
        .Where(setting => setting.Section == "Unit" && setting.Key.StartsWith(kind, StringComparison.Ordinal))
        .Select(static setting => setting.Key).Distinct()
        .SelectMany(key => _unit.FindAll("Unit", key))
        .Where(setting => TestOf(setting, kind) is not null);

    // With a bar before one of them it is enough that one is met.
    private bool HasAlternatives() => _unit.Settings.Any(static setting => setting.Section == "Unit"
        && setting.Key.StartsWith("Condition", StringComparison.Ordinal)
        && setting.Value.StartsWith('|'));

    // The words behind test(1); null for what it cannot tell.
    private string[]? TestOf(UnitSetting setting, string kind)
    {
        string? option = setting.Key[kind.Length..] switch
        {
            "PathExists" => "-e",
            "PathIsDirectory" => "-d",
            "PathIsSymbolicLink" => "-L",
            "FileNotEmpty" => "-s",
            "FileIsExecutable" => "-x",
            _ => null,
        };
        string value = Expand(setting);
        bool isNegated = value.StartsWith('!');
        string path = isNegated ? value[1..] : value;
        return option is null || !Path.IsPathRooted(path) ? null
            : isNegated ? [Negation, option, path] : [option, path];
    }
}
