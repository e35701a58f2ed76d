using System;
using System.Runtime.CompilerServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>
/// The simulated kernel as the daemon sees it, where a call that may wait in a turn takes a second of virtual time:
/// any but fcntl(2) on a file of a file system that may stop answering, closing a socket that lingers, a path that is
/// not a device, and every call that belongs to the start, a resume or the end. docs/RESILIENCE.md has the table.
/// </summary>
internal sealed unsafe partial class SlowCalls(SimKernel kernel) : SystemCalls
{
    private bool _isInTurn;

    /// <summary>The first call of the turn that waited; null: none did.</summary>
    public string? Waited { get; private set; }

    /// <summary>A turn begins.</summary>
    public void BeginTurn()
    {
        _isInTurn = true;
        Waited = null;
    }

    /// <summary>The turn has ended, or the daemon in it.</summary>
    public void EndTurn() => _isInTurn = false;

    public override Instant Now() => kernel.Now();

    public override Errno SetPollInterest(FdNumber fd, PollInterest interest, PollToken token, bool again)
    {
        Use(fd);
        return kernel.SetPollInterest(fd, interest, token, again);
    }

    public override void RemovePollInterest(FdNumber fd)
    {
        Use(fd);
        kernel.RemovePollInterest(fd);
    }

    public override bool HasInput(FdNumber fd)
    {
        Use(fd);
        return kernel.HasInput(fd);
    }

    public override long CountUnread(FdNumber output, FdKind kind)
    {
        Use(output);
        return kernel.CountUnread(output, kind);
    }

    public override int Wait(Span<ReadyDescriptor> ready, Instant now, Instant deadline) =>
        kernel.Wait(ready, now, deadline);

    public override Errno Read(FdNumber fd, Span<byte> free, ref int filled)
    {
        Use(fd);
        return kernel.Read(fd, free, ref filled);
    }

    public override Errno Write(FdNumber fd, ReadOnlySpan<byte> bytes, ref int sent)
    {
        Use(fd);
        return kernel.Write(fd, bytes, ref sent);
    }

    public override Errno WriteShared(FdNumber fd, FdKind kind, ReadOnlySpan<byte> bytes, ref int sent)
    {
        Use(fd);
        return kernel.WriteShared(fd, kind, bytes, ref sent);
    }

    public override Errno WriteLog(FdNumber fd, FdKind kind, ReadOnlySpan<byte> bytes, ref int sent)
    {
        Use(fd);
        return kernel.WriteLog(fd, kind, bytes, ref sent);
    }

    public override Errno ReadShared(FdNumber fd, FdKind kind, Span<byte> free, ref int filled)
    {
        Use(fd);
        return kernel.ReadShared(fd, kind, free, ref filled);
    }

    public override Errno Open(ReadOnlySpan<byte> path, OpenMode mode, out FdNumber fd)
    {
        Reach(path);
        return kernel.Open(path, mode, out fd);
    }

    public override Errno OpenNewNullDevice(out FdNumber fd)
    {
        Outside();
        return kernel.OpenNewNullDevice(out fd);
    }

    public override Errno Pipe(out FdNumber reader, out FdNumber writer) => kernel.Pipe(out reader, out writer);

    public override Errno SocketPair(SocketShape shape, out FdNumber first, out FdNumber second) =>
        kernel.SocketPair(shape, out first, out second);

    public override Errno SetNonblocking(FdNumber fd, bool nonblocking) => kernel.SetNonblocking(fd, nonblocking);

    public override Errno Duplicate(FdNumber fd, bool isHigh, out FdNumber duplicate) =>
        kernel.Duplicate(fd, isHigh, out duplicate);

    public override Errno SendDescriptor(
        FdNumber socket, ReadOnlySpan<byte> bytes, FdNumber descriptor, ref int sent)
    {
        Use(socket);
        return kernel.SendDescriptor(socket, bytes, descriptor, ref sent);
    }

    public override Errno Identify(FdNumber fd, out FdIdentity identity)
    {
        Use(fd);
        return kernel.Identify(fd, out identity);
    }

    public override bool IsPipe(FdNumber fd) => kernel.IsPipe(fd);

    public override bool IsOpen(FdNumber fd) => kernel.IsOpen(fd);

