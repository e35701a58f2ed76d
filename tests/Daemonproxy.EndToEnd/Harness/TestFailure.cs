using System;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>What was expected and did not come, with what came instead.</summary>
internal sealed class TestFailure(string message, string found)
    : Exception(found.Length == 0 ? message : $"{message}; found:\n{found}");
