using System;
using Daemonproxy.Access;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Descriptors;

/// <summary>The named descriptors: found by name, kept in the image, announced when they change.</summary>
internal sealed unsafe partial class FdTable : TextArena.ITextOwners, IRecordTable
{
    // The kernel takes the longest that net.core.somaxconn allows, listen(2).
    private const int UnknownBacklog = 65535;

    private readonly SystemCalls _kernel;
    private readonly Statistics _statistics;
    private readonly IAnnouncer _announcer;
    private readonly IDescriptorCloser _closer;
    private readonly AccessPolicies _access;
    private readonly Region<FdRecord> _records;
    private readonly NameTree _names;
    private readonly FreeList _free;
    private readonly TextArena _texts;
    private IFdUser? _user;
    private IFdTableObserver? _watcher;
    private bool _hasSlow;

    public FdTable(
        SystemCalls kernel,
        StateImage image,
        Statistics statistics,
        IAnnouncer announcer,
        IDescriptorCloser closer,
        AccessPolicies access,
        int mostTextBytes)
    {
        _access = access;
        _closer = closer;
        _kernel = kernel;
        _statistics = statistics;
        _announcer = announcer;
        _records = new Region<FdRecord>(image, RegionId.Fds);
        _names = new NameTree(kernel, _records.First, sizeof(FdRecord), _records.Count);
        _free = new FreeList(kernel, _records.Count);
        _texts = new TextArena(kernel, image, RegionId.FdText, (int)FdTextTag.Count, mostTextBytes);
        MostTextBytes = mostTextBytes;
    }

    /// <summary>A path longer than this is shown cut, in bytes.</summary>
    public int MostTextBytes { get; }

    /// <summary>
    /// True if there is, or was since the start or the last resume, a descriptor of a file system that may stop
    /// answering, or may be one already that a helper opens.
    /// </summary>
    public bool HasSlow => _hasSlow || _closer.MayHaveSlow || _kernel.ErrorStream.Value >= HelperPlan.FirstHigh;

    /// <summary>
    /// True if there is, or was since the start or the last resume, a socket that listens or has a path.
    /// </summary>
    public bool HasListeners { get; private set; }

    /// <summary>The capacity of the table.</summary>
    public int Capacity => _records.Count;

    /// <summary>All descriptors have an index below this.</summary>
    public int HighWater => _free.HighWater;

    /// <summary>The number of named descriptors.</summary>
    public int Used => _names.Count;

    /// <summary>True if the table has room for one more.</summary>
    public bool HasRoom => HasRoomFor(1);

    /// <summary>True if the table has room for this many more, of whose command it is that runs.</summary>
    public bool HasRoomFor(int more) =>
        more == 0 || (_access.HasRoomForFds(_access.Sender, more)
            && _names.Count + more <= _records.Count && _records.TryReserve(_free.HighestOfNext(more)));

    int TextArena.ITextOwners.Count => _free.HighWater;

    public ref readonly FdRecord this[FdIndex index] => ref _records[index.Value];

    public bool TryFind(Name name, out FdIndex index)
    {
        index = new FdIndex(_names.Find(name));
        return !index.IsNone;
    }

    /// <summary>The next in name order after this name (all of them after an empty one); none at the end.</summary>
    public FdIndex After(in FixedName name) => new(_names.After(name));

    /// <summary>True if this index, which may be any number, is that of a descriptor of this name.</summary>
    public bool IsNamed(FdIndex index, in FixedName name) =>
        (uint)index.Value < (uint)_records.Count && _records[index.Value].Type != FdType.None
        && _records[index.Value].Name.IsSame(name);

    /// <summary>Names a descriptor that we made: its kind can be asked without blocking.</summary>
    public FdIndex Assign(
        in FdTarget target, FdType type, uint flags, FdNumber number, ReadOnlySpan<byte> text, FdBlocking blocking)
    {
        _kernel.Identify(number, out FdIdentity identity);
        return Assign(target, type, flags, new ExaminedFd(number, identity, blocking), text);
    }

    /// <summary>Sets the user, which is notified of each descriptor that is about to be closed.</summary>
    public void Connect(IFdUser user) => _user = user;

