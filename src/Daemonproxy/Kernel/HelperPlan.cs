using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>The tasks of helpers; part of the image's layout: only append.</summary>
internal enum HelperTask : byte
{
    None,

    /// <summary>Opens a file, and makes its parents if asked to.</summary>
    Open,

    /// <summary>Makes a socket with an address that is a path.</summary>
    BindSocket,

    /// <summary>Changes the working directory.</summary>
    ChangeDirectory,

    /// <summary>Makes the control socket, and removes the file of the one before it.</summary>
    CreateControlSocket,

    /// <summary>Removes the file of a socket, unless there is another one at its path by now.</summary>
    RemoveSocketFile,

    /// <summary>Describes a descriptor that another program opened.</summary>
    Examine,

    /// <summary>Closes descriptors.</summary>
    Close,

    /// <summary>Opens a program that is to take our place, to be executed by its descriptor.</summary>
    OpenProgram,

    /// <summary>Looks for the processes of trees, and sends them signals.</summary>
    WalkTrees,

    /// <summary>Removes files, whatever comes of it: a list of paths, which an empty one ends.</summary>
    RemoveFiles,

    /// <summary>Makes a control group for a run of a service.</summary>
    MakeGroup,

    /// <summary>
    /// Writes a text on the console, and looks for a program that can be executed: see
    /// <see cref="HelperAnswer.Found"/>.
    /// </summary>
    FindRescue,

    /// <summary>Makes the control socket anew, unless its path leads to it.</summary>
    RenewControlSocket,

    /// <summary>
    /// The same as BindSocket, for a named socket that no client can reach, without a command.
    /// </summary>
    RenewSocket,

    /// <summary>Writes messages of the log to a file that may stop answering.</summary>
    WriteLog,

    /// <summary>Copies a file that may stop answering into memory, to be read from there.</summary>
    CopyInput,

    /// <summary>
    /// Writes the output of a session to a file that may stop answering. It goes on when the daemon has crashed, been
    /// replaced or ended: its progress is in the image.
    /// </summary>
    WriteOutput,
}

/// <summary>The calls on a descriptor that may block, with or without O_NONBLOCK; part of the image's layout.</summary>
internal enum FdBlocking : byte
{
    /// <summary>Not examined yet: all calls may block.</summary>
    Unknown,

    /// <summary>None: a pipe, a terminal, or a file of a local file system.</summary>
    None,

    /// <summary>close(2) only: a socket, which may linger, or a device, which may drain.</summary>
    Close,

    /// <summary>All but fcntl(2): a file of a file system that may stop answering.</summary>
    All,
}

/// <summary>The step that failed in a task that makes a socket or a file.</summary>
internal enum HelperStep : byte
{
    None,
    Socket,
    Reuse,
    Bind,
    Listen,
    Nonblock,

    /// <summary>None: the existing socket has the requested options.</summary>
    Kept,

    /// <summary>At the path of the control socket is a file that is not a socket.</summary>
    NoSocketThere,

    /// <summary>Another program listens at the path of the control socket.</summary>
    SomebodyListens,

    /// <summary>Beside the path of the control socket, where it is made, is another file.</summary>
    FileBeside,

    /// <summary>Finding the numbers of the owner; <c>ENOENT</c>: there is no such name.</summary>
    Account,

    /// <summary>Giving the file to its owner.</summary>
    Owner,

    /// <summary>Setting the permissions of the file.</summary>
    Permissions,
}

/// <summary>The progress of a helper of task WriteOutput; in its record, and part of the image's layout.</summary>
internal struct HelperProgress
{
    /// <summary>The bytes that were written.</summary>
    public int Written;

    /// <summary>The error that ended the write; none while it writes, and when all bytes are written.</summary>
    public Errno Reason;
}

/// <summary>The state of the rest of an output, which the daemon leaves to a helper at its end.</summary>
internal enum RemainderState
{
    /// <summary>There is none so far.</summary>
    None,

    /// <summary>There is one, which the helper writes behind its own bytes.</summary>
    There,

    /// <summary>The helper has written its bytes, and looks for no rest any more.</summary>
    TooLate,
}

/// <summary>The answer of a helper.</summary>
internal unsafe struct HelperAnswer
{
    /// <summary>The error; none on success.</summary>
    public Errno Reason;

    /// <summary>The error as people read it.</summary>
    public readonly ReadOnlySpan<byte> ReasonText =>
        Reason == Errno.ETIMEDOUT ? "its file system does not answer"u8 : Reason.Text();

    /// <summary>The step that failed in a task that makes a socket or a file.</summary>
    public HelperStep Step;

