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
        LaunchStep.Cgroup => "enter a control group"u8,
        LaunchStep.Account => "look up the user"u8,
        LaunchStep.Notify => "name the notify socket"u8,
        LaunchStep.Texts => "read the arguments or the environment"u8,
        LaunchStep.Descriptors => "set up descriptors"u8,
        LaunchStep.Session => "lead a session"u8,
        LaunchStep.Sched => "set the scheduling"u8,
        LaunchStep.Nice => "set the nice value"u8,
        LaunchStep.Ionice => "set the priority of input and output"u8,
        LaunchStep.Oom => "adjust the OOM killer"u8,
        LaunchStep.Limits => "set a limit"u8,
        LaunchStep.Mounts => "set up mounts"u8,
        LaunchStep.Root => "change the root"u8,
        LaunchStep.Groups => "set the groups"u8,
        LaunchStep.User => "become the user"u8,
        LaunchStep.Dir => "change the directory"u8,
        LaunchStep.Caps => "set capabilities"u8,
        LaunchStep.NoNewPrivs => "forbid new privileges"u8,
        LaunchStep.Pdeath => "ask for the signal of the daemon's end"u8,
        _ => "execute"u8,
    };
}
