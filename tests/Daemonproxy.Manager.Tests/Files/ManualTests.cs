using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Manager.Files;
using Daemonproxy.Manager.Tests.Harness;
using Xunit;

namespace Daemonproxy.Manager.Tests.Files;

/// <summary>daemonproxy-services(5) speaks of every key that the file may have, and of no other.</summary>
public partial class ManualTests
{
    // With all tables that can be in it; what is in them is wrong, and no matter.
    private const string Whole = """
        [service.a]
        stop = {}
        reload = {}
        restart = {}
        check = {}
        log = {}
        cgroup = {}
        listen.x = {}
        """;

    [Fact]
    public void EveryKeyIsInTheManual()
    {
        string manual = File.ReadAllText(Path.Combine(Repository.Root, "docs", "daemonproxy-services.5"))
            .Replace("\\-", "-", StringComparison.Ordinal);
        string[] shown = [.. Bold().Matches(manual).SelectMany(static match => match.Groups[1].Value.Split(' ', ','))];
        List<Problem> problems = [];
        TableReader services = new TableReader("x.toml", TomlTree.Read("x.toml", Whole, problems), problems)
            .Table("service")!;
        TableReader table = services.Table("a")!;
        new ServiceReader("a", table, "/").Read();
        Assert.Contains("give-up", table.Asked);
        Assert.Contains("backlog", table.Asked);
        Assert.Empty(table.Asked.Except(shown.Select(static word => word.Trim('"', '.', ';', ','))).Except(["x"]));
    }

    [GeneratedRegex("^\\.(?:B|BR|BI) (.*)$", RegexOptions.Multiline)]
    private static partial Regex Bold();
}
