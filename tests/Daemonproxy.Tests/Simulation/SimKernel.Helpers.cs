using System;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>Helpers: processes that do the daemon's own tasks, at once or as late as the path says.</summary>
internal sealed unsafe partial class SimKernel
{
    // Apart from those of other processes, so that helpers do not change them.
    private const int FirstHelperPid = 50_001;
    private int _lastHelperPid = FirstHelperPid - 1;

    /// <summary>Closing by a helper takes so many nanoseconds; below 0: it does not return.</summary>
    public long ClosingTime { get; set; }

    public override Errno StartHelper(ref HelperPlan plan, ref Pid pid)
    {
        Errno reason = Faults.Enter(SimCall.StartHelper);
        if (reason != Errno.None)
        {
            return reason;
        }

        SimProcess process = NewProcess(++_lastHelperPid);
        pid = new Pid(process.Pid);
        fixed (HelperPlan* shared = &plan)
        {
            process.Plan = (nint)shared;
        }

        SimNode? node = NodeOf(plan);
        long delay = plan.Task == HelperTask.Close ? ClosingTime
            : plan.Task == HelperTask.MakeGroup ? GroupTime
            : node?.AnswersAfter ?? 0;
        process.IsStuck = node is { IsStuck: true };
        process.EndsAt = delay < 0 ? long.MaxValue : _now + delay;
        process.Reason = EndReason.Exited;
        process.Value = 0;
        if (delay == 0)
        {
            FinishHelper(process);
            End(process, EndReason.Exited, 0);
        }

        return Errno.None;
    }

    public override void DoPlan(ref HelperPlan plan)
    {
        long bound = new Seconds(Limits.HelperBound).Value * Seconds.Nanoseconds;
        long delay = StartNodeOf(plan)?.AnswersAfter ?? 0;
        bool isLate = delay < 0 || delay > bound;
        _now += isLate ? bound : delay;
        if (isLate)
        {
            plan.Answer.Reason = Errno.ETIMEDOUT;
            plan.Answer.Blocking = FdBlocking.All;
            return;
        }

        fixed (HelperPlan* own = &plan)
        {
            HelperWork.Run(new PathCalls(this), own);
        }
    }

    // A process that ends by itself has done its task before. One that was sent SIGKILL in a call that this does not
    // interrupt ends when the call returns, and says nothing of what it has opened.
    private void FinishHelper(SimProcess process)
    {
        if (process.Plan != 0)
        {
            HelperPlan* plan = (HelperPlan*)process.Plan;
            HelperWork.Run(new PathCalls(this), plan);
            plan->Answer.Fd = process.IsKilled ? FdNumber.None : plan->Answer.Fd;
            process.Plan = 0;
        }
    }

    // What it waits for: the file at its path, or its directory.
    private SimNode? NodeOf(in HelperPlan plan)
    {
        ReadOnlySpan<byte> path = plan.Task switch
        {
            HelperTask.Open or HelperTask.ChangeDirectory or HelperTask.OpenProgram =>
                MemoryMarshal.CreateReadOnlySpanFromNullTerminated(plan.Path),
            HelperTask.BindSocket or HelperTask.RenewSocket or HelperTask.CreateControlSocket
                or HelperTask.RenewControlSocket =>
                plan.Address.Path,
            HelperTask.RemoveSocketFile when !plan.Old.IsEmpty => plan.Old.Path,
            _ => default,
        };
        SimNode? node = SlowNodeOn(path);
        bool isFile = plan.Task is HelperTask.Examine or HelperTask.WriteLog or HelperTask.CopyInput
                or HelperTask.WriteOutput
            && FileOf(plan.Fds[0]) is SimRegular;
        return isFile ? ((SimRegular)FileOf(plan.Fds[0])!).Node : node;
    }

    // A config at the start is opened late if its directory answers late, and read late if the file itself does.
    private SimNode? StartNodeOf(in HelperPlan plan)
    {
        if (plan.Task != HelperTask.Open)
        {
            return NodeOf(plan);
        }

        ReadOnlySpan<byte> path = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(plan.Path);
        return SlowNodeOn(path[..Math.Max(path.LastIndexOf((byte)'/'), 0)]);
    }

    // The node at a path; or, if it answers at once, the last directory on the way to it that does not.
    private SimNode? SlowNodeOn(ReadOnlySpan<byte> path)
    {
        SimNode? node = null;
        while (path.Length > 1 && node is null or { AnswersAfter: 0 })
        {
            Find(path, out node);
            int slash = path.LastIndexOf((byte)'/');
            path = slash < 0 ? default : path[..slash];
        }

        return node;
    }

    public override bool TryExamine(FdNumber fd, out FdIdentity identity, out FdBlocking delay)
    {
        identity = default;
        delay = FdBlocking.None;
        return FileOf(fd) is SimRegular { Node.IsRemote: false } && Identify(fd, out identity) == Errno.None;
    }

    private const uint UsualOfSocket = 0x1C0;