    public override void Close(FdNumber fd)
    {
        Use(fd);
        WaitIf(kernel.FileOf(fd) is { Lingers: true });
        kernel.Close(fd);
    }

    public override FdNumber NextOpen(FdNumber after) => kernel.NextOpen(after);

    public override bool MayLinger(FdNumber fd)
    {
        Use(fd);
        return kernel.MayLinger(fd);
    }

    public override Errno Socket(SocketShape shape, out FdNumber fd) => kernel.Socket(shape, out fd);

    public override Errno AllowReuse(FdNumber fd)
    {
        Use(fd);
        return kernel.AllowReuse(fd);
    }

    public override void ShareAddress(FdNumber fd, bool isShared)
    {
        Use(fd);
        kernel.ShareAddress(fd, isShared);
    }

    public override bool IsIntact(FdNumber fd, bool listens)
    {
        Use(fd);
        return kernel.IsIntact(fd, listens);
    }

    public override Errno Bind(FdNumber fd, in SocketAddress address) => kernel.Bind(fd, in address);

    public override Errno Listen(FdNumber fd, int backlog)
    {
        Use(fd);
        return kernel.Listen(fd, backlog);
    }

    public override Errno Accept(FdNumber listener, out FdNumber connection)
    {
        Use(listener);
        return kernel.Accept(listener, out connection);
    }

    public override int CountWaiting(FdNumber listener)
    {
        Use(listener);
        return kernel.CountWaiting(listener);
    }

    public override Errno Receive(
        FdNumber fd,
        Span<byte> free,
        ref int filled,
        Span<FdNumber> passed,
        ref int passedCount,
        Span<FdNumber> surplus,
        out int surplusCount)
    {
        Use(fd);
        return kernel.Receive(fd, free, ref filled, passed, ref passedCount, surplus, out surplusCount);
    }

    public override Errno NotifySocket(out FdNumber fd) => kernel.NotifySocket(out fd);

    public override Errno ReceiveMessage(
        FdNumber fd,
        Span<byte> free,
        ref int received,
        ref SenderCredentials sender,
        Span<FdNumber> passed,
        ref int passedCount,
        Span<FdNumber> surplus,
        out int surplusCount)
    {
        Use(fd);
        return kernel.ReceiveMessage(
            fd, free, ref received, ref sender, passed, ref passedCount, surplus, out surplusCount);
    }

    // fcntl(2) and getsockopt(2) only, until it is known to be a pipe, a socket or memory.
    public override void Classify(FdNumber fd, out FdIdentity identity, out FdBlocking blocking) =>
        kernel.Classify(fd, out identity, out blocking);

    public override Pid SessionOf(Pid pid) => kernel.SessionOf(pid);

    // Of what is in memory or on a local disk only.
    public override bool TryExamine(FdNumber fd, out FdIdentity identity, out FdBlocking blocking) =>
        kernel.TryExamine(fd, out identity, out blocking);

    public override bool IsSessionGone(Pid leader) => kernel.IsSessionGone(leader);

    public override ulong RaiseOpenFiles()
    {
        Outside();
        return kernel.RaiseOpenFiles();
    }

    public override void SetServiceOpenFiles(ulong soft)
    {
        Outside();
        kernel.SetServiceOpenFiles(soft);
    }

    public override bool HasSupervisor => kernel.HasSupervisor;

    public override long SupervisorWatchdog => kernel.SupervisorWatchdog;

    public override Errno NotifySupervisor(ReadOnlySpan<byte> message) => kernel.NotifySupervisor(message);

    public override ulong RandomNumber() => kernel.RandomNumber();

    public override Errno ReportPipe(out ReportPipe pipe) => kernel.ReportPipe(out pipe);

    public override Errno Spawn(ref LaunchPlan plan, ref Pid pid) => kernel.Spawn(ref plan, ref pid);

    public override Errno StartHelper(ref HelperPlan plan, ref Pid pid) => kernel.StartHelper(ref plan, ref pid);

    public override void DoPlan(ref HelperPlan plan)
    {
        Outside();
        kernel.DoPlan(ref plan);
    }

    public override Errno Reap(ref ReapedChild child) => kernel.Reap(ref child);

    public override bool IsChild(Pid pid) => kernel.IsChild(pid);

