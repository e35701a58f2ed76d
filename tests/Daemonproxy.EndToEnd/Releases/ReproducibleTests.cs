using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Releases;

/// <summary>
/// The results of <c>make dist</c> and <c>make pack</c>: whoever builds the same commit gets the same bytes, and the
/// Debian package has what it promises.
/// </summary>
public class ReproducibleTests
{
    // Whether the program for arm64 can be built here: tests/machines installs what that takes, where it can be had.
    private static bool CanCross =>
        ((string[])["clang-14", "aarch64-linux-gnu-gcc", "aarch64-linux-gnu-objcopy"])
            .All(tool => File.Exists($"/usr/bin/{tool}"));

    private static string Root =>
        Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Binary.Static)))!;

    // One place is a clone, the other the archive of its commit, which is no repository.
    [LongFact]
    public void ACloneAndAnArchiveGiveTheSameBytes()
    {
        using Scratch scratch = new();
        string rids = CanCross ? "linux-x64 linux-arm64" : "linux-x64";
        Run(
            scratch,
            $"git clone -q {Root} one\nmkdir two\ngit -C one archive HEAD | tar -x -C two\n"
            + $"for place in one two; do (cd $place && packaging/dist.sh {rids} && make -s pack); done\n"
            + "[ \"$(id -u)\" != 0 ] || one/tests/package one/out/dist/daemonproxy_*_amd64.deb "
            + "one/out/dist/dpctl-agent_*_amd64.deb\n"
            + "! command -v lintian || lintian --allow-root --fail-on error,warning one/out/dist/*.deb\n");
        foreach (string folder in (string[])["out/dist", "out/packages"])
        {
            string[] files =
            [
                .. Directory.EnumerateFiles(scratch[$"one/{folder}"], "*.*").Select(path => Path.GetFileName(path)!),
            ];
            Assert.NotEmpty(files);
            Assert.All(files, file => Assert.Equal(
                File.ReadAllBytes(scratch[$"one/{folder}/{file}"]),
                File.ReadAllBytes(scratch[$"two/{folder}/{file}"])));
        }
    }

    // As the SDK compiles them when it links: with debug information, of which the linker makes its build number.
    [Fact]
    public void FilesOfTheDaemonThatAreNoCSharpGiveTheSameObjectsInEachDirectory()
    {
        using Scratch scratch = new();
        string compilers = CanCross ? "'gcc' 'clang-14 --target=aarch64-linux-gnu'" : "'gcc'";
        Run(
            scratch,
            $"for place in one second; do mkdir $place && cp -r {Root}/src/Daemonproxy/Kernel $place; done\n"
            + $"for compiler in {compilers}; do\nfor file in $(cd one && find Kernel -name '*.[cS]'); do\n"
            + "for place in $PWD/one $PWD/second; do (cd $place/Kernel && $compiler -g -gz=zlib "
            + "-ffile-prefix-map=$place/=/daemonproxy/ -c $place/$file -o $place/object)\ndone\n"
            + "cmp one/object second/object\necho \"$file: same\"\ndone\ndone\n"
            + "[ \"$(grep -c ': same$' log)\" -ge 3 ]");
    }

    [Fact]
    public void UninstallRemovesAllInstalledFiles()
    {
        using Scratch scratch = new();
        Run(
            scratch,
            $"mkdir programs && cp {Root}/out/static/daemonproxy {Root}/out/static/dpctl programs\n"
            + "cp /bin/true programs/dpctl-agent\n"
            + $"{Root}/packaging/install.sh install $PWD/programs $PWD/to\n"
            + "test -x to/bin/dpctl-agent && test -s to/share/man/man1/dpctl-agent.1\n"
            + "test -x to/sbin/daemonproxy && test -s to/share/man/man7/daemonproxy-protocol.7\n"
            + "test -x to/share/doc/daemonproxy/examples/hello/talker.sh && test -d to/share/doc/daemonproxy/docs\n"
            + "touch to/share/man/man7/other.7\n"
            + $"{Root}/packaging/install.sh uninstall - $PWD/to\n"
            + "[ \"$(find to -type f)\" = to/share/man/man7/other.7 ] && [ ! -e to/share/doc ]\n"
            + $"{Root}/packaging/install.sh install $PWD/programs $PWD/one dpctl-agent\n"
            + "[ -x one/bin/dpctl-agent ] && [ -s one/share/man/man1/dpctl-agent.1 ]\n"
            + "[ \"$(find one -type f | wc -l)\" = 2 ]");
    }

    private static void Run(Scratch scratch, string commands)
    {
        string script = scratch.Script("run", $"set -eu\ncd {scratch["."]}\nexec >log 2>&1\n{commands}");
        Launch launch = new(script);
        launch.Variables.Add($"HOME={Environment.GetEnvironmentVariable("HOME")}");
        using ChildProcess run = launch.Start();
        Assert.True(run.AwaitExit(TimeSpan.FromMinutes(20)).Status == 0, File.ReadAllText(scratch["log"]));
    }
}
