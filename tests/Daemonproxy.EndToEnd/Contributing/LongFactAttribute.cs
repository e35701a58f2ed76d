using System;
using Xunit;

namespace Daemonproxy.EndToEnd.Contributing;

/// <summary>A test that takes minutes: it is run with DAEMONPROXY_LONG=1 in the environment.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute() =>
        Skip = Environment.GetEnvironmentVariable("DAEMONPROXY_LONG") == "1" ? null! : "takes minutes";
}
