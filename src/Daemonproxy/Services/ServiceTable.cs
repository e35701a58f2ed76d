using System;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Processes;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>The services: records and texts in the image, found by name and by process. Decides nothing.</summary>
internal sealed unsafe class ServiceTable : TextArena.IOwners
{
    private readonly Statistics _statistics;
    private readonly Region<ServiceRecord> _records;
    private readonly NameTree _names;
    private readonly PidIndex _pids;
    private readonly FreeList _free;
    private readonly TextArena _texts;

    public ServiceTable(SystemCalls kernel, StateImage image, Statistics statistics, int mostTextBytes)
    {
        _statistics = statistics;
        _records = new Region<ServiceRecord>(image, RegionId.Services);
        _names = new NameTree(kernel, _records.First, sizeof(ServiceRecord), _records.Count);
        _pids = new PidIndex(kernel, _records.Count);
        _free = new FreeList(kernel, _records.Count);
        _texts = new TextArena(kernel, image, RegionId.ServiceText, (int)ServiceText.Count, mostTextBytes);
    }

    /// <summary>What a service gets whose descriptors were never set.</summary>
    public static ReadOnlySpan<byte> DefaultFds => "null\tnull\tnull"u8;

    /// <summary>How many services there can be.</summary>
    public int Capacity => _records.Count;

    /// <summary>How many there are.</summary>
    public int Used => _names.Count;

    /// <summary>All services have an index below this.</summary>
    public int HighWater => _free.HighWater;

    /// <summary>Whether one more can be created.</summary>
    public bool HasRoom => _free.HasRoom && _records.TryReserve(_free.Next);

    int TextArena.IOwners.Count => _free.HighWater;

    public ref readonly ServiceRecord this[ServiceIndex index] => ref _records[index.Value];

    /// <summary>Opens the door to one record; its name and its text are not to be touched.</summary>
    public RecordWriter<ServiceRecord> Change(ServiceIndex index) => _records.Change(index.Value);

    public bool TryFind(Name name, out ServiceIndex index)
    {
        index = new ServiceIndex(_names.Find(name));
        return !index.IsNone;
    }

    /// <summary>The service that runs as this process, or none.</summary>
    public ServiceIndex Find(Pid pid) => new(_pids.Find(pid));

    /// <summary>The next in name order after this name (all of them after an empty one); none at the end.</summary>
    public ServiceIndex After(in FixedName name) => new(_names.After(name));

    /// <summary>Whether a record is a service; indexes below the high-water mark may be free.</summary>
    public bool Exists(ServiceIndex index) => _records[index.Value].State != ServiceState.None;

    public ReadOnlySpan<byte> Args(ServiceIndex index) => Text(index, ServiceText.Args);

    public ReadOnlySpan<byte> Tags(ServiceIndex index) => Text(index, ServiceText.Tags);

    public ReadOnlySpan<byte> Triggers(ServiceIndex index) => Text(index, ServiceText.Triggers);

    public ReadOnlySpan<byte> Fds(ServiceIndex index) => _records[index.Value].HasFds
        ? Text(index, ServiceText.Fds)
        : DefaultFds;

    /// <summary>One of the texts of a service; empty when it has none.</summary>
    public ReadOnlySpan<byte> Text(ServiceIndex index, ServiceText tag) =>
        _texts.Get(_records[index.Value].Text, (int)tag);

    /// <summary>Whether there is something to execute: a first argument that is not empty.</summary>
    public bool HasArgs(ServiceIndex index)
    {
        ReadOnlySpan<byte> args = Args(index);
        return !args.IsEmpty && args[0] != (byte)'\t';
    }

    /// <summary>
    /// Sets one of the texts of a service, which is created if it is new. None when there is no room for the text; then
    /// nothing was changed and nothing created.
    /// </summary>
    public ServiceIndex SetText(in ServiceTarget target, ServiceText tag, ReadOnlySpan<byte> text)
    {
        ServiceIndex index = target.Exists ? target.Index : new ServiceIndex(_free.Next);
        if (!_texts.TryStage(this, index.Value, (int)tag, text, out TextRef staged))
        {
            return ServiceIndex.None;
        }

        if (!target.Exists)
        {
            Create(target.Name);
        }

        TextRef old = _records[index.Value].Text;
        using (RecordWriter<ServiceRecord> change = _records.Change(index.Value))
        {
            change.Record.Text = staged;
            change.Record.HasFds |= tag == ServiceText.Fds;
        }

        _records.Pass(CrashPoint.TextNamed);
        _texts.Free(old);
        _statistics.Use(Counter.TextUsed, Counter.TextMost, _texts.Used);
        return index;
    }

    /// <summary>Forgets a service that does not run.</summary>
    public void Remove(ServiceIndex index)
    {
        TextRef text = _records[index.Value].Text;
        _names.Remove(index.Value);
        using (RecordWriter<ServiceRecord> change = _records.Change(index.Value))
        {
            change.Record = default;
        }

        _free.Return(index.Value);
        _texts.Free(text);
        CountUsed();
    }

