using System;
using System.Globalization;
using System.IO;
using System.Reflection;
using Daemonproxy.Generators.Problems;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>docs/SPEC.md tells the truth.</summary>
public sealed class Documentation
{
    private readonly string _text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "SPEC.md"));

    [Fact]
    public void EveryRuleIsListedWithItsMessage()
    {
        foreach (FieldInfo field in typeof(Rules).GetFields())
        {
            var rule = (DiagnosticDescriptor)field.GetValue(null)!;
            string message = rule.MessageFormat.ToString(CultureInfo.InvariantCulture)
                .Replace("{{", "{", StringComparison.Ordinal)
                .Replace("}}", "}", StringComparison.Ordinal)
                .Replace("|", "\\|", StringComparison.Ordinal);
            Assert.Contains(
                $"| {rule.Id} | {rule.Title.ToString(CultureInfo.InvariantCulture)} | {message} |\n",
                _text,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EveryKeywordAndTypeIsDescribed()
    {
        foreach (string type in Checking.BaseTypes.All.Keys)
        {
            Assert.Contains("`" + type, _text, StringComparison.Ordinal);
        }

        foreach (string keyword in Reading.DeclarationReader.Keywords)
        {
            Assert.True(_text.Contains("\n    " + keyword + " ", StringComparison.Ordinal), keyword);
        }
    }
}
