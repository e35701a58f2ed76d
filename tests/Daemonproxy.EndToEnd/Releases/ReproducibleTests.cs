using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Releases;

/// <summary>What <c>make dist</c> builds: whoever builds the same commit gets the same bytes.</summary>
public class ReproducibleTests
{
    // Whether the program for arm64 can be built here: tests/machines installs what that takes, where it can be had.
    private static bool CanCross =>
        ((string[])["clang-14", "aarch64-linux-gnu-gcc", "aarch64-linux-gnu-objcopy"])
            .All(tool => File.Exists($"/usr/bin/{tool}"));

    [LongFact]
    public void TwoBuildsInTwoPlacesGiveTheSameBytes()
    {
        using Scratch scratch = new();
        string root = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Binary.Static)))!;
        string rids = CanCross ? "linux-x64 linux-arm64" : "linux-x64";
        string distribute = $"packaging/dist.sh {rids} >log 2>&1 || {{ tail log; exit 1; }}";
        string script = scratch.Script(
            "build",
            $"set -e\ncd {scratch["."]}\ngit clone -q {root} one\ngit clone -q one two\n"
            + $"for place in one two; do (cd $place && {distribute}); done");
        Launch launch = new(script);
        launch.Variables.Add($"HOME={Environment.GetEnvironmentVariable("HOME")}");
        using ChildProcess build = launch.Start();
        Assert.Equal(0, build.AwaitExit(TimeSpan.FromMinutes(20)).Status);
        string[] files = [.. Directory.EnumerateFiles(scratch["one/out/dist"]).Select(path => Path.GetFileName(path)!)];
        Assert.Equal(CanCross ? 5 : 3, files.Length);
        Assert.All(files, file => Assert.Equal(
            File.ReadAllBytes(scratch[$"one/out/dist/{file}"]), File.ReadAllBytes(scratch[$"two/out/dist/{file}"])));
    }
}
