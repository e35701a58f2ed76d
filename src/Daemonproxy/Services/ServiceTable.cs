using System;
using Daemonproxy.Access;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Processes;
using Daemonproxy.Protocol;
using Daemonproxy.Settings;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>The services: records and texts in the image, found by name and by process. Decides nothing.</summary>
internal sealed unsafe class ServiceTable : TextArena.ITextOwners, IRecordTable
{
    private readonly Statistics _statistics;
    private readonly AccessPolicies _access;
    private readonly Region<ServiceRecord> _records;
    private readonly NameTree _names;
    private readonly PidIndex _pids;
    private readonly FreeList _free;
    private readonly TextArena _texts;

    public ServiceTable(
        SystemCalls kernel, StateImage image, Statistics statistics, AccessPolicies access, int mostTextBytes)
    {
        _access = access;
        _statistics = statistics;
        _records = new Region<ServiceRecord>(image, RegionId.Services);
        _names = new NameTree(kernel, _records.First, sizeof(ServiceRecord), _records.Count);
        _pids = new PidIndex(kernel, _records.Count);
        _free = new FreeList(kernel, _records.Count);
        _texts = new TextArena(kernel, image, RegionId.ServiceText, (int)ServiceTextTag.Count, mostTextBytes);
    }

    /// <summary>The default descriptors of a service.</summary>
    public static ReadOnlySpan<byte> DefaultFds => "null\tnull\tnull"u8;

    /// <summary>The most services.</summary>
    public int Capacity => _records.Count;

    /// <summary>Their number.</summary>
    public int Used => _names.Count;

    /// <summary>All services have an index below this.</summary>
    public int HighWater => _free.HighWater;

    /// <summary>True if one more can be created, by whose command it is that runs.</summary>
    public bool HasRoom =>
        _access.HasRoomForService(_access.Sender) && _free.HasRoom && _records.TryReserve(_free.Next);

    int TextArena.ITextOwners.Count => _free.HighWater;

    public ref readonly ServiceRecord this[ServiceIndex index] => ref _records[index.Value];

    /// <summary>Returns the writer of one record; its name and its text must not be changed.</summary>
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

    /// <summary>True if this index, which may be any number, is that of a service of this name.</summary>
    public bool IsNamed(ServiceIndex index, in FixedName name) =>
        (uint)index.Value < (uint)_records.Count && IsNamed(_records[index.Value], name);

    /// <summary>True if a record is a service; indexes below the high-water mark may be free.</summary>
    public bool Exists(ServiceIndex index) => _records[index.Value].State != ServiceState.None;

    public ReadOnlySpan<byte> Args(ServiceIndex index) => Text(index, ServiceTextTag.Args);

    public ReadOnlySpan<byte> Tags(ServiceIndex index) => Text(index, ServiceTextTag.Tags);

    public ReadOnlySpan<byte> Triggers(ServiceIndex index) => Text(index, ServiceTextTag.Triggers);

    public ReadOnlySpan<byte> Fds(ServiceIndex index) => _records[index.Value].HasFds
        ? Text(index, ServiceTextTag.Fds)
        : DefaultFds;

    /// <summary>One of the texts of a service; empty when it has none.</summary>
    public ReadOnlySpan<byte> Text(ServiceIndex index, ServiceTextTag tag) =>
        _texts.Get(_records[index.Value].Text, (int)tag);

    /// <summary>The settings of a service.</summary>
    public ServiceSettings Settings(ServiceIndex index) => new()
    {
        Environment = Text(index, ServiceTextTag.Environment),
        Directory = Text(index, ServiceTextTag.Directory),
        Root = Text(index, ServiceTextTag.Root),
        User = ForcedOr(_records[index.Value].Access, isUser: true, Text(index, ServiceTextTag.User)),
        IsUserForced = IsUserForced(index),
        Limits = Text(index, ServiceTextTag.Limits),
        Process = Text(index, ServiceTextTag.Process),
        Mounts = Text(index, ServiceTextTag.Mounts),
        ArgumentsFrom = Text(index, ServiceTextTag.ArgsFrom),
        EnvironmentFrom = Text(index, ServiceTextTag.EnvironmentFrom),
        Cgroup = Cgroup(index),
        Listens = _records[index.Value].Listens,
    };

    /// <summary>The control group in which it runs: that of its control socket, or the setting.</summary>
    public ReadOnlySpan<byte> Cgroup(ServiceIndex index) =>
        ForcedOr(_records[index.Value].Access, isUser: false, Text(index, ServiceTextTag.Cgroup));

    /// <summary>True if it runs as the user of its control socket, whatever is set.</summary>
    public bool IsUserForced(ServiceIndex index) =>
        _records[index.Value].Access is { IsAll: false } access && !_access[access].User.IsEmpty;

    /// <summary>The texts from a tag on that a service has: bit 0 is that one.</summary>
    public uint TextTags(ServiceIndex index, ServiceTextTag from) =>
        _texts.TagsOf(_records[index.Value].Text, (int)from);

    /// <summary>
    /// True if there is something to execute: a first argument that is not empty, or a descriptor that has it.
    /// </summary>
    public bool HasArgs(ServiceIndex index)
    {
        ReadOnlySpan<byte> args = Args(index);
        return (!args.IsEmpty && args[0] != (byte)'\t') || !Text(index, ServiceTextTag.ArgsFrom).IsEmpty;
    }

