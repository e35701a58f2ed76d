using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>
/// Every service of the operating system that the daemon uses: the whole list. <see cref="LinuxSystemCalls"/> makes the
/// calls; the tests run the same daemon on a simulated one. A result that must not be lost when the daemon crashes
/// right after the call is stored through a <c>ref</c>, which points into the image, by the method that makes the call.
/// Spans called <c>path</c> end in a NUL byte. Nothing here allocates after <see cref="Seal"/>.
/// </summary>
internal abstract unsafe partial class SystemCalls
{
    /// <summary>The most descriptors that are sent along at once, SCM_MAX_FD of unix(7).</summary>
    public const int MostPassed = 253;

    /// <summary>No soft limit of open files: services get that of the daemon.</summary>
    public const ulong AsManyOpenFiles = ulong.MaxValue;

    // Time, clock_gettime(2): CLOCK_MONOTONIC.
    public abstract Instant Now();

    // Waiting, epoll(7). Watch answers EPERM for what is always ready (regular files, /dev/null).
    public abstract Errno SetPollInterest(FdNumber fd, PollInterest interest, PollToken token, bool again);

    public abstract void RemovePollInterest(FdNumber fd);

    /// <summary>
    /// True if there is something to read: data, or a connection to accept, poll(2). The end of the input alone, as of
    /// a pipe without a writer or of a connection that was closed, is nothing to read. Never waits, except for a file
    /// system that does not answer.
    /// </summary>
    public abstract bool HasInput(FdNumber fd);

    /// <summary>Waits until something is ready, a signal came, or the deadline passed; how much is ready.</summary>
    public abstract int Wait(Span<ReadyDescriptor> ready, Instant now, Instant deadline);

    // Bytes. Read adds to what is filled, Write to what is sent; end of input is success that adds nothing.
    public abstract Errno Read(FdNumber fd, Span<byte> free, ref int filled);

    /// <summary>
    /// Writes as <see cref="Write"/> to a unix socket, with a descriptor sent along (SCM_RIGHTS) with the first byte.
    /// ETOOMANYREFS: too many descriptors are under way to others.
    /// </summary>
    public abstract Errno SendDescriptor(
        FdNumber socket, ReadOnlySpan<byte> bytes, FdNumber descriptor, ref int sent);

    public abstract Errno Write(FdNumber fd, ReadOnlySpan<byte> bytes, ref int sent);

    /// <summary>
    /// As <see cref="Write"/>, of a descriptor of this kind whose open file other processes have too. It never waits,
    /// although O_NONBLOCK is not set, and leaves that flag, which is theirs as well, alone. EAGAIN, EINTR: nothing was
    /// taken for now.
    /// </summary>
    public abstract Errno WriteShared(FdNumber fd, FdKind kind, ReadOnlySpan<byte> bytes, ref int sent);

    /// <summary>
    /// The same for a log, to which others may append as well: by write(2) on this very number, whatever can be polled,
    /// after poll(2), and at most PIPE_BUF bytes. Only a terminal gets it through a description of our own.
    /// </summary>
    public abstract Errno WriteLog(FdNumber fd, FdKind kind, ReadOnlySpan<byte> bytes, ref int sent);

    /// <summary>As <see cref="Read"/>, in the same way as <see cref="WriteShared"/>: another process may
    /// have read what was there.</summary>
    public abstract Errno ReadShared(FdNumber fd, FdKind kind, Span<byte> free, ref int filled);

    // Descriptors: open(2), pipe2(2), socketpair(2), fcntl(2), fstat(2), close(2).

    /// <summary>
    /// Opens a file that cannot keep us waiting, such as /dev/null, or any before the loop begins: a helper opens all
    /// others.
    /// </summary>
    public abstract Errno Open(ReadOnlySpan<byte> path, OpenMode mode, out FdNumber fd);

    /// <summary>
    /// Opens null(4) by a device node of its own, which has no name afterwards, mknod(2): before /dev is mounted. Only
    /// at the start.
    /// </summary>
    public abstract Errno OpenNewNullDevice(out FdNumber fd);

    public abstract Errno Pipe(out FdNumber reader, out FdNumber writer);

    public abstract Errno SocketPair(SocketShape shape, out FdNumber first, out FdNumber second);

    public abstract Errno SetNonblocking(FdNumber fd, bool nonblocking);

    /// <summary>
    /// The same open file under a number above 2, or from <see cref="HelperPlan.FirstHigh"/> on; not close-on-exec.
    /// EMFILE when there is no number left.
    /// </summary>
    public abstract Errno Duplicate(FdNumber fd, bool isHigh, out FdNumber duplicate);

    public abstract Errno Identify(FdNumber fd, out FdIdentity identity);

