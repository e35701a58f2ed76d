using System.Diagnostics;
using System.IO;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Running;

/// <summary>A start that needs a file of a file system that does not answer.</summary>
public class HangingStartTests
{
    [FuseFact]
    public void AConfigThatDoesNotAnswerEndsTheStart()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        HangingDescriptorTests.WithServer(daemon, scratch, folder =>
        {
            File.WriteAllText(folder + ".unopened", "");
            string[] words = [Binary.Path, $"{folder}/silent", scratch["said"]];
            using Process start = Process.Start("/bin/sh", ["-c", "exec \"$0\" -c \"$1\" 2> \"$2\"", .. words]);
            Assert.True(start.WaitForExit(3 * Patience.Usual), "the start ends");
            Assert.Equal(
                $"error: cannot open the config file {folder}/silent: its file system does not answer\n"
                + "fatal: Unable to process config file\n",
                File.ReadAllText(scratch["said"]));
            Assert.Equal(3, start.ExitCode);
        });
    }
}
