using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Model;

namespace Daemonproxy.Import.Units;

/// <summary>
/// The dependencies of units. Targets of the machine itself are ignored: they are reached when the daemon starts.
/// </summary>
internal sealed class UnitOrder(ImportedSet set, Dictionary<string, ImportedService> services)
{
    private static readonly HashSet<string> _keys = new(StringComparer.Ordinal)
    {
        "Requires", "Requisite", "Wants", "BindsTo", "Upholds", "After", "Before", "Conflicts", "PartOf",
    };

    private static readonly HashSet<string> _targets = new(StringComparer.Ordinal)
    {
        "basic.target", "sysinit.target", "multi-user.target", "graphical.target", "default.target",
        "network.target", "network-pre.target", "network-online.target", "nss-lookup.target",
        "nss-user-lookup.target", "remote-fs.target", "remote-fs-pre.target", "local-fs.target",
        "local-fs-pre.target", "syslog.target", "time-sync.target", "time-set.target", "rpcbind.target",
        "shutdown.target", "umount.target", "sockets.target", "timers.target", "paths.target", "getty.target",
        "getty-pre.target", "rescue.target", "emergency.target", "swap.target", "slices.target", "initrd.target",
        "initrd-switch-root.target", "reboot.target", "halt.target", "poweroff.target", "final.target",
        "sleep.target", "suspend.target", "cryptsetup.target", "system.slice", "-.mount", "-.slice",
    };

    /// <summary>Returns true for a key of [Unit] that refers to other units.</summary>
    public static bool IsOrder(string key) => _keys.Contains(key);

    /// <summary>Adds the dependencies of a unit to the services that they concern.</summary>
    public void Add(Unit unit, ImportedService service)
    {
        var specifiers = new Specifiers(unit);
        HashSet<string> after = [.. unit.WordsOf("Unit", "After").Select(one => Target(specifiers, one.Word) ?? "")];
        Pull(unit, specifiers, "BindsTo", service.Binds, after);
        Pull(unit, specifiers, "Requires", service.Needs, after);
        Pull(unit, specifiers, "Requisite", service.Needs, after);
        Pull(unit, specifiers, "Wants", service.Wants, after);
        Pull(unit, specifiers, "Upholds", service.Wants, after);
        HashSet<string> pulled =
            [.. service.Binds.Concat(service.Needs).Concat(service.Wants).Select(static one => one.Target)];
        foreach ((string word, UnitSetting setting) in unit.WordsOf("Unit", "After"))
        {
            Follow(service, specifiers.Expand(word, static _ => { }), setting, other =>
            {
                if (!pulled.Contains(other.Original))
                {
                    service.After.Add(DependencyOf(other, setting, word));
                }
            });
        }

        foreach ((string word, UnitSetting setting) in unit.WordsOf("Unit", "Before"))
        {
            Follow(service, specifiers.Expand(word, static _ => { }), setting, other => other.After.Add(
                new Dependency(service.Original, setting.Place, $"{setting.Key}={word}")));
        }

        AddWeak(unit, service, specifiers);
        AddInstall(unit, service);
    }

    private void Pull(
        Unit unit, Specifiers specifiers, string key, List<Dependency> list, HashSet<string> after)
    {
        foreach ((string word, UnitSetting setting) in unit.WordsOf("Unit", key))
        {
            ImportedService service = services[unit.Name.Text];
            string name = specifiers.Expand(word, static _ => { });
            Follow(service, name, setting, other => list.Add(
                DependencyOf(other, setting, word) with { IsOrdered = after.Contains(other.Original) }));
        }
    }

    private static Dependency DependencyOf(ImportedService other, UnitSetting setting, string word) =>
        new(other.Original, setting.Place, $"{setting.Key}={word}");

    // Adds notes for PartOf= and Conflicts=.
    private void AddWeak(Unit unit, ImportedService service, Specifiers specifiers)
    {
        foreach ((string word, UnitSetting setting) in unit.WordsOf("Unit", "PartOf"))
        {
            string name = Target(specifiers, word) ?? word;
            if (!service.Binds.Exists(one => one.Target == name) && !service.Needs.Exists(one => one.Target == name)
                && !_targets.Contains(name))
            {
                service.Not(setting.Place, $"PartOf={word}", "it is not stopped and restarted with that: see binds");
            }
        }

        foreach ((string word, UnitSetting setting) in unit.WordsOf("Unit", "Conflicts"))
        {
            string name = specifiers.Expand(word, static _ => { });
            if (!_targets.Contains(name))
            {
                service.Not(setting.Place, $"Conflicts={word}", "both can run: stop one of them by hand");
            }
        }
    }

    // Services that want or need it, declared by WantedBy= and RequiredBy=.
    private void AddInstall(Unit unit, ImportedService service)
    {
        foreach (string key in (string[])["WantedBy", "RequiredBy"])
        {
            foreach ((string word, UnitSetting setting) in unit.WordsOf("Install", key))
            {
                if (services.TryGetValue(word, out ImportedService? other) && other != service)
                {
                    List<Dependency> list = key == "WantedBy" ? other.Wants : other.Needs;
                    list.Add(new Dependency(service.Original, setting.Place, $"{key}={word}") { IsOrdered = false });
                }
            }
        }
    }

    private void Follow(
        ImportedService service, string name, UnitSetting setting, Action<ImportedService> whenThere)
    {
        if (Find(name) is { } other)
        {
            if (other != service)
            {
                whenThere(other);
            }
        }
        else if (!_targets.Contains(name) && !(setting.Key is "After" or "Before" && !IsService(name)))
        {
            service.Not(setting.Place, $"{setting.Key}={name}", "it is not imported");
        }
    }

    private static bool IsService(string name) => name.EndsWith(".service", StringComparison.Ordinal);

    private string? Target(Specifiers specifiers, string word) =>
        Find(specifiers.Expand(word, static _ => { }))?.Original;

    // A socket or a timer stands for its service.
    private ImportedService? Find(string name)
    {
        string unit = set.Aliases.GetValueOrDefault(name, name);
        return services.GetValueOrDefault(unit)
            ?? (Path.GetExtension(unit) is ".socket" or ".timer"
                ? services.GetValueOrDefault(Path.ChangeExtension(unit, ".service"))
                : null);
    }
}
