using System;
using Xunit;

namespace Daemonproxy.Jobs.Tests.Harness;

/// <summary>A test that mounts something or becomes another user.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = Environment.IsPrivilegedProcess ? null! : "needs root";
}