    /// <summary>True if a number is that of an open descriptor, F_GETFD of fcntl(2): no file system is asked.</summary>
    public abstract bool IsOpen(FdNumber fd);

    /// <summary>
    /// True if it is a pipe, whose close(2) never blocks: fcntl(2), F_GETPIPE_SZ.
    /// </summary>
    public abstract bool IsPipe(FdNumber fd);

    public abstract void Close(FdNumber fd);

    /// <summary>
    /// Raises the soft limit of open files to the hard one, as far as descriptors are looked for: RLIMIT_NOFILE of
    /// setrlimit(2). Returns the soft limit before; <see cref="AsManyOpenFiles"/> when it is as it was.
    /// </summary>
    public abstract ulong RaiseOpenFiles();

    /// <summary>From here on, programs that we execute get this soft limit of open files; 0: ours.</summary>
    public abstract void SetServiceOpenFiles(ulong soft);

    /// <summary>
    /// The next open descriptor above the given one that is not the kernel seam's own; none after the last. Asked at
    /// the start, these are the inherited ones; numbers from 66,560 on are not looked for.
    /// </summary>
    public abstract FdNumber NextOpen(FdNumber after);

    /// <summary>
    /// True if closing a socket may wait: it may, unless it is one of the internet without SO_LINGER, socket(7). One of
    /// the unix domain may hold others that were sent along and not read.
    /// </summary>
    public abstract bool MayLinger(FdNumber fd);

    // Sockets: socket(2), setsockopt(2), bind(2), listen(2), accept4(2), recvmsg(2). Not close-on-exec.
    public abstract Errno Socket(SocketShape shape, out FdNumber fd);

    /// <summary>SO_REUSEADDR: connections that are still ending do not keep an address from being bound.</summary>
    public abstract Errno AllowReuse(FdNumber fd);

    /// <summary>
    /// SO_REUSEPORT on sockets of the internet: as long as two of ours have it, they can be bound to one address.
    /// Failing is no error: the address is in use then.
    /// </summary>
    public abstract void ShareAddress(FdNumber fd, bool isShared);

    /// <summary>
    /// True if a bound socket is as it was made: not shut down, shutdown(2), and listening if it is to.
    /// </summary>
    public abstract bool IsIntact(FdNumber fd, bool listens);

    /// <summary>Gives a socket its address, which is not a path: those are bound by a helper.</summary>
    public abstract Errno Bind(FdNumber fd, in SocketAddress address);

    public abstract Errno Listen(FdNumber fd, int backlog);

    /// <summary>
    /// Takes the next connection of a listener, which must be nonblocking; the connection is nonblocking, too. EAGAIN:
    /// there is none. One that has gone before it could be taken is passed over.
    /// </summary>
    public abstract Errno Accept(FdNumber listener, out FdNumber connection);

    /// <summary>
    /// The number of connections that wait at a listening unix socket; 1 for some where the kernel does not count them.
    /// </summary>
    public abstract int CountWaiting(FdNumber listener);

    /// <summary>
    /// Reads from a socket, without waiting, as <see cref="Read"/> does, and takes the descriptors sent along, those
    /// behind <paramref name="passedCount"/> in <paramref name="passed"/>. For which there is no room there are in
    /// <paramref name="surplus"/>, which has room for <see cref="MostPassed"/>: they are the caller's to close.
    /// </summary>
    public abstract Errno Receive(
        FdNumber fd,
        Span<byte> free,
        ref int filled,
        Span<FdNumber> passed,
        ref int passedCount,
        Span<FdNumber> surplus,
        out int surplusCount);

    /// <summary>
    /// A datagram socket of the unix domain for the messages of a service: nonblocking, without an address, and it
    /// reports who sends, SO_PASSCRED of unix(7).
    /// </summary>
    public abstract Errno NotifySocket(out FdNumber fd);

    /// <summary>
    /// Receives one datagram, without waiting. <paramref name="received"/> becomes its length and 1, and comes last:
    /// after the sender and the descriptors sent along. EMSGSIZE: it was longer than the room, and is gone.
    /// </summary>
    public abstract Errno ReceiveMessage(
        FdNumber fd,
        Span<byte> free,
        ref int received,
        ref SenderCredentials sender,
        Span<FdNumber> passed,
        ref int passedCount,
        Span<FdNumber> surplus,
        out int surplusCount);

    /// <summary>
    /// Describes a descriptor that came from outside without asking its file system, which may not answer: a pipe, a
    /// socket and a file in memory are identified; anything else is <see cref="FdBlocking.All"/>.
    /// </summary>
    public abstract void Classify(FdNumber fd, out FdIdentity identity, out FdBlocking blocking);

