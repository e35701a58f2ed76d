using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Import.Model;

namespace Daemonproxy.Import.Units;

/// <summary>Converts a socket unit to listeners, systemd.socket(5).</summary>
internal static class SocketUnit
{
    private const string Section = "Socket";
    private const int LongestName = 28;

    private static readonly Dictionary<string, string> _reasons = new(System.StringComparer.Ordinal)
    {
        ["ListenFIFO"] = "the manager's file has no fifos",
        ["ListenSpecial"] = "the manager's file has no such descriptors",
        ["ListenNetlink"] = "the manager's file has no such descriptors",
        ["ListenMessageQueue"] = "the manager's file has no such descriptors",
        ["ExecStartPre"] = "no command runs before a listener is made",
        ["ExecStartPost"] = "no command runs behind a listener",
        ["ExecStopPre"] = "no command runs before a listener is closed",
        ["ExecStopPost"] = "no command runs behind a listener",
        ["Symlinks"] = "no link to it is made",
        ["MaxConnections"] = "it is for Accept=yes",
        ["DirectoryMode"] = "its directory is made with the daemon's usual mode",
    };

    private static readonly HashSet<string> _elsewhere =
        ["Service", "Accept", "SocketMode", "SocketUser", "SocketGroup", "Backlog", "FileDescriptorName",
            "RemoveOnStop", "NonBlocking"];

    /// <summary>The name of the service of a socket.</summary>
    public static string ServiceOf(Unit unit) => unit.Find(Section, "Service")?.Value
        ?? (IsAccepting(unit) ? $"{unit.Name.Prefix}@.service" : $"{unit.Name.Base}.service");

    /// <summary>Returns true if it starts a process for each client.</summary>
    public static bool IsAccepting(Unit unit) =>
        UnitValue.Flag(unit.Find(Section, "Accept")?.Value ?? "") == true;

    /// <summary>Adds its listeners to a service.</summary>
    public static void Add(Unit unit, ImportedService service, HashSet<string> names)
    {
        var specifiers = new Specifiers(unit);
        string name = unit.Find(Section, "FileDescriptorName")?.Value ?? unit.Name.Text;
        if (IsAccepting(unit))
        {
            UnitSetting accept = unit.Find(Section, "Accept")!;
            service.Refuse(
                accept.Place,
                "Accept=yes",
                "a process for each client is not made: have the program listen itself, or use a super-server");
            return;
        }

        foreach (UnitSetting setting in unit.Settings.Where(
            static one => one is { Section: Section, Value.Length: > 0 }))
        {
            string? kind = setting.Key switch
            {
                "ListenStream" => "stream",
                "ListenDatagram" => "dgram",
                "ListenSequentialPacket" => "seqpacket",
                _ => null,
            };
            string value = specifiers.Expand(setting.Value, static _ => { });
            if (kind is not null && Address(kind, value) is { } address)
            {
                service.Listeners.Add(Listener(unit, specifiers, NameFor(name, names), address));
            }
            else if (kind is not null || !_elsewhere.Contains(setting.Key))
            {
                service.Not(setting.Place, setting.Text, kind is not null
                    ? "it is not an address that can be listened on here"
                    : _reasons.GetValueOrDefault(setting.Key, "the manager's file has no key for it"));
            }
        }
    }

    private static ImportedListener Listener(Unit unit, Specifiers specifiers, string name, string address)
    {
        bool isUnix = address.StartsWith("unix", System.StringComparison.Ordinal)
            && !address.Contains(":@", System.StringComparison.Ordinal);
        bool isDatagram = address.StartsWith("udp", System.StringComparison.Ordinal)
            || address.StartsWith("unix-dgram", System.StringComparison.Ordinal);
        string user = Value("SocketUser");
        string group = Value("SocketGroup");
        _ = int.TryParse(Value("Backlog"), CultureInfo.InvariantCulture, out int backlog);
        return new ImportedListener(name, address)
        {
            Mode = isUnix ? Value("SocketMode") is { Length: > 0 } mode ? mode : "0666" : "",
            Owner = isUnix && user.Length + group.Length > 0 ? $"{user}:{group}".TrimEnd(':') : "",
            Backlog = backlog is > 0 and <= 65535 && !isDatagram ? backlog : 0,
            IsNonblocking = UnitValue.Flag(Value("NonBlocking")) == true,
        };

        string Value(string key) => specifiers.Expand(unit.Find(Section, key)?.Value ?? "", static _ => { });
    }

    // Listeners of one socket share a name in systemd; here names are unique.
    private static string NameFor(string wanted, HashSet<string> names)
    {
        string clean = ServiceNames.Clean(wanted);
        clean = clean.Length > LongestName ? clean[..LongestName] : clean;
        clean = FdName.TryParse(clean, out _) ? clean : "socket";
        string name = clean;
        for (int number = 2; !names.Add(name); number++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{clean}.{number}");
        }

        return name;
    }

    private static string? Address(string kind, string value)
    {
        string unix = kind == "stream" ? "unix" : $"unix-{kind}";
        if (value.StartsWith('/') || value.StartsWith('@'))
        {
            return $"{unix}:{value}";
        }

        string? inet = kind switch
        {
            "stream" => "tcp",
            "dgram" => "udp",
            _ => null,
        };
        string port = value[(value.LastIndexOf(':') + 1)..];
        if (inet is null || !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            || value.StartsWith("vsock:", System.StringComparison.Ordinal))
        {
            return null;
        }

        // A port alone means all addresses of both IP versions.
        return value == port ? $"{inet}:[::]:{port}" : $"{inet}:{value}";
    }
}
