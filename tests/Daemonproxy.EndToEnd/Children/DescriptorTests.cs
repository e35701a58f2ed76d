using System;
using System.Collections.Generic;
using System.IO;
using System.Globalization;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Children;

/// <summary>A child has exactly the descriptors of service.fds, as 0, 1, 2…, nothing of the daemon's.</summary>
public class DescriptorTests
{
    [Theory]
    [InlineData("null null null")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("- - -")]
    [InlineData("null - null")]
    [InlineData("- null")]
    [InlineData("r w")]
    [InlineData("w r")]
    [InlineData("w - - r - f - null -")]
    [InlineData("f f f f f f f f")]
    [InlineData("w r f null w r f null w r f null w r f null")]
    [InlineData("null null null null null null null null null null null null null null null r w")]
    [InlineData("stdin stdout stderr")]
    public void TheChildHasWhatWasNamedAndNothingElse(string names)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("fd.pipe⇥r⇥w", $"fd.open⇥f⇥read,write,create⇥{scratch["file"]}");
        string[] words = names.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        daemon.Send("service.fds⇥a⇥" + string.Join('⇥', words), "service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");
        SortedDictionary<int, string> found = Proc.Descriptors(service);
        int[] places = [.. Enumerable.Range(0, words.Length).Where(place => words[place] != "-")];
        Assert.Equal(places, found.Keys);

        // The pipe that the daemon has in reserve for launches is older, and that of a launch has one end here.
        string pipe = Proc.Descriptors(daemon.Pid).Values.Where(IsOwnPipe(daemon)).GroupBy(file => file)
            .Last(ends => ends.Count() == 2).Key;
        foreach (int place in places)
        {
            Assert.Equal(Expected(words[place], pipe, scratch["file"], daemon), found[place]);
        }
    }

    [Fact]
    public void ManyDescriptorsInAnyOrder()
    {
        const int Count = 60;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string[] names = [.. Enumerable.Range(0, Count).Select(n => $"f{n}")];
        daemon.Send([.. names.Select(name => $"fd.open⇥{name}⇥write,create⇥{scratch[name]}")]);

        // Backwards, so that every number is wanted while it is still in use for another.
        daemon.Send("service.fds⇥a⇥" + string.Join('⇥', names.Reverse()), "service.args⇥a⇥/bin/sleep⇥1000");
        daemon.Send("service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");
        Assert.Equal(names.Reverse().Select(name => scratch[name]), Proc.Descriptors(service).Values);
    }

    [Theory]
    [InlineData("control.socket", "socket")]
    [InlineData("null control.event", "pipe")]
    [InlineData("control.event control.cmd", "pipe")]
    public void AControllerHasItsConnectionAndNothingElse(string names, string kind)
    {
        using Daemon daemon = Daemon.Interactive();
        string[] words = names.Split(' ');
        daemon.Send("service.fds⇥a⇥" + string.Join('⇥', words), "service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");
        SortedDictionary<int, string> found = Proc.Descriptors(service);
        Assert.Equal(Enumerable.Range(0, words.Length), found.Keys);
        Assert.StartsWith(kind, found[words.Length - 1], StringComparison.Ordinal);
        Assert.Equal(words.Length, new HashSet<string>(found.Values).Count);
    }

    [Fact]
    public void AnInheritedDescriptorHasANameAndIsNotGivenOn()
    {
        using Scratch scratch = new();
        Launch launch = new Launch(Binary.Path, "-i").After($"exec 7>{scratch["seven"]}");
        using Daemon daemon = Daemon.Interactive(launch);
        string[] named = [.. daemon.Dump().Where(line => line.StartsWith("fd.state", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "fd.state⇥control.cmd⇥special⇥write⇥daemonproxy command pipe",
                "fd.state⇥control.event⇥special⇥read⇥daemonproxy event stream",
                "fd.state⇥control.socket⇥special⇥read,write⇥daemonproxy control socket",
                "fd.state⇥fd_7⇥file⇥write⇥unknown",
                "fd.state⇥null⇥special⇥read,write⇥/dev/null",
                "fd.state⇥stderr⇥file⇥write⇥unknown",
                "fd.state⇥stdin⇥file⇥read⇥unknown",
                "fd.state⇥stdout⇥file⇥write⇥unknown",
            ],
            named);
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int plain = daemon.AwaitUp("a");
        Proc.AwaitRest(plain, "sleep");
        Assert.Equal([0, 1, 2], Proc.Descriptors(plain).Keys);
        daemon.Send("service.args⇥b⇥/bin/sleep⇥1000", "service.fds⇥b⇥fd_7", "service.start⇥b");
        int given = daemon.AwaitUp("b");
        Proc.AwaitRest(given, "sleep");
        Assert.Equal([scratch["seven"]], Proc.Descriptors(given).Values);
    }

    [Fact]
    public void InheritedDescriptorsAreFoundHoweverFarApart()
    {
        int[] far = [3, 66, 67, 68, 131, 999, 1000];
        Launch launch = new Launch("/bin/bash", "-c", Opening(far), Binary.Path, "-i");
        using Daemon daemon = Daemon.Interactive(launch);
        IEnumerable<int> found = daemon.Dump()
            .Where(line => line.StartsWith("fd.state⇥fd_", StringComparison.Ordinal))
            .Select(line => int.Parse(line.Split('⇥')[1]["fd_".Length..], CultureInfo.InvariantCulture));
        Assert.Equal(far, found.Order());
    }

    // A redirection to a number above 9 is one in bash, but not in every shell.
    private static string Opening(IEnumerable<int> numbers) =>
        string.Concat(numbers.Select(number => $"exec {number}</dev/null\n")) + "exec \"$0\" \"$@\"";

    private static Func<string, bool> IsOwnPipe(Daemon daemon)
    {
        // Standard error is a pipe too; the one asked for is the other pipe that the daemon has both ends of.
        Dictionary<string, int> ends = Proc.Descriptors(daemon.Pid).Values
            .GroupBy(target => target).ToDictionary(group => group.Key, group => group.Count());
        return target => target.StartsWith("pipe:", StringComparison.Ordinal) && ends.GetValueOrDefault(target) == 2;
    }

    private static string Expected(string name, string pipe, string file, Daemon daemon) => name switch
    {
        "r" or "w" => pipe,
        "f" => file,
        "stderr" => Proc.Descriptors(daemon.Pid)[2],
        _ => "/dev/null",
    };
}
