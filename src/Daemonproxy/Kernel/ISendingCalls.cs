using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>The poll interests and results of a client of a control socket.</summary>
[Flags]
internal enum SendingEvents
{
    None = 0,

    /// <summary>Standard input has something, or has ended.</summary>
    Input = 1,

    /// <summary>The socket has something, or has ended.</summary>
    Answers = 2,

    /// <summary>The socket takes something, or refuses it for ever.</summary>
    Sending = 4,

    /// <summary>Standard output takes something.</summary>
    Output = 8,

    /// <summary>Standard output has no reader. This is always reported.</summary>
    ReaderGone = 16,

    /// <summary>The time is over.</summary>
    TimedOut = 32,
}

/// <summary>The system calls of a client: nothing of the daemon is needed for them, and nothing is changed.</summary>
internal interface ISendingCalls
{
    static readonly FdNumber StandardInput = new(0);
    static readonly FdNumber StandardOutput = new(1);
    static readonly FdNumber StandardError = new(2);

    /// <summary>
    /// The value of a variable of the environment; empty without it. The name ends in an equals sign.
    /// </summary>
    ReadOnlySpan<byte> Variable(ReadOnlySpan<byte> name);

    /// <summary>True if a path leads to something, or to something that may not be looked at.</summary>
    bool Exists(ReadOnlySpan<byte> path);

    /// <summary>True if a descriptor is open.</summary>
    bool IsOpen(FdNumber fd);

    /// <summary>A stream to the unix socket at a path, without waiting. Its number is above 2.</summary>
    Errno Connect(ReadOnlySpan<byte> path, out FdNumber socket);

    /// <summary>Waits for one of these, poll(2). None when a signal came first.</summary>
    SendingEvents Wait(FdNumber socket, SendingEvents wanted, int milliseconds);

    /// <summary>Reads once; success without data is the end.</summary>
    Errno Read(FdNumber fd, Span<byte> free, out int count);

    /// <summary>One write.</summary>
    Errno Write(FdNumber fd, ReadOnlySpan<byte> bytes, out int count);

    /// <summary>One write to a socket, which sends no SIGPIPE.</summary>
    Errno Send(FdNumber socket, ReadOnlySpan<byte> bytes, out int count);

    /// <summary>Fills it with random bytes.</summary>
    void Random(Span<byte> bytes);
}
