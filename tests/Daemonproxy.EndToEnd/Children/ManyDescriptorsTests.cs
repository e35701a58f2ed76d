using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Children;

/// <summary>Descriptors whose numbers select(2) could not watch are as good as any.</summary>
public class ManyDescriptorsTests
{
    private const int FirstHigh = 1024;
    private const int Pipes = 600;

    [Fact]
    public void ControllersServicesAndTheLogUseThoseAbove1023()
    {
        using Scratch scratch = new();
        Launch launch = new Launch(Binary.Path, "-i", "-S", scratch["socket"]).After("ulimit -n 4096");
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Ask([.. Enumerable.Range(0, Pipes).Select(n => $"fd.pipe⇥r{n}⇥w{n}")]);
        int[] before = [.. Proc.Descriptors(daemon.Pid).Keys];
        Assert.InRange(before.Max(), FirstHigh, int.MaxValue);

        using Connection connection = Connection.To(scratch["socket"]);
        Assert.Equal(["hello"], connection.Ask("echo⇥hello"));
        Assert.All(Proc.Descriptors(daemon.Pid).Keys.Except(before), fd => Assert.InRange(fd, FirstHigh, 4096));

        string last = $"{Pipes - 1}";
        connection.Send(
            $"fd.open⇥file⇥write,create⇥{scratch["file"]}", "service.args⇥cat⇥/bin/cat", $"log.dest⇥fd⇥w{last}",
            $"service.fds⇥cat⇥r{last}⇥file⇥null", "service.start⇥cat", "no.such.command");
        Patience.Until(
            () => File.Exists(scratch["file"]) && File.ReadAllText(scratch["file"])
                == "error: controller[1] sent unknown command no.such.command\n",
            "the log comes through");

        connection.Send("service.args⇥a⇥/bin/sleep⇥1000", $"service.fds⇥a⇥control.event⇥w{last}⇥file");
        connection.Send("service.start⇥a");
        int service = connection.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");
        Assert.Equal([0, 1, 2], Proc.Descriptors(service).Keys);
        daemon.Signal(SIGSEGV);
        connection.Await("overflow");
        Assert.Equal(2 * Pipes, connection.Dump().Count(IsPipe));
        Assert.Equal(["hello"], connection.Ask("echo⇥hello"));
    }

    [Fact]
    public void InheritedDescriptorsAreShownWithTheirKinds()
    {
        using Scratch scratch = new();
        Launch launch = new(Binary.Path, "-i");
        (Fd reader, Fd writer) = Fd.Pipe();
        (Fd one, Fd other) = UnixSocket.Pair();
        using Fd listener = UnixSocket.Bind(scratch["socket"], listens: true);
        launch.Descriptors[3] = reader;
        launch.Descriptors[40] = writer;
        launch.Descriptors[500] = one;
        launch.Descriptors[2000] = listener;
        using Daemon daemon = Daemon.Interactive(launch);
        string[] dump = daemon.Dump();
        Assert.Equal(
            [
                "fd.state⇥fd_2000⇥socket⇥unix,stream⇥unknown",
                "fd.state⇥fd_3⇥file⇥read⇥unknown",
                "fd.state⇥fd_40⇥file⇥write⇥unknown",
                "fd.state⇥fd_500⇥socket⇥unix,stream⇥unknown",
            ],
            dump.Where(line => line.StartsWith("fd.state⇥fd_", StringComparison.Ordinal)));
        daemon.Send("service.fds⇥a⇥null⇥fd_40⇥null", "service.args⇥a⇥/bin/echo⇥hello", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        writer.Dispose();
        daemon.Send("fd.delete⇥fd_40");
        using LineStream told = new(reader, "the pipe");
        Assert.Equal(["hello"], told.AwaitEnd());
        one.Dispose();
        other.Dispose();
    }

    private static bool IsPipe(string line) =>
        line.StartsWith("fd.state⇥", StringComparison.Ordinal) && line.Contains("⇥pipe⇥", StringComparison.Ordinal);
}
