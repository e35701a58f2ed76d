using System;
using System.IO;
using System.Threading.Tasks;
using DiffEngine;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>The snapshot library, on which the golden tests rely, notices a difference.</summary>
public sealed class Snapshots : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snapshots").FullName;
    private readonly bool _wasDisabled = DiffRunner.Disabled;

    public Snapshots() => DiffRunner.Disabled = true;

    public void Dispose()
    {
        DiffRunner.Disabled = _wasDisabled;
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task TheSameTextPasses()
    {
        File.WriteAllText(In("same.verified.txt"), "one\r\ntwo\n");
        File.WriteAllText(In("same.received.txt"), "left over");
        await Verifier.Verify("one\ntwo\n", Named("same"));
        Assert.False(File.Exists(In("same.received.txt")));
    }

    [Fact]
    public async Task AnotherTextIsShownAndKept()
    {
        File.WriteAllText(In("other.verified.txt"), "one\ntwo\n");
        VerifyException thrown = await Assert.ThrowsAsync<VerifyException>(
            () => Verifier.Verify("one\n2\n", Named("other")));
        Assert.Contains("line 2 differs.\nverified: two\nreceived: 2\n", thrown.Message, StringComparison.Ordinal);
        Assert.Equal("one\n2\n", File.ReadAllText(In("other.received.txt")));
        Assert.Equal("one\ntwo\n", File.ReadAllText(In("other.verified.txt")));
    }

    [Fact]
    public async Task ANewTextIsNotAccepted()
    {
        await Assert.ThrowsAsync<VerifyException>(() => Verifier.Verify("new", Named("new")));
        Assert.False(File.Exists(In("new.verified.txt")));
        Assert.Equal("new", File.ReadAllText(In("new.received.txt")));
    }

    [Fact]
    public async Task TheNameIsThatOfTheTestAndItsParameters()
    {
        VerifySettings settings = new VerifySettings().UseDirectory(_directory).UseParameters(1, "a").IgnoreAcceptAll();
        await Assert.ThrowsAsync<VerifyException>(() => Verifier.Verify("text", settings));
        Assert.True(File.Exists(In($"Snapshots.{nameof(TheNameIsThatOfTheTestAndItsParameters)}_1_a.received.txt")));
    }

    private VerifySettings Named(string name) =>
        new VerifySettings().UseDirectory(_directory).UseFileName(name).IgnoreAcceptAll();

    private string In(string file) => Path.Combine(_directory, file);
}
