using System.Runtime.InteropServices;
using Daemonproxy.Image;
using Daemonproxy.Time;

namespace Daemonproxy;

/// <summary>When the daemon started and whether it is about to end; in the image, since it outlives a crash.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LifetimeRecord
{
    public Instant Started;
    public bool IsEnding;
    public int ExitCode;

    /// <summary>
    /// Whether the output of the interactive session was made nonblocking by us, and is to be put back.
    /// </summary>
    public bool IsOutputOurs;

    /// <summary>Whether the command debug.crash is there.</summary>
    public bool AllowsDebugCrash;

    /// <summary>The code of the guard against accidental termination; 0 is no guard.</summary>
    public long Guard;
}

/// <summary>The one place that says whether the daemon goes on.</summary>
internal sealed class Lifetime(StateImage image)
{
    private readonly Region<LifetimeRecord> _record = new(image, RegionId.Settings);

    public Instant Started => _record[0].Started;

    /// <summary>No further command runs, and the turn is the last.</summary>
    public bool IsEnding => _record[0].IsEnding;

    /// <summary>What the process ends with, 0 to 255.</summary>
    public int ExitCode => _record[0].ExitCode;

    public bool IsOutputOurs => _record[0].IsOutputOurs;

    public bool AllowsDebugCrash => _record[0].AllowsDebugCrash;

    /// <summary>The code of the guard; 0 is none.</summary>
    public long Guard => _record[0].Guard;

    public bool TryReserve() => _record.TryReserve(0);

    public void Begin(Instant now, bool allowsDebugCrash)
    {
        using Change<LifetimeRecord> change = _record.Change(0);
        change.Record.Started = now;
        change.Record.AllowsDebugCrash = allowsDebugCrash;
    }

    /// <summary>Sets the code of the guard; 0 lifts it.</summary>
    public void SetGuard(long code)
    {
        using Change<LifetimeRecord> change = _record.Change(0);
        change.Record.Guard = code;
    }

    public void OwnOutput()
    {
        using Change<LifetimeRecord> change = _record.Change(0);
        change.Record.IsOutputOurs = true;
    }

    /// <summary>Ends the daemon with this code when the turn is done; the first call counts.</summary>
    public void End(int exitCode)
    {
        if (!IsEnding)
        {
            using Change<LifetimeRecord> change = _record.Change(0);
            change.Record.ExitCode = exitCode;
            change.Record.IsEnding = true;
        }
    }
}