    private readonly struct PathCalls(SimKernel kernel) : IPathCalls
    {
        public Errno MakeDirectory(byte* path) => kernel.MakeDirectory(Text(path));

        public Errno Open(byte* path, OpenMode mode, out FdNumber fd) => kernel.Open(Text(path), mode, out fd);

        public Errno CreateFile(byte* path, OpenMode mode, out FdNumber fd) =>
            kernel.CreateFile(Text(path), mode, out fd);

        public Errno OpenEntry(byte* path, out FdNumber fd) => kernel.OpenEntry(Text(path), out fd);

        public Errno FindOwner(byte* owner, FileOwner* numbers) => kernel.FindOwner(Text(owner)[..^1], out *numbers);

        public Errno SetOwner(FdNumber fd, FileOwner owner) => kernel.SetOwner(fd, owner);

        public Errno SetPermissions(FdNumber fd, uint mode) => kernel.SetPermissions(fd, mode);

        public Errno OpenProgram(byte* path, out FdNumber fd) => kernel.OpenProgram(Text(path), out fd);

        public Errno ChangeDirectory(byte* path) => kernel.ChangeDirectory(Text(path));

        public Errno CurrentDirectory(byte* room, int bytes)
        {
            Errno reason = kernel.CurrentDirectory(new Span<byte>(room, bytes), out int length);
            room[length] = 0;
            return reason;
        }

        public Errno IdentifyPath(byte* path, out FdIdentity identity) =>
            kernel.IdentifyPath(Text(path), out identity);

        public Errno CheckTerminal(FdNumber fd) =>
            kernel.FileOf(fd) is SimRegular { Node.Kind: SimNodeKind.Terminal } ? Errno.None : Errno.ENOTTY;

        public void Write(FdNumber fd, byte* text)
        {
            ReadOnlySpan<byte> line = Text(text)[..^1];
            int sent = 0;
            kernel.Write(fd, line, ref sent);
        }

        public Errno Write(FdNumber fd, byte* bytes, int count, ref int done) =>
            kernel.Write(fd, new ReadOnlySpan<byte>(bytes, count), ref done);

        public Errno CopyToMemory(FdNumber fd, byte* room, int bytes, out FdNumber copy)
        {
            copy = FdNumber.None;
            if (kernel.FileOf(fd) is not SimRegular file)
            {
                return Errno.ESPIPE;
            }

            SimNode source = file.Node;
            SimNode memory = new("memory", SimNodeKind.File, source.Inode + 1_000_000) { Text = source.Text };
            copy = kernel.PutLowest(kernel.OpenNode(memory, OpenMode.Read));
            return Errno.None;
        }

        public bool IsExecutable(byte* path) =>
            kernel.Find(Text(path)[..^1], out SimNode? node) == Errno.None && node?.Program is not null;

        public Errno WalkTrees(ProcessScanPlan* plan) => kernel.WalkTrees(plan);

        public Errno MakeGroup(GroupPlan* plan, out FdNumber fd) => kernel.MakeGroup(plan, out fd);

        public Errno Unlink(byte* path) => kernel.Unlink(Text(path));

        public Errno Rename(byte* from, byte* to) => kernel.Rename(Text(from), Text(to));

        public Errno Socket(SocketShape shape, out FdNumber fd) => kernel.Socket(shape, out fd);

        public Errno AllowReuse(FdNumber fd) => kernel.AllowReuse(fd);

        public Errno Bind(FdNumber fd, SocketAddress* address, uint mode)
        {
            Errno reason = kernel.Bind(fd, *address);
            if (reason == Errno.None && mode != UsualOfSocket)
            {
                ((SimSocket)kernel.FileOf(fd)!).Node!.Permissions = mode;
            }

            return reason;
        }

        public Errno Listen(FdNumber fd, int backlog) => kernel.Listen(fd, backlog);

        public Errno SetNonblocking(FdNumber fd) => kernel.SetNonblocking(fd, true);

        public Errno Probe(SocketAddress* address) => kernel.Probe(*address);

        public bool IsBound(SocketAddress* address) => kernel.IsBound(*address);

        public Errno Examine(FdNumber fd, out FdIdentity identity, out FdBlocking delay)
        {
            Errno reason = kernel.Identify(fd, out identity);
            bool isRemote = kernel.FileOf(fd) is SimRegular { Node.IsRemote: true };
            delay = isRemote ? FdBlocking.All
                : identity.Kind == FdKind.Socket ? FdBlocking.Close
                : FdBlocking.None;
            return reason;
        }

        public void LeaveAllBut(FdNumber fd)
        {
        }

        public FdNumber Raise(FdNumber fd) =>
            kernel.Duplicate(fd, isHigh: true, out FdNumber high) == Errno.None ? high : FdNumber.None;

        public void Close(FdNumber fd)
        {
            kernel.Close(fd);
            if (fd.Value <= 2)
            {
                kernel.Put(fd.Value, kernel.OpenNode(kernel.NodeAt("/dev/null")!, OpenMode.Read | OpenMode.Write));
            }
        }

        private static ReadOnlySpan<byte> Text(byte* path)
        {
            int length = 0;
            while (path[length++] != 0)
            {
            }

            return new ReadOnlySpan<byte>(path, length);
        }
    }
}
