using System;

namespace Daemonproxy.Tests.Support;

/// <summary>The switch that accepts the output as right: Verify_AcceptAll=true in the environment.</summary>
internal static class Acceptance
{
    public static bool IsAsked =>
        Environment.GetEnvironmentVariable("Verify_AcceptAll") is "1" or "true" or "True";
}
