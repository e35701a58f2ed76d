using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>The events that epoll reports of a descriptor; hang-up and errors are always reported.</summary>
[Flags]
internal enum PollInterest : byte
{
    None = 0,
    Read = 1,
    Write = 2,

    /// <summary>Only what is new is reported, once: EPOLLET.</summary>
    Edge = 4,
}

/// <summary>
/// Names the owner of a registered descriptor: kind, index, and the generation of the object at that index, so that
/// reports for an object that was closed in the same turn are distinguished from those of its successor.
/// </summary>
internal readonly record struct PollToken
{
    public PollToken(PollTokenKind kind, int generation, int index) =>
        Packed = ((ulong)kind << 56) | ((ulong)(generation & 0xFFFFFF) << 32) | (uint)index;

    private PollToken(ulong packed) => Packed = packed;

    /// <summary>The 64 bits that epoll keeps for us.</summary>
    public ulong Packed { get; }

    public PollTokenKind Kind => (PollTokenKind)(Packed >> 56);

    /// <summary>0 to 2^24 − 1, wrapping around.</summary>
    public int Generation => (int)(Packed >> 32) & 0xFFFFFF;

    public int Index => (int)(uint)Packed;

    public static PollToken Unpack(ulong packed) => new(packed);

    /// <summary>Empty: the compiler's version would bring the reflection of enums into the binary, 70 KB.</summary>
    public override string ToString() => string.Empty;
}

/// <summary>The kind of object that a token's index counts.</summary>
internal enum PollTokenKind : byte
{
    Signals,
    ConnectionInput,
    ConnectionOutput,
    ControlSocket,
    UpgradeCheck,
    Launch,
    Readiness,
    Trigger,
    NotifySocket,
}

/// <summary>One descriptor that is ready.</summary>
internal readonly record struct ReadyDescriptor(PollToken Token, bool Readable, bool Writable, bool Broken);

/// <summary>The mode of open(2): files get mode 0600, are never a controlling terminal, and are close-on-exec as
/// requested.</summary>
[Flags]
internal enum OpenMode
{
    Read = 1,
    Write = 2,
    Append = 4,
    Create = 8,
    Truncate = 16,
    Nonblocking = 32,
    CloseOnExec = 64,

    /// <summary>
    /// Not to wait for the other end of a fifo or the carrier of a line: ENXIO for a fifo without a reader.
    /// </summary>
    AtOnce = 128,
}

/// <summary>The type of file behind a descriptor.</summary>
internal enum FdKind : byte
{
    None,
    File,
    Pipe,
    Socket,
    Other,
}

/// <summary>The identity of an open file, fstat(2), by which a resume recognises it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FdIdentity
{
    public ulong Device;
    public ulong Inode;
    public uint Mode;
    public FdKind Kind;
    public bool Readable;
    public bool Writable;
    public bool Nonblocking;
    public ushort SocketDomain;
    public ushort SocketType;
    public bool Appending;

    public readonly bool IsDirectory => Mode >> 12 == 4;

    /// <summary>True if both are the same file of the same type; flags may differ.</summary>
    public readonly bool IsSameFile(in FdIdentity other) =>
        Device == other.Device && Inode == other.Inode && Mode >> 12 == other.Mode >> 12;
}

/// <summary>The way a process ended, waitid(2): CLD_EXITED, CLD_KILLED.</summary>
internal enum EndReason : byte
{
    None = 0,
    Exited = 1,
    Killed = 2,
}

/// <summary>
/// A child that ended, cleared once its end is announced. It is the siginfo_t of waitid(2), so that the kernel itself
/// stores it in the image: a child that is no longer there to be waited for is always in here.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct ReapedChild
{
    private const int CLD_DUMPED = 3;

    [FieldOffset(8)]
    private int _code;

    [FieldOffset(16)]
    public Pid Pid;

    /// <summary>The exit code, or the number of the signal.</summary>
    [FieldOffset(24)]
    public int Value;

    public EndReason Reason
    {
        readonly get => _code == CLD_DUMPED ? EndReason.Killed : (EndReason)_code;
        set => _code = (int)value;
    }
}

/// <summary>A set of signal numbers 1 to 63.</summary>
internal readonly record struct SignalSet(ulong Bits)
{
    public bool Contains(Signal signal) => signal.Number is > 0 and < 64 && ((Bits >> signal.Number) & 1) != 0;

    public SignalSet With(int number) => new(Bits | (1UL << number));
}

/// <summary>One signal's arrivals. The handler writes the first two, PendingSignals the others.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SignalCounts
{
    /// <summary>The number of arrivals since the start.</summary>
    public long Arrived;

    /// <summary>The time of the last arrival, in nanoseconds of CLOCK_MONOTONIC.</summary>
    public long Last;

    /// <summary>The number of arrivals that were announced.</summary>
    public long Announced;

    /// <summary>The number of arrivals that <c>signal.clear</c> took off.</summary>
    public long Cleared;
}

/// <summary>The two ends of the pipe for the report of a launch.</summary>
internal readonly record struct ReportPipe(FdNumber Reader, FdNumber Writer)
{
    public static ReportPipe None => new(FdNumber.None, FdNumber.None);

    public bool IsNone => Reader.IsNone;

    /// <summary>Empty: the compiler's version would bring reflection into the binary.</summary>
    public override string ToString() => string.Empty;
}

/// <summary>The part of the image's header that the crash handler reads and writes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CrashNote
{
    /// <summary>
    /// No address of a fault can be these: the process raised the signal itself, or another one sent it.
    /// </summary>
    public const ulong Raised = ulong.MaxValue;
    public const ulong SentByOther = ulong.MaxValue - 1;

    /// <summary>The PID of the process that owns the image; a crash in any other process is not resumed.</summary>
    public int Owner;

    /// <summary>Crashes since the start.</summary>
    public int Count;

    /// <summary>The signal of the last one; 0 for one that was called, not signalled.</summary>
    public int Signal;

    /// <summary>The faulting address of the last one; or that there was none: see the constants.</summary>
    public ulong Address;

    /// <summary>The time of the crash, in nanoseconds of CLOCK_MONOTONIC.</summary>
    public long Time;

    /// <summary>
    /// A fatal signal sent by another process, to be dealt with, and set to 0, at the end of the turn. A second one
    /// before that is a crash at once; the program that resumes still finds the number here.
    /// </summary>
    public int Sent;

    /// <summary>Crashes in the present window, and when that began.</summary>
    public int WindowCount;
    public long WindowStart;

    /// <summary>For tests: the next crash finds another one in its handler.</summary>
    public int IsArmed;
}

/// <summary>A program that is asked whether it can go on with the image.</summary>
/// <param name="Program">A descriptor of it, open(2) with O_PATH.</param>
/// <param name="IsOwnProgram">True if it is the file that this process was started from.</param>
/// <param name="Image">The image.</param>
/// <param name="LeavesHigh">True if closing a descriptor from <see cref="HelperPlan.FirstHigh"/> on may wait.</param>
internal readonly record struct CheckRequest(FdNumber Program, bool IsOwnProgram, FdNumber Image, bool LeavesHigh)
{
    /// <summary>Empty: the compiler's version would bring reflection into the binary.</summary>
    public override string ToString() => string.Empty;
}

/// <summary>Process, user and group of a peer at the time of its connection; -1 if unknown.</summary>
internal readonly record struct PeerCredentials(Pid Pid, long User, long Group)
{
    /// <summary>Empty: the compiler's version would bring formatting into the binary.</summary>
    public override string ToString() => string.Empty;
}