    // Processes: clone(2), waitid(2), kill(2), prctl(2), reboot(2), ioctl_console(2).

    /// <summary>
    /// A pipe for the report of a launch: neither end waits, and both stay open through execve(2), so that the report
    /// still comes after a crash.
    /// </summary>
    public abstract Errno ReportPipe(out ReportPipe pipe);

    /// <summary>
    /// Makes a process that executes a program, and does not wait for it: until the writing end of the plan's pipe is
    /// closed everywhere, the process uses the plan and all that it points to. The process ID is in
    /// <paramref name="pid"/> before anything can go wrong; a child that fails writes a <see cref="LaunchReport"/> and
    /// ends with code 3. EAGAIN, ENOMEM: the kernel refused, there is no child, and <paramref name="pid"/> is as it
    /// was.
    /// </summary>
    public abstract Errno Spawn(ref LaunchPlan plan, ref Pid pid);

    /// <summary>
    /// Makes a process that does the task of a plan and ends; it shares our memory and our descriptors, and with
    /// <see cref="HelperTask.ChangeDirectory"/> our working directory. Until it is reaped, the plan is its own. The
    /// process ID is in <paramref name="pid"/> before anything can go wrong. EAGAIN, ENOMEM: the kernel refused.
    /// </summary>
    public abstract Errno StartHelper(ref HelperPlan plan, ref Pid pid);

    /// <summary>Does the task of a plan outside the loop; ETIMEDOUT after <c>limit helper-bound</c>.</summary>
    public abstract void DoPlan(ref HelperPlan plan);

    /// <summary>
    /// The next child that has ended, if there is one; its PID is 0 otherwise. Where waitid(2) is refused, wait4(2)
    /// tells; an error is that both are.
    /// </summary>
    public abstract Errno Reap(ref ReapedChild child);

    /// <summary>
    /// True if a process is a child of ours that was not reaped yet; it stays a zombie, waitid(2) with WNOWAIT.
    /// </summary>
    public abstract bool IsChild(Pid pid);

    /// <summary>
    /// True if a process that we have reaped has left nothing in the session that it made. False is no answer.
    /// </summary>
    public abstract bool IsSessionGone(Pid leader);

    public abstract Errno Kill(Pid pid, Signal signal);

    public abstract Errno KillGroup(Pid group, Signal signal);

    /// <summary>A random number above 0, getrandom(2).</summary>
    public abstract ulong RandomNumber();

    /// <summary>
    /// Signals, sigaction(2): from here on they are counted in the image's ledger, which has 64 places, by number, and
    /// wake Wait. What was pending in the mask is counted at once. All others that can be caught are dropped.
    /// </summary>
    public abstract void CountSignals(SignalCounts* ledger, SignalSet counted);

    /// <summary>True once after each SIGCHLD: a child may have ended.</summary>
    public abstract bool TakeChildNotice();

    /// <summary>The signals that were dropped since the last call, a bit for each; bit 0 is signal 1.</summary>
    public abstract ulong TakeDroppedSignals();

    // Memory: memfd_create(2), mmap(2), fallocate(2). All of it reads as zero and is not there until touched.
    public abstract Errno CreateImage(long bytes, out FdNumber fd, out void* memory);


    /// <summary>
    /// Maps an image; or takes a copy of it, which then is private memory, and never looked at by anybody else.
    /// </summary>
    public abstract Errno MapImage(FdNumber fd, bool isCopy, out long bytes, out void* memory);

    /// <summary>Makes sure that touching these bytes of the image cannot fail; ENOMEM, ENOSPC.</summary>
    public abstract Errno ReserveImage(long offset, long bytes);

    /// <summary>
    /// The end of the last page in this part of an image that was ever written to, lseek(2), SEEK_DATA; the part's own
    /// end at most, and its beginning if there is none.
    /// </summary>
    public abstract long EndOfImageData(FdNumber fd, long offset, long bytes);

    /// <summary>Gives pages of the image back; their content is undefined afterwards.</summary>
    public abstract void ReleaseImage(long offset, long bytes);

    /// <summary>
    /// Memory that is zero and stays: pages of its own for a page and more, otherwise a piece that is aligned to 64.
    /// </summary>
    public abstract void* Allocate(long bytes);

    /// <summary>From here on these bytes fault, mprotect(2); whole pages of what was allocated.</summary>
    public abstract void Guard(void* memory, long bytes);

    /// <summary>
    /// No process shares memory with us any more that has other credentials: what such a one has done to our memory is
    /// undone, PR_SET_DUMPABLE of prctl(2).
    /// </summary>
    public abstract void RestoreDumpable();

    /// <summary>Gives pages of what was allocated back: they read as zero, madvise(2).</summary>
    public abstract void ReleaseMemory(void* memory, long bytes);

