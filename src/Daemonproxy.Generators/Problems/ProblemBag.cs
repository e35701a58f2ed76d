using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Problems;

/// <summary>Collects the problems of one spec file, in the order of their places.</summary>
internal sealed class ProblemBag(string path, SourceText text)
{
    private readonly List<Problem> _problems = [];

    /// <summary>True if nothing was reported.</summary>
    public bool IsEmpty => _problems.Count == 0;

    /// <summary>True if anything was reported that is no mere warning.</summary>
    public bool HasErrors => _problems.Exists(problem => problem.Rule.DefaultSeverity == DiagnosticSeverity.Error);

    public void Report(DiagnosticDescriptor rule, TextSpan span, params string[] arguments) =>
        _problems.Add(new Problem(
            rule, path, span, text.Lines.GetLinePositionSpan(span), new EquatableArray<string>(arguments)));

    /// <summary>An empty bag for the same file.</summary>
    public ProblemBag Sibling() => new(path, text);

    /// <summary>All that was reported.</summary>
    public EquatableArray<Problem> ToArray()
    {
        _problems.Sort(static (left, right) => left.Span.CompareTo(right.Span) is var order && order != 0
            ? order
            : string.CompareOrdinal(left.Rule.Id, right.Rule.Id));
        return new EquatableArray<Problem>(_problems);
    }
}