    /// <summary>From here on a process is found as this service.</summary>
    public void NotePid(Pid pid, ServiceIndex index) => _pids.Add(pid, index.Value);

    /// <summary>From here on the process is a stranger: its number may be used again.</summary>
    public void ForgetPid(Pid pid) => _pids.Remove(pid);

    TextRef TextArena.IOwners.TextOf(int owner) => _records[owner].Text;

    void TextArena.IOwners.Publish(int owner, TextRef text)
    {
        using RecordWriter<ServiceRecord> change = _records.Change(owner);
        change.Record.Text = text;
    }

    /// <summary>
    /// After a resume: drops records that make no sense, and computes what is found from the others. The one that was
    /// being changed comes last: what it says and another one says, too, is the other one's.
    /// </summary>
    public void Rebuild(Quarantine quarantine, in ChildCheck children)
    {
        int highWater = _records.CountWritten();
        while (highWater > 0 && !Exists(new ServiceIndex(highWater - 1)))
        {
            Clear(--highWater);
        }

        int suspect = _records.Suspect;
        _free.RaiseTo(highWater);
        for (int index = highWater - 1; index >= 0; index--)
        {
            if (index != suspect)
            {
                Rebuild(index, quarantine, children);
            }
        }

        if ((uint)suspect < (uint)highWater)
        {
            Rebuild(suspect, quarantine, children);
        }

        _texts.Rebuild(this);
        CountUsed();
    }

    // A record is free, or a service; what is neither is free from here on.
    private void Rebuild(int index, Quarantine quarantine, in ChildCheck children)
    {
        ref readonly ServiceRecord record = ref _records[index];
        bool isFree = record.State == ServiceState.None;
        Corruption flaw = isFree ? Corruption.None : FindCorruption(record, children);
        if (flaw != Corruption.None)
        {
            quarantine.Add(RecordKind.Service, index, record.Name, flaw);
        }

        if (isFree || flaw != Corruption.None)
        {
            Clear(index);
            _free.Return(index);
            return;
        }

        _names.Add(index);
        if (HasProcess(record))
        {
            _pids.Add(record.Pid, index);
        }
    }

    // A free record says nothing, whatever is in it.
    private void Clear(int index)
    {
        using RecordWriter<ServiceRecord> change = _records.Change(index);
        change.Record = default;
    }

    private Corruption FindCorruption(in ServiceRecord record, in ChildCheck children) =>
        !record.Name.IsSound || !Name.TryParse(record.Name.Value.Bytes, FixedName.Longest, out Name name)
            ? Corruption.Name
        : _names.Find(name) >= 0 ? Corruption.SameName
        : record.State > ServiceState.Killed ? Corruption.State
        : record.Interval < 0 ? Corruption.Number
        : record.Pid.Value < 0 || (record.State == ServiceState.Up && record.Pid.IsNone) ? Corruption.Process
        : HasProcess(record) && _pids.Find(record.Pid) >= 0 ? Corruption.SameProcess
        : HasProcess(record) && !children.Passes(record.Pid) ? Corruption.NoChild
        : !record.Since.IsPlausible || !record.Started.IsPlausible || !record.Due.IsPlausible || LacksTime(record)
            ? Corruption.Time
        : !IsStatus(record) ? Corruption.Number
        : !_texts.IsSound(record.Text) ? Corruption.Text
        : !_texts.TryClaim(record.Text) ? Corruption.SameText
        : Corruption.None;

    private static bool LacksTime(in ServiceRecord record) => record.State switch
    {
        ServiceState.Waiting => record.Due.IsNone,
        ServiceState.Up or ServiceState.Exited or ServiceState.Killed => record.Since.IsNone || record.Started.IsNone,
        _ => false,
    };

    // How a run can have ended, as waitid(2) tells it.
    private static bool IsStatus(in ServiceRecord record) => record.State switch
    {
        ServiceState.Exited => record.Value is >= 0 and <= byte.MaxValue,
        ServiceState.Killed => record.Value is > 0 and <= Signal.Highest,
        _ => true,
    };

    // One that waits has a process only if the daemon died before it could note that it is up.
    private static bool HasProcess(in ServiceRecord record) =>
        record.State == ServiceState.Up || (record.State == ServiceState.Waiting && !record.Pid.IsNone);

    private void CountUsed()
    {
        _statistics.Use(Counter.ServicesUsed, Counter.ServicesMost, _names.Count);
        _statistics.Use(Counter.TextUsed, Counter.TextMost, _texts.Used);
    }

    private void Create(Name name)
    {
        int index = _free.Take();
        using (RecordWriter<ServiceRecord> change = _records.Change(index))
        {
            change.Record = new ServiceRecord
            {
                Name = FixedName.From(name),
                State = ServiceState.Never,
                Since = Instant.None,
                Started = Instant.None,
            };
        }

        _names.Add(index);
        _statistics.Use(Counter.ServicesUsed, Counter.ServicesMost, _names.Count);
    }
}
