using System.Text;
using Xunit;
using Xunit.Abstractions;

namespace Daemonproxy.Tests.Simulation;

public sealed class SmokeTests(ITestOutputHelper output)
{
    [Fact]
    public void Echo()
    {
        using SimWorld world = new();
        world.Start("-i");
        world.Session.Send("echo\thello\nstatedump\n"u8);
        world.Settle();
        output.WriteLine(world.Session.TakeReceived());
        output.WriteLine(world.LogReader.TakeReceived());
    }
}
