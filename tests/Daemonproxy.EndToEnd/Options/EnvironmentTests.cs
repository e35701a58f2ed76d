using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Options;

/// <summary>
/// The environment and the way in which the program is executed: what the runtime, the loader and the C library read
/// there neither ends the daemon nor changes it, and services get it byte for byte.
/// </summary>
public class EnvironmentTests
{
    private const int Environments = 200;

    private static readonly string[] s_loader = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"];

    // Read by the runtime, the dynamic loader (ld.so(8)) or the C library (environ(7), mallopt(3), tunables).
    private static readonly string[] s_names =
    [
        "DOTNET_GCHeapHardLimit", "DOTNET_GCHeapHardLimitSOH", "DOTNET_GCHeapHardLimitPercent", "DOTNET_GCLargePages",
        "DOTNET_GCRegionSize", "DOTNET_GCRegionRange", "DOTNET_GCGen0MaxBudget", "DOTNET_GCgen0size",
        "DOTNET_GCHeapCount", "DOTNET_gcServer", "DOTNET_gcConcurrent", "DOTNET_GCHeapAffinitizeMask",
        "DOTNET_GCConserveMemory", "DOTNET_GCName", "DOTNET_GCTotalPhysicalMemory", "DOTNET_gcTrace",
        "DOTNET_EnableEventPipe", "DOTNET_EventPipeConfig", "DOTNET_DbgEnableMiniDump", "DOTNET_EnableDiagnostics",
        "DOTNET_StressLog", "DOTNET_PROCESSOR_COUNT", "DOTNET_TieredCompilation", "DOTNET_MaxVectorTBitWidth",
        "DOTNET_EnableHWIntrinsic", "DOTNET_EnableAVX2", "COMPlus_GCHeapHardLimit", "COMPlus_gcServer",
        "GLIBC_TUNABLES", "MALLOC_ARENA_MAX", "MALLOC_PERTURB_", "MALLOC_CHECK_", "MALLOC_TOP_PAD_", "LD_BIND_NOW",
        "LD_LIBRARY_PATH", "LD_ORIGIN_PATH", "LANG", "LC_ALL", "LOCPATH", "TZ", "TMPDIR", "HOME", "GCONV_PATH",
    ];

    private static readonly string[] s_values =
    [
        "", "0", "1", "2", "-1", "1000", "200000", "FFFFFFFFFFFFFFFF", "all", "/none/such", "=", "C.UTF-8",
        "glibc.malloc.hugetlb=1", "glibc.malloc.perturb=85:glibc.rtld.optional_static_tls=512", "\u0080\u00FF",
    ];

    public static TheoryData<string> Binaries => [Binary.Path, Binary.Static];

    [Theory]
    [MemberData(nameof(Binaries))]
    public void TwoHundredEnvironmentsNeitherEndItNorAreLost(string program)
    {
        Random random = new(20261129);
        for (int n = 0; n < Environments; n++)
        {
            Dictionary<string, string> drawn = [];
            for (int variable = random.Next(1, 8); variable > 0; variable--)
            {
                drawn[s_names[random.Next(s_names.Length)]] = s_values[random.Next(s_values.Length)];
            }

            string[] variables = [.. drawn.Select(pair => $"{pair.Key}={pair.Value}")];
            RunsAService(new Launch(program, "-i"), variables);
        }
    }

    [Theory]
    [MemberData(nameof(Binaries))]
    public void TheVersionIsPrintedWhateverTheRuntimesSettingsAre(string program)
    {
        foreach (string setting in s_names)
        {
            foreach (string value in s_values)
            {
                Launch launch = new(program, "--version");
                launch.Variables.Add($"{setting}={value}");
                using Daemon daemon = Daemon.Start(launch);
                Assert.True(daemon.AwaitExit().Code == 1, $"{setting}={value}: {daemon.AwaitExit()}");
            }
        }
    }

    // A static program of the C library ends before an instruction of its own.
    [Fact]
    public void ASettingByWhichMallocGivesNoMemoryEndsNothing()
    {
        Launch launch = new(Binary.Path, "-i", "--debug-crash");
        launch.Variables.Add("MALLOC_TOP_PAD_=0x7fffffffffffffff");
        using Daemon daemon = Daemon.Interactive(launch);
        Assert.Empty(daemon.Ask("reexec⇥-"));
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        Assert.Equal(1, daemon.Counters()["crashes"]);
        Assert.Equal(1, daemon.Counters()["reexecs"]);
    }

    [Fact]
    public void APreloadedLibraryMayEditTheEnvironment()
    {
        using Scratch scratch = new();
        string source = scratch.Write(
            "edit.c",
            """
            #include <stdlib.h>
            __attribute__((constructor)) static void edit(void)
            {
                unsetenv("LD_PRELOAD");
                setenv("ADDED", "by the library", 1);
            }
            """);
        Launch compile = new("/usr/bin/gcc", "-shared", "-fPIC", "-o", scratch["edit.so"], source);
        using (ChildProcess compiler = compile.Start())
        {
            Assert.Equal(0, compiler.AwaitExit().Code);
        }

        Launch launch = new(Binary.Path, "-i");
        launch.Variables.Add($"LD_PRELOAD={scratch["edit.so"]}");
        using Daemon daemon = Daemon.Interactive(launch);
        Assert.Equal([.. launch.Variables[..^1], "ADDED=by the library"], EnvironmentOfAService(daemon));
    }

    [Fact]
    public void TheDynamicLoaderMayBeExecutedWithTheProgramAsItsArgument()
    {
        string loader = s_loader.First(System.IO.File.Exists);
        Launch launch = new Launch(Binary.Path, "-i", "--debug-crash").Under(loader, "--inhibit-cache");
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        Assert.Empty(daemon.Ask("reexec⇥-"));
        Assert.Empty(daemon.Ask($"reexec⇥{Binary.Path}"));
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        Assert.Equal(2, daemon.Counters()["crashes"]);
        Assert.Equal(2, daemon.Counters()["reexecs"]);
        Patience.Until(
            () => Proc.Children(daemon.Pid).SequenceEqual([service]), "nobody but the service is a child");
        Assert.Equal(launch.Variables, EnvironmentOfAService(daemon));
    }

    [Theory]
    [MemberData(nameof(Binaries))]
    public void TheDaemonHasOneThread(string program)
    {
        using Daemon daemon = Daemon.Interactive(new Launch(program, "-i", "--debug-crash"));
        Assert.Equal("1", Proc.Status(daemon.Pid, "Threads"));
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        daemon.Sync();
        Assert.Equal("1", Proc.Status(daemon.Pid, "Threads"));
    }

    private static void RunsAService(Launch launch, string[] variables)
    {
        launch.Variables.AddRange(variables);
        using Daemon daemon = Daemon.Interactive(launch);
        string[] seen = EnvironmentOfAService(daemon);
        Assert.True(launch.Variables.SequenceEqual(seen), $"{string.Join(' ', variables)}: {string.Join(' ', seen)}");
        daemon.EndInput();
        Assert.Equal(0, daemon.AwaitExit().Code);
    }

    private static string[] EnvironmentOfAService(Daemon daemon)
    {
        daemon.Send("service.args⇥env⇥/bin/sleep⇥1000", "service.start⇥env");
        int service = daemon.AwaitUp("env");
        Proc.AwaitRest(service, "sleep");
        string text = Text.From(System.IO.File.ReadAllBytes($"/proc/{service}/environ"));
        _ = kill(service, SIGKILL);
        daemon.Await("service.state⇥env⇥down⇥**");
        return text.Split('\0')[..^1];
    }
}