    /// <summary>
    /// Sets one of the texts of a service, which is created if it is new. None when there is no room for the text; then
    /// nothing was changed and nothing created.
    /// </summary>
    public ServiceIndex SetText(in ServiceTarget target, ServiceTextTag tag, ReadOnlySpan<byte> text)
    {
        ServiceIndex index = target.Exists ? target.Index : new ServiceIndex(_free.Next);
        uint before = target.Exists ? _records[index.Value].Text.Bytes : 0;
        if (!_texts.TryStage(this, index.Value, (int)tag, text, out TextRef staged)
            || (!_access.Sender.IsAll && !FitsShare(ref staged, (long)staged.Bytes - before)))
        {
            bool canGiveWay = target.Exists && tag != ServiceTextTag.Failed
                && !Text(index, ServiceTextTag.Failed).IsEmpty
                && !SetText(target, ServiceTextTag.Failed, default).IsNone;
            return canGiveWay ? SetText(target, tag, text) : ServiceIndex.None;
        }

        if (!target.Exists)
        {
            Create(target.Name);
        }

        TextRef old = _records[index.Value].Text;
        using (RecordWriter<ServiceRecord> change = _records.Change(index.Value))
        {
            change.Record.Text = staged;
            change.Record.HasFds |= tag == ServiceTextTag.Fds;
        }

        _records.Pass(CrashPoint.TextNamed);
        if (!_records[index.Value].Access.IsAll)
        {
            _access.CountText(_records[index.Value].Access, (long)staged.Bytes - old.Bytes);
        }

        _texts.Free(old);
        _statistics.Use(Counter.TextUsed, Counter.TextMost, _texts.Used);
        return index;
    }

    /// <summary>Forgets a service that does not run.</summary>
    public void Remove(ServiceIndex index)
    {
        TextRef text = _records[index.Value].Text;
        _access.CountService(_records[index.Value].Access, -1);
        _access.CountText(_records[index.Value].Access, -text.Bytes);
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

    TextRef TextArena.ITextOwners.TextOf(int owner) => _records[owner].Text;

    void TextArena.ITextOwners.Publish(int owner, TextRef text)
    {
        using RecordWriter<ServiceRecord> change = _records.Change(owner);
        change.Record.Text = text;
    }

    /// <summary>
    /// True if a service has a process. One that waits has one only if the daemon died before it noted that it is up.
    /// </summary>
    public static bool HasProcess(in ServiceRecord record) =>
        record.State == ServiceState.Up || (record.State == ServiceState.Waiting && !record.Pid.IsNone);

    /// <summary>After a resume: claims the texts of a service, unless unsound or those of another one.</summary>
    public QuarantineReason ClaimText(int index) => _texts.Claim(_records[index].Text);

    int IRecordTable.Suspect => _records.Suspect;

    bool IRecordTable.IsRebuiltFromEnd => true;

    int IRecordTable.BeginRebuild()
    {
        int highWater = _records.CountWritten();
        while (highWater > 0 && !Exists(new ServiceIndex(highWater - 1)))
        {
            Clear(--highWater);
        }

        _free.RaiseTo(highWater);
        return highWater;
    }

    bool IRecordTable.IsFree(int index) => !Exists(new ServiceIndex(index));

    FixedName IRecordTable.NameOf(int index) => _records[index].Name;

    void IRecordTable.Keep(int index)
    {
        _names.Add(index);
        _access.CountService(_records[index].Access, 1);
        _access.CountText(_records[index].Access, _records[index].Text.Bytes);
        if (HasProcess(_records[index]))
        {
            _pids.Add(_records[index].Pid, index);
        }
    }

    void IRecordTable.Drop(int index)
    {
        Clear(index);
        _free.Return(index);
    }

    void IRecordTable.EndRebuild()
    {
        _texts.Rebuild(this);
        CountUsed();
    }

    // The value that the control socket of the service forces, or else the setting.
    private ReadOnlySpan<byte> ForcedOr(AccessPolicyIndex access, bool isUser, ReadOnlySpan<byte> set)
    {
        if (access.IsAll)
        {
            return set;
        }

        ReadOnlySpan<byte> forced = isUser ? _access[access].User.Value : _access[access].Cgroup.Value;
        return forced.IsEmpty ? set : forced;
    }

    // Whether the texts fit into the share of the sender; if not, what was staged is given back.
    private bool FitsShare(ref TextRef staged, long more)
    {
        bool fits = _access.HasRoomForText(_access.Sender, more);
        if (!fits)
        {
            _texts.Free(staged);
            staged = default;
        }

        return fits;
    }

    // A free record says nothing, whatever is in it.
    private void Clear(int index)
    {
        using RecordWriter<ServiceRecord> change = _records.Change(index);
        change.Record = default;
    }

    private static bool IsNamed(in ServiceRecord record, in FixedName name) =>
        record.State != ServiceState.None && record.Name.IsSame(name);

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
                Access = _access.Sender,
            };
        }

        _access.CountService(_access.Sender, 1);

        _names.Add(index);
        _statistics.Use(Counter.ServicesUsed, Counter.ServicesMost, _names.Count);
    }
}
