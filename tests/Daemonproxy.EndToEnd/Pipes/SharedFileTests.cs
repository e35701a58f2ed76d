using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Pipes;

/// <summary>
/// Files that the daemon shares with other processes and leaves blocking for them (its log, the ends of a session)
/// hold up no controller, whoever fills them, empties them or does not read them.
/// </summary>
public class SharedFileTests
{
    private const int Rounds = 600;

    // The terminal cannot be opened a second time where there is no /proc.
    private const string WithoutProc = "mount -t tmpfs none /proc";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ATerminalThatNobodyReadsHoldsUpNobody(bool isSession)
    {
        using Scratch scratch = new();
        Launch launch = new([Binary.Path, "-S", scratch["socket"], .. isSession ? (string[])["-i"] : []]);
        AskWhileATerminalIsFull(scratch, launch, isSession);
    }

    [PidNamespaceFact]
    public void ATerminalThatIsNotOpenedASecondTimeHoldsUpNobody()
    {
        foreach (bool isSession in (bool[])[false, true])
        {
            using Scratch scratch = new();
            Launch launch = new([Binary.Path, "-S", scratch["socket"], .. isSession ? (string[])["-i"] : []]);
            launch.After(WithoutProc).Under("/usr/bin/unshare", "--mount");
            AskWhileATerminalIsFull(scratch, launch, isSession);
        }
    }

    [Fact]
    public void ATerminalGetsEveryLineOfASessionInOrder()
    {
        const int Lines = 2000;
        (Fd master, Fd terminal) = Fd.Pseudoterminal();
        using LineStream shown = new(master, "the terminal");
        Launch launch = new(Binary.Path, "-i");
        launch.Descriptors[1] = terminal;
        using Daemon daemon = Daemon.Start(launch);
        terminal.Dispose();
        daemon.Send([.. Enumerable.Range(0, Lines).Select(n => $"echo⇥line {n}")]);
        string[] lines = shown.AwaitAll(line => line == $"line {Lines - 1}\r", "the last line");
        string[] expected = [.. Enumerable.Range(0, Lines).Select(n => $"line {n}\r")];
        Assert.Equal(expected, lines.Where(line => line.StartsWith("line", StringComparison.Ordinal)));
    }

    [Fact]
    public void AnotherReaderOfTheInputHoldsUpNobody()
    {
        using Scratch scratch = new();
        (Fd reader, Fd writer) = Fd.Pipe();
        Launch launch = new(Binary.Path, "-i", "-S", scratch["socket"]);
        launch.Descriptors[0] = reader;
        using Daemon daemon = Daemon.Start(launch);
        using Connection other = Connection.To(scratch["socket"]);
        using ChildProcess thief = Thief(reader);
        for (int round = 0; round < Rounds; round++)
        {
            for (int line = 0; line < 100; line++)
            {
                writer.TryWrite("\n"u8);
            }

            other.Sync();
        }

        Assert.Equal(0, fcntl(reader.Number, F_GETFL, 0) & O_NONBLOCK);
        reader.Dispose();
        writer.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnotherWriterOfThePipeHoldsUpNobody(bool isSession)
    {
        using Scratch scratch = new();
        (Fd reader, Fd writer) = Fd.Pipe();
        Launch launch = new([Binary.Path, "-S", scratch["socket"], .. isSession ? (string[])["-i"] : []]);
        launch.Descriptors[isSession ? 1 : 2] = writer;
        using Daemon daemon = Daemon.Start(launch);
        Launch filler = new("/usr/bin/yes");
        filler.Descriptors[1] = writer;
        using ChildProcess yes = filler.Start();
        Launch drain = new("/bin/cat");
        drain.Descriptors[0] = reader;
        drain.Descriptors[1] = new Fd(open("/dev/null"));
        using ChildProcess cat = drain.Start();
        using Connection other = Connection.To(scratch["socket"]);
        for (int round = 0; round < Rounds; round++)
        {
            other.Ask(isSession ? $"service.tags⇥x⇥{round}" : $"no.{round}");
        }

        Assert.Equal(0, fcntl(writer.Number, F_GETFL, 0) & O_NONBLOCK);
        writer.Dispose();
        reader.Dispose();
    }

    [Fact]
    public void AConfigThatIsAFifoIsReadAsItComes()
    {
        using Scratch scratch = new();
        string fifo = scratch["fifo"];
        using Daemon daemon = Daemon.Start(
            new Launch(Binary.Path, "-c", fifo, "-S", scratch["socket"]).After($"mkfifo {fifo}"));
        using Connection controller = Connection.To(scratch["socket"]);
        using (FileStream writer = new(fifo, FileMode.Open, FileAccess.Write))
        {
            writer.Write("service.tags\ta\tfirst\n"u8);
            writer.Flush();
            controller.Await("service.tags⇥a⇥first");
            writer.Write("service.tags\ta\tsecond"u8);
        }

        controller.Await("service.tags⇥a⇥second");
        daemon.Log.Await("warning: Command ends with EOF... processing anyway");
    }

    private static void AskWhileATerminalIsFull(Scratch scratch, Launch launch, bool isSession)
    {
        (Fd master, Fd terminal) = Fd.Pseudoterminal();
        launch.Descriptors[isSession ? 1 : 2] = terminal;
        using Daemon daemon = Daemon.Start(launch);
        using Connection other = Connection.To(scratch["socket"]);
        for (int round = 0; round < Rounds; round++)
        {
            string filling = new('y', 40 + (round % 97));
            other.Ask(isSession ? $"service.tags⇥x⇥{filling}" : $"no.{filling}");
        }

        Assert.Equal(0, fcntl(terminal.Number, F_GETFL, 0) & O_NONBLOCK);
        terminal.Dispose();
        master.Dispose();
    }

    // Takes from the pipe what comes, as fast as the daemon is told of it.
    private static ChildProcess Thief(Fd pipe)
    {
        Launch launch = new("/bin/cat");
        launch.Descriptors[0] = pipe;
        launch.Descriptors[1] = new Fd(open("/dev/null"));
        return launch.Start();
    }

    private static unsafe int open(string path)
    {
        fixed (byte* bytes = Text.Bytes(path + "\0"))
        {
            return Tmds.Linux.LibC.open(bytes, O_RDWR | O_CLOEXEC);
        }
    }
}
