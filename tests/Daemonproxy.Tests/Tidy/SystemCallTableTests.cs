using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Daemonproxy.Kernel;
using Daemonproxy.Tests.Support;
using Xunit;

namespace Daemonproxy.Tests.Tidy;

/// <summary>docs/RESILIENCE.md says of every system call why it does not wait.</summary>
public sealed partial class SystemCallTableTests
{
    private static readonly string[][] _rows =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs", "RESILIENCE.md"))
            .SkipWhile(line => line != "## No call of the loop waits")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | ")),
    ];

    [Fact]
    public void EveryMethodOfTheKernelHasOneRow()
    {
        string[] methods =
        [
            .. typeof(SystemCalls).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(method => method.IsAbstract)
                .Select(method => method.Name.Replace("get_", "", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(methods, _rows.SelectMany(NamesIn).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryRowHasItsCallsItsPlaceAndItsReason() => Assert.All(_rows, row =>
    {
        Assert.Equal(4, row.Length);
        Assert.True(row[2] is "loop" or "outside", row[0]);
        Assert.True(row[3].Length > 0 && row[1].Length > 0, row[0]);
    });

    /// <summary>In the tests, a call that the table puts outside the loop fails the turn that makes it.</summary>
    [Fact]
    public void TheSimulatedKernelHoldsEachCallToItsPlace()
    {
        string folder = Path.Combine(Repository.Root, "tests", "Daemonproxy.Tests", "Simulation");
        string source = string.Concat(Directory.GetFiles(folder, "SlowCalls*.cs").Select(File.ReadAllText));
        Assert.Equal(
            OutsideCall().Matches(source).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal),
            _rows.Where(row => row[2] == "outside").SelectMany(NamesIn).Order(StringComparer.Ordinal));
    }

    private static string[] NamesIn(string[] row) =>
        [.. Name().Matches(row[0]).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"override \S+ (\w+)\([^)]*\)\s*\{\s*Outside\(\);")]
    private static partial Regex OutsideCall();
}
