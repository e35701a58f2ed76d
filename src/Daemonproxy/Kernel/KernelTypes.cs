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
/// news of an object closed in the same turn is told apart from news of its successor.
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

    /// <summary>Nothing: the compiler's own would bring the reflection of enums into the binary, 70 KB.</summary>
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
    /// Not to wait for the other end of a fifo or the carrier of a line: ENXIO for a fifo that nobody reads.
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
/// A child that ended, cleared once it has been told. It is the siginfo_t of waitid(2), so that the kernel itself
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

/// <summary>One signal's arrivals. The handler writes the first two, the ledger the others.</summary>
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

/// <summary>
/// The steps of a launch, in the order in which they are done. The first two are the daemon's, the others the child's:
/// see LaunchChild.
/// </summary>
internal enum LaunchStep
{
    None,

    /// <summary>A connection of its own is opened for the service.</summary>
    Connection,

    /// <summary>The process is made, clone(2).</summary>
    Process,

    /// <summary>The descriptors get their numbers, and all others are closed.</summary>
    Descriptors,

    /// <summary>The program is searched and executed, execve(2).</summary>
    Execute,
}

/// <summary>
/// All that a cloned child needs, prepared by the parent in memory that does not move. The child runs beside us and
/// notes in it how far it is.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LaunchPlan
{
    /// <summary>The arguments; argv[0] is the name of the file. One free place stands before it.</summary>
    public byte** Arguments;

    /// <summary>The environment.</summary>
    public byte** Environment;

    /// <summary>Directories to search, separated by colons, for a name without a slash.</summary>
    public byte* SearchPath;

    /// <summary>The names of the descriptors, TABs between them, ended by NUL.</summary>
    public byte* Names;

    /// <summary>Where the child composes the file to execute.</summary>
    public byte* Scratch;

    /// <summary>The bytes of <see cref="Scratch"/>.</summary>
    public int ScratchBytes;

    /// <summary>Which descriptor becomes 0, 1, 2 and so on; -1 is closed, -2 is a name without a descriptor.</summary>
    public int* Descriptors;

    /// <summary>How many there are.</summary>
    public int DescriptorCount;

    /// <summary>Room for as many numbers, for the child.</summary>
    public int* Moved;

    /// <summary>The writing end of the pipe on which the child reports; its other end is the daemon's.</summary>
    public int Report;

    /// <summary>The end of the child's stack, of <see cref="StackBytes"/>.</summary>
    public byte* StackTop;

    /// <summary>
    /// The child leaves the descriptors from <see cref="HelperPlan.FirstHigh"/> on behind, and needs none of them:
    /// closing one of a file system that does not answer would hold it up.
    /// </summary>
    public bool LeavesHigh;

    /// <summary>Not 0 while the child, which is to leave descriptors behind, still uses our table of them.</summary>
    public int SharesTable;

    /// <summary>The step that the child is at.</summary>
    public LaunchStep Step;

    /// <summary>The descriptor that the child is at, from 0.</summary>
    public int Place;

    /// <summary>The interpreter of a program that could not be executed; empty when it has none.</summary>
    public LaunchReport.SubjectText Interpreter;

    /// <summary>Enough for a few frames of a few hundred bytes; one page of it is ever touched.</summary>
    public const int StackBytes = 32 * 1024;

    public const int Closed = -1;
    public const int Undefined = -2;
}

/// <summary>
/// The report of a child that could not execute its program, as it writes it, at once, into its pipe. The pipe ends
/// without a report when the program is executed, or when the child is killed.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LaunchReport
{
    /// <summary>The size of a report; small enough for a pipe to take it whole, pipe(7).</summary>
    public const int Bytes = 12 + SubjectBytes;

    /// <summary>The size of the subject, with the NUL behind it.</summary>
    public const int SubjectBytes = Limits.ErrorText + 1;

    public int Pid;

    /// <summary>The step that failed.</summary>
    public LaunchStep Step;

    /// <summary>The error of that step.</summary>
    public Errno Reason;

    public SubjectText Subject;

    /// <summary>
    /// What the step failed for, cut to <see cref="Limits.ErrorText"/> bytes: a program, an interpreter, the name of a
    /// descriptor.
    /// </summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> SubjectValue
    {
        get
        {
            ReadOnlySpan<byte> bytes = Subject;
            int end = bytes.IndexOf((byte)0);
            return end < 0 ? bytes : bytes[..end];
        }
    }

    /// <summary>Sets the subject, which is cut if it is too long.</summary>
    public void SetSubject(ReadOnlySpan<byte> text)
    {
        Subject = default;
        text[..Math.Min(text.Length, Limits.ErrorText)].CopyTo(Subject);
    }

    /// <summary>The bytes of a subject, ended by NUL.</summary>
    [InlineArray(SubjectBytes)]
    internal struct SubjectText
    {
        private byte _first;
    }
}

/// <summary>The two ends of the pipe for the report of a launch.</summary>
internal readonly record struct ReportPipe(FdNumber Reader, FdNumber Writer)
{
    public static ReportPipe None => new(FdNumber.None, FdNumber.None);

    public bool IsNone => Reader.IsNone;

    /// <summary>Nothing: the compiler's own would bring reflection into the binary.</summary>
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
/// <param name="IsOwnProgram">Whether it is the file that this process was started from.</param>
/// <param name="Image">The image.</param>
/// <param name="LeavesHigh">Whether closing a descriptor from <see cref="HelperPlan.FirstHigh"/> on may wait.</param>
internal readonly record struct CheckRequest(FdNumber Program, bool IsOwnProgram, FdNumber Image, bool LeavesHigh)
{
    /// <summary>Nothing: the compiler's own would bring reflection into the binary.</summary>
    public override string ToString() => string.Empty;
}
