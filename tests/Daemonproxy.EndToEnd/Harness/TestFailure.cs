using System;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>A test failed: the line that was expected, and the lines that came instead.</summary>
internal sealed class TestFailure(string message, string found)
    : Exception(found.Length == 0 ? message : $"{message}; found:\n{found}");
