using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Daemonproxy.Protocol;

/// <summary>
/// Assertions for our own mistakes. They stay on in release: a failed one is a crash, and a crash is survived.
/// </summary>
internal static class Assertion
{
    /// <summary>Requires a condition that no input, setting or fault from outside can make false.</summary>
    public static void Require(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (!condition)
        {
            Fail(expression);
        }
    }

    // Thrown, not FailFast: Program catches it and turns it into the crash that it is.
    [DoesNotReturn]
    private static void Fail(string expression) => throw new InvalidOperationException(expression);
}
