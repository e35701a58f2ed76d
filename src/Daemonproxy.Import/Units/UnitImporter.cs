using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Reading;

namespace Daemonproxy.Import.Units;

/// <summary>
/// Imports units of systemd: one, with the sockets and timers that belong to it, or all of a directory.
/// </summary>
internal sealed class UnitImporter
{
    private static readonly string[] _naming = ["Requires", "Wants", "BindsTo", "After"];
    private static readonly string[] _installing = ["WantedBy", "RequiredBy", "UpheldBy"];

    private readonly UnitFolder _folder;
    private readonly ImportedSet _set;
    private readonly bool _isWhole;
    private readonly OrderedDictionary<string, Unit> _services = [];
    private readonly List<Unit> _sockets = [];
    private readonly List<Unit> _timers = [];
    private readonly Dictionary<string, ImportedService> _imported = new(StringComparer.Ordinal);
    private readonly HashSet<string> _descriptors = new(StringComparer.Ordinal);

    private UnitImporter(UnitFolder folder, ImportedSet set, bool isWhole)
    {
        _folder = folder;
        _set = set;
        _isWhole = isWhole;
    }

    public static ImportedSet Import(string path)
    {
        bool isWhole = FileKinds.Of(path) == FileKind.Directory;
        string folder = isWhole ? path : Path.GetDirectoryName(path) is { Length: > 0 } above ? above : ".";
        var importer = new UnitImporter(new UnitFolder(folder), new ImportedSet(path, ""), isWhole);
        if (isWhole)
        {
            importer.LoadAll();
        }
        else
        {
            importer.LoadOne(path);
        }

        ImportedSet set = isWhole ? importer._set : importer.WithMain();
        importer.Convert(set);
        return set;
    }

    // The lines of the unit itself are shown without its name.
    private ImportedSet WithMain()
    {
        Unit first = _services.Count > 0 ? _services.GetAt(0).Value : _sockets.Concat(_timers).First();
        var set = new ImportedSet(_set.Path, first.Path);
        set.Notes.AddRange(_set.Notes);
        return set;
    }

    private void LoadAll()
    {
        HashSet<string> linked = _folder.Linked();
        bool isLocal = Path.GetFullPath(_folder.Path).TrimEnd('/').EndsWith(
            "/etc/systemd/system", StringComparison.Ordinal);
        foreach (string name in _folder.Names().Concat(linked.Order(StringComparer.Ordinal)).Distinct())
        {
            var unit = UnitName.Parse(name);
            if (unit.Suffix is not ("service" or "socket" or "timer"))
            {
                if (unit.Suffix is "path" or "mount" or "automount" or "swap")
                {
                    _set.Not(new SourcePlace("", 0), name, "only services, sockets and timers are imported");
                }
            }
            else if (_folder.IsMasked(name))
            {
                _set.Not(new SourcePlace("", 0), name, "it is masked");
            }
            else if (_folder.AliasOf(name) is { } alias)
            {
                _set.Aliases[name] = alias;
            }
            else
            {
                Load(name, linked, isLocal);
            }
        }

        if (_services.Count + _sockets.Count + _timers.Count == 0)
        {
            throw new ImportException(_folder.Path, "there are no units in it");
        }
    }

    private void Load(string name, HashSet<string> linked, bool isLocal)
    {
        if (_folder.Load(name) is not { } unit)
        {
            return;
        }

        if (unit.Name.IsTemplate)
        {
            // A template is imported by its instances.
            if (!linked.Any(one => UnitName.Parse(one).Template == name))
            {
                _set.Not(new SourcePlace("", 0), name, "a template: import an instance, such as "
                    + $"{unit.Name.Prefix}@NAME.{unit.Name.Suffix}");
            }

            return;
        }

        unit.IsLinked = linked.Contains(name) || (!isLocal && IsInstalled(unit));
        Add(unit);
    }

    private void Add(Unit unit)
    {
        switch (unit.Name.Suffix)
        {
            case "service" when unit.Settings.Exists(static one => one.Section == "Service"):
                _services.TryAdd(unit.Name.Text, unit);
                break;
            case "service" when _isWhole:
                _set.Not(new SourcePlace("", 0), unit.Name.Text, "there is no [Service] in it");
                break;
            case "service":
                throw new ImportException(unit.Path, "there is no [Service] in it");
            case "socket":
                _sockets.Add(unit);
                break;
            default:
                _timers.Add(unit);
                break;
        }
    }

    private void LoadOne(string path)
    {
        var name = UnitName.Parse(Path.GetFileName(path));
        if (name.Suffix is not ("service" or "socket" or "timer"))
        {
            throw NoUnit(path);
        }

        if (name.IsTemplate)
        {
            throw new ImportException(path, $"a template: name an instance, such as {name.Prefix}@NAME.{name.Suffix}");
        }

        Unit unit = LoadNamed(path, name.Text);
        unit.IsLinked = true;
        Add(unit);
        string service = name.Suffix switch
        {
            "socket" => SocketUnit.ServiceOf(unit),
            "timer" => TimerUnit.ServiceOf(unit),
            _ => unit.Name.Text,
        };
        if (name.Suffix != "service" && !(name.Suffix == "socket" && SocketUnit.IsAccepting(unit)))
        {
            Add(_folder.Load(service) ?? throw new ImportException(path, $"its service {service} is not beside it"));
            _services.GetAt(0).Value.IsLinked = IsInstalled(_services.GetAt(0).Value) && name.Suffix == "socket";
        }

        if (name.Suffix == "service")
        {
            LoadBeside(unit);
        }
    }

