using System.IO;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Children;

/// <summary>Services start in the directory of the daemon, which chdir changes.</summary>
public class DirectoryTests
{
    [Fact]
    public void ServicesStartWhereChdirLeads()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string folder = Path.GetFullPath(scratch["."]).TrimEnd('/');
        string place = scratch.Script("place", "pwd -P > found");
        Assert.Empty(daemon.Ask($"chdir⇥{folder}"));
        daemon.Send($"service.args⇥a⇥{place}", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        Assert.Equal(folder, File.ReadAllText(scratch["found"]).TrimEnd());
        Assert.Equal(
            ["error⇥chdir failed: Not a directory, for command \"chdir⇥/dev/null\""], daemon.Ask("chdir⇥/dev/null"));
    }
}
