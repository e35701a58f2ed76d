using System;
using Xunit;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>A test that takes minutes, run with DAEMONPROXY_LONG=1.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute() =>
        Skip = Environment.GetEnvironmentVariable("DAEMONPROXY_LONG") == "1" ? null! : "a long test: make test-all runs it";
}
