using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>Looks through everything that the pipeline keeps between runs.</summary>
internal static class Retention
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static void HoldsNoCompilation(GeneratorRunResult result)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach ((string name, ImmutableArray<IncrementalGeneratorRunStep> steps) in result.TrackedSteps)
        {
            // The steps without a name of ours are Roslyn's inputs and outputs.
            if (name is "Compilation" or "ParseOptions" or "AnalyzerConfigOptions" or "MetadataReferences")
            {
                continue;
            }

            foreach (IncrementalGeneratorRunStep step in steps)
            {
                foreach ((object value, _) in step.Outputs)
                {
                    Look(value, name, seen);
                }
            }
        }

        Assert.NotEmpty(seen);
    }

    private static void Look(object? value, string step, HashSet<object> seen)
    {
        if (value is null or string or Type or DiagnosticDescriptor || value.GetType().IsPrimitive || !seen.Add(value))
        {
            return;
        }

        Assert.False(
            value is Compilation or ISymbol or SyntaxNode or SyntaxTree, $"the step {step} holds a {value.GetType()}");
        if (value is IEnumerable items)
        {
            foreach (object? item in items)
            {
                Look(item, step, seen);
            }
        }

        // Only our own types and tuples of them are looked into; what is Roslyn's is covered by the line above.
        Type type = value.GetType();
        bool isOurs = type.Assembly == typeof(ProtocolGenerator).Assembly
            || type.FullName!.StartsWith("System.ValueTuple", StringComparison.Ordinal);
        foreach (FieldInfo field in isOurs ? type.GetFields(Fields) : [])
        {
            Look(field.GetValue(value), step, seen);
        }
    }
}
