using System;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Children;

/// <summary>A terminal that is opened becomes nobody's controlling terminal, open(2).</summary>
public class TerminalTests
{
    [StraceFact]
    public void OpeningOneNeverAsksForControl()
    {
        using Scratch scratch = new();
        using Daemon daemon = Trace.Start(scratch, "openat,open", out Trace trace);
        Assert.Equal(["fd.state⇥t⇥file⇥read,write⇥/dev/ptmx"], daemon.Ask("fd.open⇥t⇥read,write⇥/dev/ptmx"));
        (double Time, string Call) call = Assert.Single(trace.Await(1, "openat(AT_FDCWD, \"/dev/ptmx\""));
        Assert.Contains("O_NOCTTY", call.Call, StringComparison.Ordinal);
    }
}