    /// <summary>
    /// Locks the pages in memory, and those that will be touched: mlockall(2) with MCL_ONFAULT, so that nothing
    /// is brought in for it. EINVAL, ENOSYS on kernels before 4.4. Not inherited by the program that resumes.
    /// </summary>
    public abstract Errno LockMemory();

    // The end.

    /// <summary>
    /// Executes a program in our place: default dispositions, also of what was ignored, an empty mask, and of the
    /// descriptors 0 to 2 and the given ones, which are in rising order. The plan's own descriptors are not looked at.
    /// Returns only on failure, and then everything is as it was.
    /// </summary>
    public abstract Errno Execute(ref LaunchPlan plan, ReadOnlySpan<FdNumber> kept);

    /// <summary>
    /// Hands the image to a child that goes on in the background: our own program, executed again as after a crash,
    /// with <c>--ready FD --resume IMAGE</c> before its arguments, in a session of its own, with /dev/null as 0, 1 and
    /// 2, and with every descriptor of ours that is not close-on-exec. Later crashes repeat <c>--resume</c> only. To
    /// be called after <see cref="SurviveCrashes"/>; from here on the image belongs to the child, which has put
    /// itself into the note as the owner before it executes, and this process changes nothing in it any more. What is
    /// recorded of 0, 1 and 2 is the caller's to change before. <paramref name="word"/> gives one byte when the child
    /// is ready (see <see cref="NotifyReady"/>), and its end when the child ended before that. A failure leaves no
    /// child, and the image ours.
    /// </summary>
    public abstract Errno Daemonize(FdNumber image, out Pid pid, out FdNumber word);

    /// <summary>Our own program, that it may take our place, as a descriptor that is close-on-exec.</summary>
    public abstract Errno OpenOwnProgram(out FdNumber program);

    /// <summary>
    /// Executes a program, our own or another, as a child, with <c>--check IMAGE</c> as its only arguments: IMAGE is a
    /// copy of the image. Its standard input is a table of our descriptors
    /// (<see cref="DescriptorSnapshotHeader"/>), and <paramref name="answer"/> gives what it writes to its output,
    /// nonblocking. It gets no other descriptor of ours; a script also gets itself. The process ID is stored before
    /// anything can go wrong. A failure leaves no child. Does not wait for execve(2): an empty answer may come from a
    /// program that could not be executed.
    /// </summary>
    public abstract Errno StartCheck(in CheckRequest request, ref Pid pid, out FdNumber answer);

    /// <summary>The reason why the program of the last check could not be executed; none if it was.</summary>
    public abstract Errno CheckFailure { get; }

    /// <summary>
    /// Executes a program in our place, which goes on with the image: as after a crash, see CrashHandler, but on
    /// purpose. Returns only on failure, and then everything is as it was.
    /// </summary>
    public abstract Errno ReplaceProgram(FdNumber program, bool isOwn);

    /// <summary>
    /// From here on a crash goes through <c>execve</c> and <c>--resume</c> with the image's descriptor; without one, it
    /// is the end. See CrashHandler. The program that resumes calls it directly after <see cref="MapImage"/>, before it
    /// looks at the image: it installs the handlers and reads nothing of the image. The owner in the note is the
    /// caller's to set, when the image is created or handed on, so that a process that only looks at an image never
    /// resumes it. When the note's window holds more crashes than the limit, the program was executed for the last
    /// time, to take the way out. <paramref name="limits"/> get the limits that are raised for the execution.
    /// </summary>
    public abstract void SurviveCrashes(CrashNote* note, SavedLimits* limits, FdNumber image);

    /// <summary>Crashes, as a fault of our own with this signal would; does not return.</summary>
    public abstract void Crash(Signal signal);

    /// <summary>
    /// Reports to the process that started this one in the background that the daemon is ready; once, and nothing when
    /// no process waits for that.
    /// </summary>
    public abstract void NotifyReady();

    /// <summary>True if a supervisor of the daemon listens: NOTIFY_SOCKET of sd_notify(3).</summary>
    public abstract bool HasSupervisor { get; }

    /// <summary>
    /// The supervisor's watchdog interval in microseconds, sd_watchdog_enabled(3); 0 if there is none.
    /// </summary>
    public abstract long SupervisorWatchdog { get; }

    /// <summary>Sends a message to the supervisor, without waiting; EAGAIN when its socket is full.</summary>
    public abstract Errno NotifySupervisor(ReadOnlySpan<byte> message);

    /// <summary>Allocation is over; what only starting up needed may be given back.</summary>
    public abstract void Seal();

    /// <summary>Bytes the runtime allocated since the seal.</summary>
    public abstract long AllocatedSinceSeal();
}