    private Unit LoadNamed(string path, string name) =>
        _folder.Load(name) ?? throw NoUnit(path);

    private static ImportException NoUnit(string path) => new(path, FileKinds.Of(path) == FileKind.Missing
        ? "No such file or directory"
        : "its name must end in .service, .socket or .timer");

    // The sockets that a service names, and a timer that starts it.
    private void LoadBeside(Unit unit)
    {
        IEnumerable<string> named = _naming
            .SelectMany(key => unit.WordsOf("Unit", key))
            .Concat(unit.WordsOf("Service", "Sockets")).Concat(unit.WordsOf("Install", "Also"))
            .Select(static one => one.Word).Where(static word => word.EndsWith(".socket", StringComparison.Ordinal));
        foreach (string name in named.Distinct())
        {
            if (_folder.Load(name) is { } socket
                && (SocketUnit.ServiceOf(socket) == unit.Name.Text || IsNamed(unit, name)))
            {
                Add(socket);
                unit.IsLinked = IsInstalled(unit);
            }
        }

        if (!IsInstalled(unit) && _folder.Load($"{unit.Name.Base}.timer") is { } timer
            && TimerUnit.ServiceOf(timer) == unit.Name.Text)
        {
            timer.IsLinked = true;
            Add(timer);
        }
    }

    private static bool IsNamed(Unit unit, string socket) =>
        unit.WordsOf("Service", "Sockets").Any(one => one.Word == socket);

    // True if a target of the machine wants it when it is enabled.
    private static bool IsInstalled(Unit unit) => _installing
        .SelectMany(key => unit.WordsOf("Install", key))
        .Any(static one => one.Word.EndsWith(".target", StringComparison.Ordinal));

    private void Convert(ImportedSet set)
    {
        foreach (Unit unit in _services.Values)
        {
            (ImportedService service, ImportedService? preparation) = ServiceConverter.Convert(unit);
            service.IsDisabled = !unit.IsLinked;
            _imported.Add(unit.Name.Text, service);
            if (preparation is not null)
            {
                set.Services.Add(preparation);
            }

            set.Services.Add(service);
            foreach ((string alias, _) in unit.WordsOf("Install", "Alias"))
            {
                set.Aliases.TryAdd(alias, unit.Name.Text);
            }
        }

        _sockets.ForEach(socket => AddSocket(socket, set));
        _timers.ForEach(timer => AddTimer(timer, set));
        var order = new UnitOrder(set, _imported);
        foreach (Unit unit in _services.Values)
        {
            order.Add(unit, _imported[unit.Name.Text]);
        }
    }

    private void AddSocket(Unit socket, ImportedSet set)
    {
        string name = _services.Values.FirstOrDefault(unit => IsNamed(unit, socket.Name.Text))?.Name.Text
            ?? SocketUnit.ServiceOf(socket);
        if (_imported.GetValueOrDefault(set.Aliases.GetValueOrDefault(name, name)) is not { } service)
        {
            if (SocketUnit.IsAccepting(socket))
            {
                set.Not(socket.Place, $"{socket.Name.Text}: Accept=yes", "a process for each client is not made: have "
                    + "the program listen itself");
            }
            else
            {
                set.Not(socket.Place, socket.Name.Text, $"its service {name} is not imported");
            }

            return;
        }

        if (SocketUnit.IsAccepting(socket) && service.Command.Count > 0 && !socket.IsLinked)
        {
            service.Not(socket.Place, $"{socket.Name.Text}: Accept=yes", "it is another way to start the same program");
            return;
        }

        SocketUnit.Add(socket, service, _descriptors);
        Unit unit = _services[service.Original];
        if (unit.IsLinked || service.Listeners.Count == 0)
        {
            return;
        }

        service.IsDisabled = _isWhole && !socket.IsLinked;
        if (service.Pre.Exists(static command => command.User.Length > 0))
        {
            service.Not(socket.Place, socket.Name.Text, "a client cannot start it, since commands of another user run "
                + "before: it is started with the others");
        }
        else
        {
            service.StartsOnDemand = true;
        }
    }

    private void AddTimer(Unit timer, ImportedSet set)
    {
        string name = TimerUnit.ServiceOf(timer);
        if (_imported.GetValueOrDefault(set.Aliases.GetValueOrDefault(name, name)) is { } service)
        {
            service.IsDisabled = _isWhole && !timer.IsLinked;
            TimerUnit.Add(timer, service);
        }
        else
        {
            set.Not(timer.Place, timer.Name.Text, $"its service {name} is not imported");
        }
    }
}
