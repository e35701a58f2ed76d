using System.Collections.Generic;
using System.Text.RegularExpressions;
using Xunit;

namespace Daemonproxy.Tests.Tidy;

/// <summary>Summaries and the texts of parameters begin with a subject or a verb, not as a question.</summary>
public sealed partial class SummaryTests
{
    [Fact]
    public void NoSummaryBeginsAsAQuestion()
    {
        List<string> found = [];
        foreach (SourceFile file in SourceFile.All)
        {
            for (int i = 0; i < file.Lines.Length; i++)
            {
                string before = i > 0 ? file.Lines[i - 1].Trim() : "";
                if (Question().IsMatch(file.Lines[i]) || (Opening().IsMatch(before) && Next().IsMatch(file.Lines[i])))
                {
                    found.Add($"{file.Name}({i + 1}): {file.Lines[i].Trim()}");
                }
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [GeneratedRegex("^ */// <(summary|param name=\"\\w+\")>(What|Whether|How|Who|Which) ")]
    private static partial Regex Question();

    [GeneratedRegex("^/// <(summary|param name=\"\\w+\")>$")]
    private static partial Regex Opening();

    [GeneratedRegex("^ */// (What|Whether|How|Who|Which) ")]
    private static partial Regex Next();
}
