using System;

namespace Daemonproxy.Manager.Tests.Harness;

/// <summary>The switch for long tests: DAEMONPROXY_LONG=1, as <c>make test-all</c> sets it.</summary>
internal static class LongRun
{
    public static bool IsAsked => Environment.GetEnvironmentVariable("DAEMONPROXY_LONG") == "1";
}
