using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Daemonproxy.EndToEnd.Harness;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.EndToEnd.Releases;

/// <summary>
/// <c>make publish</c> for other architectures: it says in one sentence what is missing, and an architecture does not
/// get the program of another one. What it says is in golden/.
/// </summary>
public class PublishTests
{
    private const int MachineX64 = 62;
    private const int MachineArm64 = 183;

    private static string Root =>
        Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Binary.Static)))!;

    [Theory]
    [InlineData("linux-riscv64")]
    [InlineData("linux-arm")]
    [InlineData("linux-musl-x64")]
    public Task AnArchitectureThatCannotBeHadIsOneSentence(string rid)
    {
        using Scratch scratch = new();
        (int status, string said) = Run(scratch, $"make -s -C {Root} publish RID={rid} STATIC=1");
        Assert.NotEqual(0, status);
        return Verify(Sentence(said), rid);
    }

    /// <summary>On a machine that has the compiler for itself only. <c>make dist</c> names the same packages.</summary>
    [X64Fact]
    public Task WithoutTheToolsForArm64TheirPackagesAreOneSentence()
    {
        using Scratch scratch = new();
        Bare(scratch);
        (int status, string said) = Run(
            scratch, $"PATH={scratch["bin"]} {Root}/packaging/publish.sh linux-arm64 static {scratch["to"]}");
        Assert.NotEqual(0, status);

        // Where the C library for arm64 is installed, which no PATH hides, it is not missing.
        Assert.DoesNotContain("cannot find", said, StringComparison.Ordinal);
        return Verify(said.Replace(" libc6-dev-arm64-cross", string.Empty, StringComparison.Ordinal), "no-tools");
    }

    /// <summary>A program for x64 is there, and the next one is for arm64, at a place of its own.</summary>
    [X64Fact]
    public void AnArchitectureHasAPlaceOfItsOwn()
    {
        using Scratch scratch = new();
        (int status, string said) = Run(
            scratch, $"make -n -C {Root} -W commands.spec publish STATIC=1 RID=linux-arm64");
        Assert.Equal(0, status);
        Assert.Contains("packaging/publish.sh linux-arm64 static", said, StringComparison.Ordinal);
        Assert.Contains("out/linux-arm64/static/daemonproxy", said, StringComparison.Ordinal);
        Assert.DoesNotContain("publish.sh linux-x64", said, StringComparison.Ordinal);
        Assert.Equal(MachineX64, MachineOf(Binary.Static));
    }

    /// <summary>The same, built: only <c>make test-all</c>, on a machine that has the tools.</summary>
    [CrossFact]
    public void AfterOneForX64ThereIsOneForArm64()
    {
        using Scratch scratch = new();
        (int status, string said) = Run(
            scratch,
            $"git clone -q {Root} {scratch["clone"]} && cd {scratch["clone"]} && make -s publish STATIC=1 && "
            + "make -s publish STATIC=1 RID=linux-arm64");
        Assert.True(status == 0, said);
        Assert.Equal(MachineX64, MachineOf(scratch["clone/out/static/daemonproxy"]));
        Assert.Equal(MachineArm64, MachineOf(scratch["clone/out/linux-arm64/static/daemonproxy"]));
        Assert.Equal(MachineArm64, MachineOf(scratch["clone/out/linux-arm64/static/dpctl"]));
    }

    // e_machine of the ELF header.
    private static int MachineOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] header = new byte[20];
        file.ReadExactly(header);
        return header[18] | (header[19] << 8);
    }

    // Without the lines in which make says that a recipe failed.
    private static string Sentence(string said)
    {
        List<string> lines = [];
        foreach (string line in said.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith("make", StringComparison.Ordinal))
            {
                lines.Add(line);
            }
        }

        return Assert.Single(lines);
    }

    // A folder with nothing but the programs that the script itself calls, and the compiler for x64.
    private static void Bare(Scratch scratch)
    {
        Directory.CreateDirectory(scratch["bin"]);
        foreach (string program in
            (string[])["sh", "dirname", "uname", "tr", "awk", "paste", "gcc", "objcopy", "mktemp", "rm", "sed"])
        {
            File.CreateSymbolicLink(scratch[$"bin/{program}"], $"/usr/bin/{program}");
        }
    }

    private static (int Status, string Said) Run(Scratch scratch, string command)
    {
        Launch launch = new(scratch.Script("run.sh", $"exec >{scratch["said"]} 2>&1\n{command}"));
        launch.Variables.Add($"HOME={Environment.GetEnvironmentVariable("HOME")}");
        using ChildProcess run = launch.Start();
        int status = run.AwaitExit(TimeSpan.FromMinutes(20)).Status;
        return (status, File.ReadAllText(scratch["said"]).Trim());
    }

    private static Task Verify(string said, string name) =>
        Verifier.Verify(said, new VerifySettings().UseDirectory("golden").UseFileName($"Publish.{name}"));

    // Another machine lacks other things.
    private sealed class X64FactAttribute : FactAttribute
    {
        public X64FactAttribute() => Skip = RuntimeInformation.ProcessArchitecture == Architecture.X64
            ? null! : "this machine is not x64";
    }

    private sealed class CrossFactAttribute : FactAttribute
    {
        private static readonly string[] Tools =
            ["/usr/bin/clang-14", "/usr/bin/aarch64-linux-gnu-gcc", "/usr/aarch64-linux-gnu/lib/libc.a"];

        public CrossFactAttribute()
        {
            string? missing = Tools.FirstOrDefault(tool => !File.Exists(tool));
            Skip = Environment.GetEnvironmentVariable("DAEMONPROXY_LONG") != "1" ? "a long test: make test-all runs it"
                : missing is null ? null! : $"{missing} is not installed";
        }
    }
}
