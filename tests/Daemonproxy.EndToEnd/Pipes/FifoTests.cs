using System.IO;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Pipes;

/// <summary>Opening a fifo waits for nobody, fifo(7): that would hold up everybody else.</summary>
public class FifoTests
{
    [Fact]
    public void AFifoThatNobodyReadsIsRefusedAndOneThatNobodyWritesIsOpen()
    {
        using Scratch scratch = new();
        string fifo = scratch["fifo"];
        using Daemon daemon = Daemon.Interactive(new Launch(Binary.Path, "-i").After($"mkfifo {fifo}"));
        string line = $"fd.open⇥w⇥write⇥{fifo}";
        Assert.Equal(
            [$"error⇥open failed: No such device or address, for command \"{line[..30]}...\""], daemon.Ask(line));
        Assert.Equal([$"fd.state⇥r⇥file⇥read⇥{fifo}"], daemon.Ask($"fd.open⇥r⇥read⇥{fifo}"));
        Assert.Equal([$"fd.state⇥w⇥file⇥write,append⇥{fifo}"], daemon.Ask($"fd.open⇥w⇥write,append⇥{fifo}"));
        daemon.Ask($"fd.open⇥n⇥write,nonblock⇥{fifo}", $"fd.open⇥f⇥write,create,append⇥{scratch["file"]}");

        // Only what was asked for is left of the flags, in octal: O_APPEND, O_NONBLOCK.
        Assert.EndsWith("02001", FlagsOf(daemon, fifo, "02001"));
        Assert.EndsWith("04001", FlagsOf(daemon, fifo, "04001"));
        Assert.EndsWith("00000", FlagsOf(daemon, fifo, "00000"));
        Assert.EndsWith("02001", FlagsOf(daemon, scratch["file"], "02001"));
        daemon.Send("service.args⇥cat⇥/bin/cat", "service.fds⇥cat⇥r⇥f⇥stderr", "service.start⇥cat");
        File.WriteAllText(fifo, "through\n");
        Patience.Until(() => File.ReadAllText(scratch["file"]) == "through\n", "the text comes through");
    }

    // The flags of a descriptor of this file that has these, or of another one if none has.
    private static string FlagsOf(Daemon daemon, string file, string wanted)
    {
        string found = string.Empty;
        foreach ((int fd, string target) in Proc.Descriptors(daemon.Pid))
        {
            if (target == file && !found.EndsWith(wanted, System.StringComparison.Ordinal))
            {
                found = File.ReadAllLines($"/proc/{daemon.Pid}/fdinfo/{fd}")[1];
            }
        }

        return found;
    }
}