    public override Errno Kill(Pid pid, Signal signal) => kernel.Kill(pid, signal);

    public override Errno KillGroup(Pid group, Signal signal) => kernel.KillGroup(group, signal);

    public override Pid OwnPid() => kernel.OwnPid();

    public override bool IsRoot() => kernel.IsRoot();

    public override PeerCredentials CredentialsOf(FdNumber connection) => kernel.CredentialsOf(connection);

    public override void CountSignals(SignalCounts* ledger, SignalSet counted)
    {
        Outside();
        kernel.CountSignals(ledger, counted);
    }

    public override FdNumber WatchGroups() => kernel.WatchGroups();

    public override bool TakeGroupNotice() => kernel.TakeGroupNotice();

    public override bool TakeChildNotice() => kernel.TakeChildNotice();

    public override ulong TakeDroppedSignals() => kernel.TakeDroppedSignals();

    public override Errno CreateImage(long bytes, out FdNumber fd, out void* memory)
    {
        Outside();
        return kernel.CreateImage(bytes, out fd, out memory);
    }

    public override Errno MapImage(FdNumber fd, bool isCopy, out long bytes, out void* memory)
    {
        Outside();
        return kernel.MapImage(fd, isCopy, out bytes, out memory);
    }

    public override Errno ReserveImage(long offset, long bytes) => kernel.ReserveImage(offset, bytes);

    public override long EndOfImageData(FdNumber fd, long offset, long bytes)
    {
        Outside();
        return kernel.EndOfImageData(fd, offset, bytes);
    }

    public override void ReleaseImage(long offset, long bytes) => kernel.ReleaseImage(offset, bytes);

    public override void* Allocate(long bytes)
    {
        Outside();
        return kernel.Allocate(bytes);
    }

    public override void Guard(void* memory, long bytes) => kernel.Guard(memory, bytes);

    public override void RestoreDumpable() => kernel.RestoreDumpable();

    public override void ReleaseMemory(void* memory, long bytes) => kernel.ReleaseMemory(memory, bytes);

    public override Errno LockMemory()
    {
        Outside();
        return kernel.LockMemory();
    }

    public override Errno Execute(ref LaunchPlan plan, ReadOnlySpan<FdNumber> kept)
    {
        Outside();
        return kernel.Execute(ref plan, kept);
    }

    public override Errno Daemonize(FdNumber image, out Pid pid, out FdNumber word)
    {
        Outside();
        return kernel.Daemonize(image, out pid, out word);
    }

    public override Errno OpenOwnProgram(out FdNumber program) => kernel.OpenOwnProgram(out program);

    public override Errno StartCheck(in CheckRequest request, ref Pid pid, out FdNumber answer) =>
        kernel.StartCheck(request, ref pid, out answer);

    public override Errno CheckFailure => kernel.CheckFailure;

    public override Errno ReplaceProgram(FdNumber program, bool isOwn) => kernel.ReplaceProgram(program, isOwn);

    public override void SurviveCrashes(CrashNote* note, SavedLimits* limits, FdNumber image)
    {
        Outside();
        kernel.SurviveCrashes(note, limits, image);
    }

    public override void Crash(Signal signal) => kernel.Crash(signal);

    public override void NotifyReady()
    {
        Outside();
        kernel.NotifyReady();
    }

    public override void Seal()
    {
        Outside();
        kernel.Seal();
    }

    public override long AllocatedSinceSeal() => kernel.AllocatedSinceSeal();

    // A call of the start, a resume or the end: there it may wait.
    private void Outside([CallerMemberName] string call = "") => WaitIf(true, call);

    private void Use(FdNumber fd, [CallerMemberName] string call = "") =>
        WaitIf(kernel.FileOf(fd) is SimRegular { Node.IsRemote: true }, call);

    private void Reach(ReadOnlySpan<byte> path, [CallerMemberName] string call = "") =>
        WaitIf(!path.StartsWith("/dev/"u8) && !path.SequenceEqual("/\0"u8), call);

    private void WaitIf(bool mayWait, [CallerMemberName] string call = "")
    {
        if (_isInTurn && mayWait)
        {
            Waited ??= call;
            kernel.Pass(Seconds.Nanoseconds);
        }
    }
}
