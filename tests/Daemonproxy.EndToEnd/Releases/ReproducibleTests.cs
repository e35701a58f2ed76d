using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Releases;

/// <summary>What <c>make dist</c> builds: whoever builds the same commit gets the same bytes.</summary>
public class ReproducibleTests
{
    [LongFact]
    public void TwoBuildsInTwoPlacesGiveTheSameBytes()
    {
        using Scratch scratch = new();
        string root = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Binary.Static)))!;
        string script = scratch.Script(
            "build",
            $"set -e\nexport HOME=\"${{HOME:-/root}}\"\n"
            + $"git clone -q {root} {scratch["one"]}\ngit clone -q {scratch["one"]} {scratch["two"]}\n"
            + $"for place in one two; do (cd {scratch["."]}/$place && packaging/dist.sh linux-x64 >log 2>&1"
            + " || { tail log; exit 1; }); done");
        Launch launch = new(script);
        launch.Variables.Add($"HOME={Environment.GetEnvironmentVariable("HOME")}");
        using ChildProcess build = launch.Start();
        Assert.Equal(0, build.AwaitExit(TimeSpan.FromMinutes(20)).Status);
        string[] files = [.. Directory.EnumerateFiles(scratch["one/out/dist"]).Select(path => Path.GetFileName(path)!)];
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.Equal(
            File.ReadAllBytes(scratch[$"one/out/dist/{file}"]), File.ReadAllBytes(scratch[$"two/out/dist/{file}"])));
    }
}
