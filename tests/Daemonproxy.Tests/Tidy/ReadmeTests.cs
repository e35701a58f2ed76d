using System;
using System.IO;
using System.Linq;
using Daemonproxy.Tests.Support;
using Xunit;

namespace Daemonproxy.Tests.Tidy;

/// <summary>The tables of README.md name what commands.spec declares, all of it and nothing else.</summary>
public class ReadmeTests
{
    [Fact]
    public void The_table_of_commands_has_every_command_once() =>
        Assert.Equal(Declared("command").Order(), Rows("## Commands").Select(FirstWord).Order());

    [Fact]
    public void The_table_of_options_has_every_option_in_the_order_of_the_help() =>
        Assert.Equal(
            Declared("option"),
            Rows("## Options").Select(row => FirstWord(row[row.IndexOf("`--", StringComparison.Ordinal)..])[2..]));

    [Fact]
    public void Every_short_option_is_beside_its_long_one()
    {
        string[] rows = Rows("## Options");
        foreach (string[] words in Lines("commands.spec").Select(line => line.Split(' ')))
        {
            if (words is ["option", string name, [char letter], ..])
            {
                Assert.Contains(rows, row => row.StartsWith($"| `-{letter}`, `--{name}", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void Every_example_is_named()
    {
        string readme = string.Concat(Lines("README.md"));
        foreach (string folder in Directory.GetDirectories(Path.Combine(Repository.Root, "examples")))
        {
            Assert.Contains($"{Path.GetFileName(folder)}/`", readme, StringComparison.Ordinal);
        }
    }

    private static string[] Declared(string kind) =>
        [.. Lines("commands.spec")
            .Where(line => line.StartsWith(kind + " ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[1])];

    // The rows of the table under this heading, without its head.
    private static string[] Rows(string heading) =>
        [.. Lines("README.md")
            .SkipWhile(line => line != heading)
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))];

    // The first word of the first text in a code span.
    private static string FirstWord(string row) => row.Split('`')[1].Split(' ')[0];

    private static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Repository.Root, file));
}