    /// <summary>Sets the watcher, which is notified of each descriptor that is named or about to be closed.</summary>
    public void Connect(IFdTableObserver watcher) => _watcher = watcher;

    /// <summary>
    /// Gives a descriptor its name. A descriptor that had the name before is closed; one that is new needs
    /// <see cref="HasRoom"/>. Announces nothing.
    /// </summary>
    public FdIndex Assign(in FdTarget target, FdType type, uint flags, in ExaminedFd file, ReadOnlySpan<byte> text) =>
        Assign(target, type, flags, file, text, default);

    /// <summary>The same, for a file with such rights.</summary>
    public FdIndex Assign(
        in FdTarget target,
        FdType type,
        uint flags,
        in ExaminedFd file,
        ReadOnlySpan<byte> text,
        scoped FileRights rights)
    {
        FdNumber replaced = FdNumber.None;
        FdBlocking replacedBlocking = FdBlocking.None;
        FdIndex index = target.Index;
        if (index.IsNone)
        {
            index = new FdIndex(_free.Take());
        }
        else
        {
            _user?.BeforeClose(_records[index.Value].Name);
            _watcher?.BeforeClose(index);
            replaced = _records[index.Value].Number;
            replacedBlocking = _records[index.Value].Blocking;
            PartFromPeer(index);
        }

        _hasSlow |= file.Blocking == FdBlocking.All;
        _access.CountFd(_records[index.Value].Access, target.Exists ? -1 : 0);
        _access.CountFd(_access.Sender, 1);
        _records.Pass(CrashPoint.FdMade);
        TextRef staged = StageText(index, rights.Owner, text);
        TextRef old = _records[index.Value].Text;
        using (RecordWriter<FdRecord> change = _records.Change(index.Value))
        {
            change.Record = new FdRecord
            {
                Name = FixedName.From(target.Name),
                Type = type,
                Flags = flags,
                Number = file.Number,
                Peer = -1,
                Identity = file.Identity,
                Text = staged,
                Blocking = file.Blocking,
                OwnerBytes = (byte)rights.Owner.Length,
                Mode = rights.Mode,
                Access = _access.Sender,
            };
            _records.Pass(CrashPoint.FdChange);
        }

        _records.Pass(CrashPoint.FdNamed);
        _texts.Free(old);
        if (!target.Exists)
        {
            _names.Add(index.Value);
            _statistics.Use(Counter.FdsUsed, Counter.FdsMost, _names.Count);
        }

        Close(replaced, replacedBlocking);
        _watcher?.AfterAssign(index);
        return index;
    }

    /// <summary>Makes a descriptor one that cannot be altered, standing for a connection or for itself.</summary>
    public void MakeConstant(FdIndex index, ControlFdKind role)
    {
        using RecordWriter<FdRecord> change = _records.Change(index.Value);
        change.Record.IsConstant = true;
        change.Record.Role = role;
    }

    /// <summary>A service has left the descriptor with the daemon.</summary>
    public void MarkStored(FdIndex index)
    {
        using RecordWriter<FdRecord> change = _records.Change(index.Value);
        change.Record.IsStored = true;
    }

    /// <summary>Notes how long the queue of a listening socket is, and the file of one that has a path.</summary>
    public void SetSocket(FdIndex index, int backlog, in SocketFile file)
    {
        HasListeners |= backlog > 0 || !file.IsNone;
        using RecordWriter<FdRecord> change = _records.Change(index.Value);
        change.Record.Backlog = backlog;
        change.Record.File = file;
    }

    /// <summary>Notes that a socket of another program listens, if it does; its queue may have any length.</summary>
    public void NoteListening(FdIndex index)
    {
        if (_kernel.IsIntact(_records[index.Value].Number, listens: true))
        {
            SetSocket(index, UnknownBacklog, default);
        }
    }

