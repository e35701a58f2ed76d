using System.IO;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.EndToEnd.Harness;
using Daemonproxy.Import.Tests.Harness;
using Xunit;

namespace Daemonproxy.Import.Tests.Running;

/// <summary>
/// The programs of service directories run as they are, and those beside them are called as their manuals say.
/// </summary>
public sealed class RunDirectoryTests
{
    [ProgramFact("/usr/bin/svlogd")]
    public async Task AServiceOfRunitRunsWithItsLoggerItsCheckAndItsFinish()
    {
        await using var machine = new Machine();
        string site = machine.Copy("runit/site");
        await machine.ManageAsync(Samples.Import("runit", site).Text);
        await machine.UntilReadyAsync("web");
        await machine.FileAsync("site/web/checked", $"check in {site}/web\n");
        await machine.FileAsync("site/web/log/main/current", $"web runs in {site}/web\n");

        // By a signal: -1 and its number. Stopped by SIGTERM: the same with 15.
        ServiceInfo web = await machine.UntilUpAsync("web");
        await machine.RunAsync("signal", "web", "KILL");
        await machine.UntilAsync("web", info => info.Phase == ServicePhase.Up && info.Pid != web.Pid);
        await machine.UntilReadyAsync("web");
        await machine.FileAsync("site/web/finished", "finish -1 9\n");
        await machine.RunAsync("stop", "web");
        await machine.FileAsync("site/web/finished", "finish -1 15\n");
        await machine.UntilAsync("worker", static info => info.Phase == ServicePhase.Never);
    }

    [ProgramFact("/usr/bin/s6-log")]
    public async Task AServiceOfS6TellsThatItIsReadyAndHasItsFinish()
    {
        await using var machine = new Machine();
        string services = machine.Copy("s6/services");
        await machine.ManageAsync(Samples.Import("s6", services).Text);
        ServiceInfo db = await machine.UntilAsync("db", static info => info.ReadySince is not null);
        await machine.RunAsync("signal", "db", "USR1");
        await machine.FileAsync("services/db/finished", $"finish 256 10 db {db.Pid}\n");
        db = await machine.UntilAsync("db", info => info.ReadySince is not null && info.Pid != db.Pid);

        // down-signal.
        await machine.RunAsync("stop", "db");
        await machine.FileAsync("services/db/finished", $"finish 256 2 db {db.Pid}\n");
    }

    [ProgramFact("/usr/bin/execlineb")]
    public async Task ADefinitionOfS6RcStartsWhatItDependsOn()
    {
        await using var machine = new Machine();
        string source = machine.Copy("s6/source");
        await File.WriteAllTextAsync(Path.Combine(source, "setup", "up"), $"redirfd -w 1 {source}/made\necho made\n");
        await machine.ManageAsync(Samples.Import("s6", source).Text);
        await machine.UntilUpAsync("web");
        await machine.FileAsync("source/made", "made\n");
        await machine.UntilUpAsync("app-log");
    }

    [ProgramFact("/usr/bin/multilog")]
    public async Task AServiceOfDaemontoolsWritesToMultilog()
    {
        await using var machine = new Machine();
        string services = machine.Copy("daemontools/service");
        Directory.CreateDirectory(Path.Combine(services, "tick", "log", "main"));
        using (var owner = System.Diagnostics.Process.Start("chown", ["nobody", $"{services}/tick/log/main"]))
        {
            await owner.WaitForExitAsync();
        }

        using (var mode = System.Diagnostics.Process.Start("chmod", ["a+x", machine.Folder]))
        {
            await mode.WaitForExitAsync();
        }

        await machine.ManageAsync(Samples.Import("daemontools", services).Text);
        await machine.FileAsync("service/tick/log/main/current", " tick\n");
        await machine.UntilAsync("idle", static info => info.Phase == ServicePhase.Never);
    }
}