    /// <summary>The calls on the descriptor that may block.</summary>
    public FdBlocking Blocking;

    /// <summary>The descriptor that was made, or none. Of task Examine: the one to use instead, or none.</summary>
    public FdNumber Fd;

    /// <summary>The file behind the descriptor.</summary>
    public FdIdentity Identity;

    /// <summary>The file of the socket that was made or kept, or that was to be removed.</summary>
    public FdIdentity File;

    /// <summary>Of WriteLog: how many bytes were written so far.</summary>
    public int Done;

    /// <summary>Of FindRescue: the program among the texts of the plan; null when none can be executed.</summary>
    public byte* Found;
}

/// <summary>
/// The task of a helper with all that it needs, in memory that does not move: a helper reads and writes it while the
/// daemon continues. Paths end in a NUL.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HelperPlan
{
    public HelperTask Task;

    /// <summary>Of Open: how. Of BindSocket: whether it is nonblocking.</summary>
    public OpenMode Mode;

    /// <summary>Makes the directories on the way that are missing; what fails of that, the next step tells.</summary>
    public bool MakesParents;

    /// <summary>
    /// Room for a path of <see cref="PathBytes"/>; a task that makes a socket at a relative path puts the working
    /// directory there. Of FindRescue: a text, the path of the console, those of programs, and an empty one.
    /// </summary>
    public byte* Path;

    /// <summary>
    /// Of Open and BindSocket: <c>USER[:GROUP]</c>, the owner of the file that is made; null: it is the daemon's.
    /// </summary>
    public byte* Owner;

    /// <summary>
    /// For RenewSocket and WriteLog: the identifier for their owners. Of WriteOutput: the connection.
    /// </summary>
    public long Ticket;

    /// <summary>Of WriteLog and WriteOutput: how many bytes, which stand where the path would be.</summary>
    public int Bytes;

    /// <summary>Of WriteOutput: its progress, and what the daemon leaves to it at its end.</summary>
    public HelperProgress* Progress;
    public byte* Rest;
    public int RestBytes;
    public RemainderState RemainderState;

    /// <summary>Of Open and BindSocket: the permissions of the file that is made, if they are given.</summary>
    public uint Permissions;
    public bool HasPermissions;

    /// <summary>The shape, the address and the queue of a socket; 0: it does not listen.</summary>
    public SocketShape Shape;
    public SocketAddress Address;
    public int Backlog;

    /// <summary>
    /// The path at which a control socket is made before it is moved to its address, and at which the previous socket
    /// is kept while the next one is made; empty if the path is too long.
    /// </summary>
    public SocketAddress Beside;

    /// <summary>The address of the socket so far, and its file; empty when there is none.</summary>
    public SocketAddress Old;
    public FdIdentity OldFile;

    /// <summary>Of BindSocket: there is a socket as it is asked for: it is kept if its file is still there.</summary>
    public bool MayKeep;

    /// <summary>
    /// The descriptors of Examine, CopyInput, Close, RemoveSocketFile, WriteLog and WriteOutput, how many there are,
    /// and how many were begun. Of the last two: one that was begun is not to be closed.
    /// </summary>
    public FdNumbers Fds;
    public int FdCount;
    public int FdsBegun;

    /// <summary>The trees of WalkTrees.</summary>
    public ProcessScanPlan Trees;

    /// <summary>The group of MakeGroup.</summary>
    public GroupPlan Group;

    /// <summary>The end of the helper's stack, of <see cref="StackBytes"/>.</summary>
    public byte* StackTop;
    public HelperAnswer Answer;

    /// <summary>The permissions of the file that is made: those that are given, or the usual ones.</summary>
    public readonly uint PermissionsOr(uint usual) => HasPermissions ? Permissions : usual;

    /// <summary>A path of a line, and its NUL.</summary>
    public const int PathBytes = 4096 + 1;

    /// <summary>Enough for a few frames; one or two pages of it are ever touched.</summary>
    public const int StackBytes = 32 * 1024;

    /// <summary>
    /// The lowest number of a descriptor whose calls may wait, if the limit of open files (RLIMIT_NOFILE) is above it.
    /// The child of a launch can leave them behind: CLOSE_RANGE_UNSHARE from this number on, close_range(2). Half of
    /// the limit of 1,024 that most systems have.
    /// </summary>
    public const int FirstHigh = 512;

    /// <summary>Descriptors that one helper closes.</summary>
    [InlineArray(Most)]
    internal struct FdNumbers
    {
        public const int Most = 64;
        private FdNumber _first;
    }
}
