using System;
using Daemonproxy.Kernel;

namespace Daemonproxy.Launching;

/// <summary>The words of the log for the steps of a launch.</summary>
internal static class LaunchStepText
{
    public static ReadOnlySpan<byte> Text(this LaunchStep step) => step switch
    {
        LaunchStep.Connection => "open a connection"u8,
        LaunchStep.Process => "make a process"u8,
        LaunchStep.Descriptors => "set up descriptors"u8,
        _ => "execute"u8,
    };
}
