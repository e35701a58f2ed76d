using System;
using Daemonproxy.Protocol;
using Daemonproxy.Settings;

namespace Daemonproxy.Launching;

/// <summary>The program to launch and what it gets. Its texts are the caller's, and are read once.</summary>
internal readonly ref struct LaunchSpecification
{
    /// <summary>The arguments, separated by TABs; the first one names the program and is not empty.</summary>
    public required ReadOnlySpan<byte> Arguments { get; init; }

    /// <summary>The first argument.</summary>
    public ReadOnlySpan<byte> Program
    {
        get
        {
            int end = Arguments.IndexOf((byte)'\t');
            return end < 0 ? Arguments : Arguments[..end];
        }
    }

    /// <summary>The names of the descriptors 0, 1, 2 and so on, separated by TABs; <c>-</c> is a closed one.</summary>
    public required ReadOnlySpan<byte> Descriptors { get; init; }

    /// <summary>The ends of a connection of its own, for the names that stand for it.</summary>
    public required ServiceEnds Ends { get; init; }

    /// <summary>The descriptor on which the service tells that it is ready, as it numbers them.</summary>
    public int ReadyPlace { get; init; }

    /// <summary>The end that it gets there; none where it has none.</summary>
    public FdNumber ReadyWriter { get; init; }

    /// <summary>The notify socket of the run.</summary>
    public NotifyGrant Notify { get; init; }

    /// <summary>The control group of the run; meaningful where the settings ask for one.</summary>
    public RunCgroup Group { get; init; }

    /// <summary>The settings of the service.</summary>
    public ServiceSettings Settings { get; init; }

    /// <summary>Its attributes of the process, as they were read from the settings.</summary>
    public ProcessWords Words { get; init; }
}
