using System;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Examples;

/// <summary>The example with one service for each setting.</summary>
public class SettingsExampleTests
{
    [RootFact]
    public void EachServiceShowsItsSetting()
    {
        using Scratch scratch = new();
        Launch launch = new(Binary.Path, "-i", "-c", "settings.conf")
        {
            Directory = ExampleFolder.Copy("settings", scratch["."]),
        };
        using Daemon daemon = Daemon.Start(launch);
        string[] shown =
        [
            "env: GREETING=hello, HOME is not set",
            "dir: /usr",
            "limits: 64 open files, 128 at most",
            "process: umask 0027, nice 5, session ",
            "listen: 1 socket, web.http, for process ",
            "notify: said READY=1, a watchdog waits 5000000 us",
            "user: nobody in /nonexistent, capabilities 0000000000000400",
            "root: ",
            "mounts: 0 files in /tmp, ",
            .. (string[])(ControlGroup.Mount is null ? [] : ["cgroup: 0::/"]),
        ];
        foreach (string start in shown)
        {
            // The services run beside each other.
            Patience.Until(
                () => daemon.Log.All.Contains(start, StringComparison.Ordinal), start, () => daemon.Log.All);
        }
    }
}
