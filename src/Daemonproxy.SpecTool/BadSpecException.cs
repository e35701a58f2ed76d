using System;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;

namespace Daemonproxy.SpecTool;

/// <summary>The spec has problems, so there is nothing to be made from it.</summary>
internal sealed class BadSpecException(EquatableArray<Problem> problems)
    : Exception($"{problems.Count} problems in the spec")
{
    public EquatableArray<Problem> Problems { get; } = problems;
}
