using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>The settings that are fixed at the start: written once, before the first turn.</summary>
internal sealed class DaemonSettings(StateImage image)
{
    private readonly Region<DaemonRecord> _record = new(image, RegionId.Settings);

    public Instant Started => _record[0].Started;

    public bool AllowsDebugCrash => _record[0].AllowsDebugCrash;

    public bool IsInit => _record[0].IsInit;

    public bool LocksMemory => _record[0].LocksMemory;

    public bool IsSubreaper => _record[0].IsSubreaper;

    /// <summary>The most bytes of text of one service, as the image has it.</summary>
    public int MostServiceText => _record[0].MostServiceText;

    /// <summary>The most bytes of text of one descriptor, as the image has it.</summary>
    public int MostFdText => _record[0].MostFdText;

    /// <summary>The soft limit of open files that services get: see <see cref="DaemonRecord"/>.</summary>
    public ulong ServiceOpenFiles => _record[0].ServiceOpenFiles;

    public bool TryReserve() => _record.TryReserve(0);

    /// <summary>Writes all settings, once, when the image is new.</summary>
    public void Write(in DaemonRecord settings)
    {
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record = settings;
    }

    /// <summary>The daemon has raised its limit of open files; services get this one.</summary>
    public void SetServiceOpenFiles(ulong soft)
    {
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record.ServiceOpenFiles = soft;
    }

    /// <summary>
    /// True if the daemon has moved into a leaf of its control group, or a helper may be about to do it.
    /// </summary>
    public bool MayBeInLeaf => _record[0].MayBeInLeaf;

    public void SetMayBeInLeaf(bool mayBe)
    {
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record.MayBeInLeaf = mayBe;
    }

    /// <summary>The reason to start the service <c>rescue</c>, a RescueReason; 0 for none.</summary>
    public byte Rescue => _record[0].Rescue;

    /// <summary>True if that service can be a shell without a password.</summary>
    public bool HasRescueShell => _record[0].HasRescueShell;

    public void SetRescue(byte reason)
    {
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record.Rescue = reason;
    }

    /// <summary>
    /// The number at which a standard error that may stop answering is kept aside, so that each process image does so;
    /// none if it is not.
    /// </summary>
    public FdNumber ErrorAside =>
        _record[0].ErrorAside == 0 ? FdNumber.None : new FdNumber(HelperPlan.FirstHigh + _record[0].ErrorAside - 1);

    public void SetErrorAside(FdNumber number)
    {
        int place = number.Value - HelperPlan.FirstHigh + 1;
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record.ErrorAside = (byte)(place is > 0 and <= byte.MaxValue ? place : 0);
    }

    /// <summary>Replaces a time of the start that makes no sense.</summary>
    public void SetStarted(Instant now)
    {
        using RecordWriter<DaemonRecord> change = _record.Change(0);
        change.Record.Started = now;
    }
}
