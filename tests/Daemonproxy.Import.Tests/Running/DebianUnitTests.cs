using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.EndToEnd.Harness;
using Daemonproxy.Import.Tests.Harness;
using Xunit;

namespace Daemonproxy.Import.Tests.Running;

/// <summary>
/// Units that Debian's packages have installed are imported, and their daemons run until they are ready. Each has a
/// network and a /run of its own, so that they do not meet.
/// </summary>
public sealed class DebianUnitTests
{
    private const string Units = "/usr/lib/systemd/system";

    [Theory]
    [ProgramData("/usr/sbin/nginx", "nginx")]
    [ProgramData("/usr/bin/redis-server", "redis-server")]
    [ProgramData("/usr/sbin/haproxy", "haproxy")]
    [ProgramData("/usr/sbin/unbound", "unbound")]
    [ProgramData("/usr/sbin/knotd", "knot")]
    [ProgramData("/usr/sbin/mosquitto", "mosquitto")]
    [ProgramData("/usr/sbin/lighttpd", "lighttpd")]
    [ProgramData("/usr/sbin/nsd", "nsd")]
    [ProgramData("/usr/sbin/named", "named")]
    [ProgramData("/usr/sbin/sshd", "ssh")]
    [ProgramData("/usr/sbin/php-fpm8.2", "php8.2-fpm")]
    [ProgramData("/usr/bin/etcd", "etcd")]
    [ProgramData("/usr/bin/transmission-daemon", "transmission-daemon")]
    public async Task ADaemonRunsUntilItIsReady(string program, string unit)
    {
        Assert.True(File.Exists(program));
        await using var machine = new Machine();
        ImportResult result = Samples.Import("systemd", $"{Units}/{unit}.service");
        await machine.ManageAsync(ForThisMachine(result.Text), isAlone: true);
        await machine.UntilReadyAsync(unit);
    }

    [ProgramFact("/usr/bin/dbus-daemon")]
    public async Task AClientOfItsSocketStartsTheBus()
    {
        await using var machine = new Machine();
        ImportResult result = Samples.Import("systemd", $"{Units}/dbus.service");
        string socket = Path.Combine(machine.Folder, "bus");
        await machine.ManageAsync(ForThisMachine(result.Text).Replace(
            "unix:/run/dbus/system_bus_socket", $"unix:{socket}", StringComparison.Ordinal), isAlone: true);
        await machine.UntilAsync("dbus", static info => info.AutoUpTriggers.Count > 0);
        using var send = System.Diagnostics.Process.Start(
            "dbus-send",
            [
                $"--bus=unix:path={socket}", "--print-reply=literal", "--reply-timeout=30000",
                "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetId",
            ]);
        await send.WaitForExitAsync();
        Assert.Equal(0, send.ExitCode);
        await machine.UntilAsync("dbus", static info => info.ReadySince is not null);
    }

    [Fact]
    public void AllUnitsOfTheMachineAreImported()
    {
        if (Directory.Exists(Units))
        {
            Samples.Import("systemd", Units);
        }
    }

    // What a container does not have: limits above its own, a lower oom_score_adj, and the socket of syslog.
    private static string ForThisMachine(string text)
    {
        string[] limits = File.ReadAllLines("/proc/self/limits");
        long most = long.Parse(
            limits.First(static line => line.StartsWith("Max open files", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[4],
            System.Globalization.CultureInfo.InvariantCulture);
        return string.Join('\n', text.Split('\n')
            .Select(line => line.StartsWith("limits = ", StringComparison.Ordinal) ? $"limits = {{ nofile = {most} }}"
                : line.StartsWith("oom = -", StringComparison.Ordinal) ? ""
                : line.StartsWith("mounts = [\"bind=/dev/log", StringComparison.Ordinal) && !Path.Exists("/dev/log")
                    ? ""
                    : line));
    }
}