    /// <summary>Puts a new socket, bound to the same path, in the place of one.</summary>
    public void Renew(FdIndex index, in ExaminedFd file, in SocketFile path)
    {
        _user?.BeforeClose(_records[index.Value].Name);
        _watcher?.BeforeClose(index);
        FdNumber replaced = _records[index.Value].Number;
        FdBlocking replacedBlocking = _records[index.Value].Blocking;
        _records.Pass(CrashPoint.FdMade);
        using (RecordWriter<FdRecord> change = _records.Change(index.Value))
        {
            change.Record.Number = file.Number;
            change.Record.Identity = file.Identity;
            change.Record.Blocking = file.Blocking;
            change.Record.File = path;
            _records.Pass(CrashPoint.FdChange);
        }

        _records.Pass(CrashPoint.FdNamed);
        Close(replaced, replacedBlocking);
        _watcher?.AfterAssign(index);
    }

    /// <summary>Puts /dev/null in the place of what stands in for it, if it is there by now.</summary>
    public void MendNull(FdIndex index)
    {
        FdNumber number = NullDevice.OpenReal(_kernel, OpenMode.Read | OpenMode.Write);
        if (number.IsNone)
        {
            return;
        }

        _kernel.Identify(number, out FdIdentity identity);
        FdNumber replaced = _records[index.Value].Number;
        FdBlocking replacedBlocking = _records[index.Value].Blocking;
        using (RecordWriter<FdRecord> change = _records.Change(index.Value))
        {
            change.Record.Number = number;
            change.Record.Identity = identity;
            change.Record.Blocking = FdBlocking.None;
        }

        Close(replaced, replacedBlocking);
    }

    /// <summary>Makes two descriptors the ends of one pipe.</summary>
    public void Join(FdIndex reader, FdIndex writer)
    {
        SetPeer(reader, writer.Value);
        SetPeer(writer, reader.Value);
    }

    /// <summary>Forgets and closes a descriptor, and announces that.</summary>
    public void Delete(FdIndex index)
    {
        _user?.BeforeClose(_records[index.Value].Name);
        _watcher?.BeforeClose(index);
        _announcer.Forget(EventSubject.Of(index));
        PartFromPeer(index);
        LineWriter line = _announcer.Begin();
        Events.FdStateDeleted(ref line, _records[index.Value].Name.Value);
        FdNumber number = _records[index.Value].Number;
        FdBlocking blocking = _records[index.Value].Blocking;
        TextRef text = _records[index.Value].Text;
        _access.CountFd(_records[index.Value].Access, -1);
        _names.Remove(index.Value);
        using (RecordWriter<FdRecord> change = _records.Change(index.Value))
        {
            change.Record = default;
        }

        _free.Return(index.Value);
        _texts.Free(text);
        Close(number, blocking);
        _statistics.Use(Counter.FdsUsed, Counter.FdsMost, _names.Count);
        _announcer.Announce(EventSubject.Of(index), line);
    }

    /// <summary>Tells everybody what a descriptor is.</summary>
    public void Announce(FdIndex index)
    {
        LineWriter line = _announcer.Begin();
        FdEvents.State(ref line, this, index);
        _announcer.Announce(EventSubject.Of(index), line);
        _watcher?.AfterAnnounce(index);
    }

    TextRef TextArena.ITextOwners.TextOf(int owner) => _records[owner].Text;

    void TextArena.ITextOwners.Publish(int owner, TextRef text)
    {
        using RecordWriter<FdRecord> change = _records.Change(owner);
        change.Record.Text = text;
    }

    /// <summary>Adds the numbers of all descriptors that have a name, for the closing of all others.</summary>
    public int CollectNumbers(Span<FdNumber> into)
    {
        int count = 0;
        for (int index = 0; index < _free.HighWater; index++)
        {
            if (_records[index].Type != FdType.None && !_records[index].Number.IsNone)
            {
                into[count++] = _records[index].Number;
            }
        }

        return count;
    }

    private void PartFromPeer(FdIndex index)
    {
        int peer = _records[index.Value].Peer;
        if (peer >= 0)
        {
            SetPeer(new FdIndex(peer), -1);
            SetPeer(index, -1);
        }
    }

    private void SetPeer(FdIndex index, int peer)
    {
        using RecordWriter<FdRecord> change = _records.Change(index.Value);
        change.Record.Peer = peer;
    }

    private void Close(FdNumber number, FdBlocking blocking)
    {
        if (!number.IsNone)
        {
            _closer.Close(number, blocking);
        }
    }
}
