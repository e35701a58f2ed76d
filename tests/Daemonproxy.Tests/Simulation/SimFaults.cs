using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>The calls of the seam that can be made to fail.</summary>
internal enum SimCall
{
    Watch,
    Read,
    Write,
    Open,
    OpenNewNullDevice,
    MakeDirectory,
    ChangeDirectory,
    CurrentDirectory,
    Pipe,
    SocketPair,
    SetNonblocking,
    IdentifyPath,
    Unlink,
    Rename,
    Socket,
    AllowReuse,
    Bind,
    Listen,
    Accept,
    Probe,
    Receive,
    NotifySocket,
    ReceiveMessage,
    NotifySupervisor,
    BecomeSubreaper,
    TakeCtrlAltDel,
    TakeKeyboardRequest,
    LockMemory,
    Execute,
    Daemonize,
    OpenProgram,
    StartCheck,
    ReplaceProgram,
    Spawn,
    Reap,
    StartHelper,
    Kill,
    WatchGroups,
    ReserveImage,
    CreateImage,
    Duplicate,
    SendDescriptor,
    FindOwner,
    SetOwner,
    SetPermissions,
}

/// <summary>Bugs that are made on purpose, to see that they are found.</summary>
internal enum SimCanary
{
    None,

    /// <summary>Closed descriptors stay open.</summary>
    LeakedDescriptors,

    /// <summary>The end of a child is never told.</summary>
    LostChildren,

    /// <summary>The last byte of every write is missing.</summary>
    TornLines,
}

/// <summary>The simulated world, or the daemon in it, did what cannot be.</summary>
internal sealed class SimulationException(string message) : Exception(message);

/// <summary>The daemon dies here and now.</summary>
internal sealed class SimulatedCrash() : Exception("simulated crash");

/// <summary>The daemon is no more: another program runs in its place.</summary>
internal sealed class SimulatedExecution() : Exception("simulated execution");

/// <summary>Another program goes on with the image, in the daemon's place.</summary>
internal sealed class SimulatedReplacement() : Exception("simulated replacement");

/// <summary>The calls that fail: by name, or by their number in the run.</summary>
internal sealed class SimFaults
{
    private readonly Plan[] _plans = new Plan[Enum.GetValues<SimCall>().Length];
    private Random? _random;
    private int _oneIn;

    /// <summary>A bug of the daemon's, made here, that every check worth its name must find.</summary>
    public SimCanary Canary { get; set; }

    /// <summary>Calls made so far that could fail.</summary>
    public long Calls { get; private set; }

    /// <summary>The daemon dies before the call of this number; below 0: never.</summary>
    public long CrashAt { get; set; } = -1;

    /// <summary>True if there is a daemon that could die; null: there is.</summary>
    public Func<bool>? CanCrash { get; set; }

    /// <summary>The call of this number fails; below 0: none.</summary>
    public long FailAt { get; set; } = -1;

    /// <summary>With which of the reasons that it can have; beyond the last, it does not.</summary>
    public int FailWith { get; set; }

    /// <summary>True if a call did fail so.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The next <paramref name="times"/> calls fail, after so many that do not.</summary>
    public void Fail(SimCall call, Errno reason, int times = 1, int after = 0) =>
        _plans[(int)call] = new Plan { Reason = reason, Times = times, After = after };

    /// <summary>Cancels the planned failures.</summary>
    public void Clear() => Array.Clear(_plans);

    /// <summary>From here on one call in so many fails, with a reason that it can have; 0: none.</summary>
    public void FailAtRandom(Random random, int oneIn)
    {
        _random = random;
        _oneIn = oneIn;
    }

    /// <summary>A call is made: why it fails, or none.</summary>
    public Errno Enter(SimCall call)
    {
        if (Calls++ == CrashAt && (CanCrash?.Invoke() ?? true))
        {
            throw new SimulatedCrash();
        }

        if (Calls - 1 == FailAt && ReasonsFor(call) is { } reasons && FailWith < reasons.Length)
        {
            HasFailed = true;
            return reasons[FailWith];
        }

        Errno planned = TakePlanned(call);
        return planned != Errno.None ? planned
            : _oneIn > 0 && _random!.Next(_oneIn) == 0 ? ReasonFor(call, _random) : Errno.None;
    }

    /// <summary>A call is made that fails only when that was planned.</summary>
    public Errno TakePlanned(SimCall call)
    {
        ref Plan plan = ref _plans[(int)call];
        if (plan.Times > 0 && plan.After-- <= 0)
        {
            plan.Times--;
            return plan.Reason;
        }

        return Errno.None;
    }

    private static Errno ReasonFor(SimCall call, Random random) =>
        ReasonsFor(call) is { Length: > 0 } reasons && call is not (SimCall.CreateImage or SimCall.Watch)
            ? reasons[random.Next(reasons.Length)]
            : Errno.None;

    // What the manual pages say that a call can fail with, as far as it can happen to a daemon that asks for what is.
    private static Errno[] ReasonsFor(SimCall call) => call switch
    {
        SimCall.Read or SimCall.Receive => [Errno.EINTR, Errno.EAGAIN],
        SimCall.Write => [Errno.EINTR, Errno.EAGAIN],
        SimCall.Open => [Errno.EMFILE, Errno.ENOSPC, Errno.EACCES],
        SimCall.Pipe or SimCall.SocketPair or SimCall.Socket or SimCall.Accept => [Errno.EMFILE, Errno.ENFILE],
        SimCall.Spawn or SimCall.StartHelper => [Errno.EAGAIN, Errno.ENOMEM],
        SimCall.StartCheck => [Errno.EAGAIN, Errno.EMFILE],
        SimCall.WatchGroups => [Errno.EMFILE],
        SimCall.OpenProgram => [Errno.EMFILE, Errno.EACCES],
        SimCall.ReplaceProgram or SimCall.ReserveImage or SimCall.CreateImage => [Errno.ENOMEM],
        SimCall.Kill => [Errno.EPERM, Errno.ESRCH],
        SimCall.MakeDirectory or SimCall.Unlink or SimCall.Rename or SimCall.Bind => [Errno.EACCES, Errno.ENOSPC],
        SimCall.CurrentDirectory => [Errno.ENOENT],
        SimCall.ChangeDirectory => [Errno.EACCES, Errno.ENOENT],
        SimCall.Watch => [Errno.ENOMEM, Errno.ENOSPC],
        SimCall.SetNonblocking => [Errno.EPERM],
        SimCall.Listen => [Errno.EADDRINUSE],
        SimCall.Execute => [Errno.ENOENT, Errno.ENOMEM],
        SimCall.BecomeSubreaper or SimCall.LockMemory => [Errno.EPERM],
        _ => [],
    };

    private struct Plan
    {
        public Errno Reason;
        public int Times;
        public int After;
    }
}
