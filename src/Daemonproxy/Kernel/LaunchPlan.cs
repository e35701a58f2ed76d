using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

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

    /// <summary>The process is in a control group of its own.</summary>
    Cgroup,

    /// <summary>The user and the groups are looked up in /etc/passwd and /etc/group.</summary>
    Account,

    /// <summary>The socket on which the service says how it is gets its address, unix(7).</summary>
    Notify,

    /// <summary>Arguments and variables are read from descriptors.</summary>
    Texts,

    /// <summary>The descriptors get their numbers, and all others are closed.</summary>
    Descriptors,

    /// <summary>The process leads a session or a group of its own, and has a controlling terminal.</summary>
    Session,

    /// <summary>The scheduling policy and the processors.</summary>
    Sched,

    /// <summary>The nice value.</summary>
    Nice,

    /// <summary>The class and priority of input and output.</summary>
    Ionice,

    /// <summary>The adjustment of the OOM killer.</summary>
    Oom,

    /// <summary>The resource limits.</summary>
    Limits,

    /// <summary>The mount namespace.</summary>
    Mounts,

    /// <summary>The root directory, chroot(2).</summary>
    Root,

    /// <summary>The groups, setgroups(2) and setresgid(2).</summary>
    Groups,

    /// <summary>The user, setresuid(2).</summary>
    User,

    /// <summary>The working directory.</summary>
    Dir,

    /// <summary>The capabilities.</summary>
    Caps,

    /// <summary>No new privileges by execve(2).</summary>
    NoNewPrivs,

    /// <summary>The signal for the end of the daemon.</summary>
    Pdeath,

    /// <summary>The program is searched and executed, execve(2).</summary>
    Execute,
}

/// <summary>
/// All that a cloned child needs, prepared by the parent in memory that does not move. The child runs beside us and
/// records its progress in it.
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

    /// <summary>The buffer in which the child composes the path of the file to execute.</summary>
    public byte* Scratch;

    /// <summary>The bytes of <see cref="Scratch"/>.</summary>
    public int ScratchBytes;

    /// <summary>
    /// The descriptors that become 0, 1, 2 and so on; -1 is closed, -2 is a name without a descriptor.
    /// </summary>
    public int* Descriptors;

    /// <summary>Their number.</summary>
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

    /// <summary>The steps of the child, a bit for each.</summary>
    public uint Steps;

    /// <summary>
    /// The steps that are done before all others, a bit for each: with a user that is forced on the service, those up
    /// to the change of the user, so that the kernel refuses to the others what that user may not.
    /// </summary>
    public uint StepsFirst;

    /// <summary>The settings of the service; null when it has none.</summary>
    public LaunchSettings* Settings;

    /// <summary>The mask for the modes of new files, umask(2).</summary>
    public uint Umask;

    /// <summary>
    /// True if the child has memory of its own, as fork(2) makes it: the adjustment of the OOM killer is that of all
    /// processes that share memory.
    /// </summary>
    public bool HasOwnMemory;

    /// <summary>
    /// The control group that the child is to enter, open, or -1: it has memory of its own then, since who meets the
    /// limit of a group is killed together with all that share its memory.
    /// </summary>
    public int Group;

    /// <summary>True if the child is made in that group, and need not move.</summary>
    public bool IsBornInGroup;

    /// <summary>
    /// True if the child changes its credentials. The kernel then makes the memory that it shares with the daemon
    /// undumpable, PR_SET_DUMPABLE of prctl(2).
    /// </summary>
    public bool ChangesCredentials;

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

    /// <summary>umask(2) 077: what a service makes is its own, unless it is set otherwise.</summary>
    public const uint DefaultUmask = 0x3F;

    /// <summary>
    /// The steps that come first for a forced user: the group, which only the daemon may enter; the address of the
    /// notify socket, which is in a directory of the daemon; and the change of the user.
    /// </summary>
    public const uint StepsOfForcedUser = (1u << (int)LaunchStep.Cgroup) | (1u << (int)LaunchStep.Account)
        | (1u << (int)LaunchStep.Notify) | (1u << (int)LaunchStep.Groups) | (1u << (int)LaunchStep.User);

    /// <summary>The steps of every launch.</summary>
    public const uint OrdinarySteps = (1u << (int)LaunchStep.Descriptors) | (1u << (int)LaunchStep.Execute);
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
    /// The object of the failed step, cut to <see cref="Limits.ErrorText"/> bytes: a program, an interpreter, the name
    /// of a descriptor.
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
