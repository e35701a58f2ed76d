using System;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Access;

/// <summary>
/// The accesses: what the connections of control sockets may do, in the image, and how much of their share they have
/// used. Looks at nothing but names: a name that an access does not see is refused before anything is looked up.
/// </summary>
internal sealed class AccessPolicies(StateImage image) : IRecordTable
{
    private readonly Region<AccessPolicyRecord> _records = new(image, RegionId.Accesses);

    // By index; place 0 is everything, and is not counted.
    private readonly long[] _services = new long[Limits.Accesses + 1];
    private readonly long[] _fds = new long[Limits.Accesses + 1];
    private readonly long[] _text = new long[Limits.Accesses + 1];

    // The number of records that can be touched.
    private int _end;

    /// <summary>
    /// Connections and control sockets, which are not counted here; set once, when the daemon is built.
    /// </summary>
    public IAccessPolicyUser[] Users { get; set; } = [];

    /// <summary>The access of the connection whose command runs; everything while none does.</summary>
    public AccessPolicyIndex Sender { get; set; }

    /// <summary>The record of an access that is not everything.</summary>
    public ref readonly AccessPolicyRecord this[AccessPolicyIndex access] => ref _records[access.Value - 1];

    /// <summary>True if an index, which may be any number, is unrestricted or that of a record in use.</summary>
    public bool Exists(AccessPolicyIndex access) =>
        access.IsAll || (access.Value <= _end && _records[access.Value - 1].IsUsed);

    /// <summary>The right.</summary>
    public Right RightOf(AccessPolicyIndex access) => access.IsAll ? Right.All : this[access].Allow;

    /// <summary>True if an object of this name exists for the peer.</summary>
    public bool Sees(AccessPolicyIndex access, ReadOnlySpan<byte> name) =>
        access.IsAll || name.StartsWith(this[access].Prefix.Value.Bytes);

    /// <summary>True if the peer may change objects of an access.</summary>
    public bool Owns(AccessPolicyIndex access, AccessPolicyIndex of) =>
        access.IsAll || access == of || (!of.IsAll && this[access].IsSameOwner(this[of]));

    /// <summary>True if one more service fits into its share.</summary>
    public bool HasRoomForService(AccessPolicyIndex access) =>
        access.IsAll || Sum(_services, access) < this[access].MostServices;

    /// <summary>True if so many more descriptors fit into its share.</summary>
    public bool HasRoomForFds(AccessPolicyIndex access, int more) =>
        access.IsAll || more == 0
        || Sum(_fds, access) + more <= (long)this[access].MostServices * Limits.FdsPerService;

    /// <summary>True if so many more bytes of text fit into its share.</summary>
    public bool HasRoomForText(AccessPolicyIndex access, long more) =>
        access.IsAll || more <= 0
        || Sum(_text, access) + more <= (long)this[access].MostServices * Limits.TextPerService;

    /// <summary>A service was made, 1, or deleted, -1.</summary>
    public void CountService(AccessPolicyIndex access, int change) => _services[access.Value] += change;

    /// <summary>Counts a named descriptor, 1, or a deleted one, -1.</summary>
    public void CountFd(AccessPolicyIndex access, int change) => _fds[access.Value] += change;

    /// <summary>The texts of a service take so many bytes more.</summary>
    public void CountText(AccessPolicyIndex access, long change) => _text[access.Value] += change;

    /// <summary>True if an access with these rules exists, or one more can be made.</summary>
    public bool HasRoomFor(in AccessPolicyRecord rules) => TryReserve() && !Find(rules).IsAll;

    /// <summary>
    /// Returns the access with these rules, and makes it if there is none; false if all records are in use. A record
    /// without references is reused.
    /// </summary>
    public bool TryMake(in AccessPolicyRecord rules, out AccessPolicyIndex access)
    {
        access = default;
        if (TryReserve())
        {
            access = Find(rules);
        }

        if (access.IsAll)
        {
            return false;
        }

        using RecordWriter<AccessPolicyRecord> change = _records.Change(access.Value - 1);
        change.Record = rules;
        change.Record.IsUsed = true;
        return true;
    }

    int IRecordTable.Suspect => _records.Suspect;

    bool IRecordTable.IsRebuiltFromEnd => false;

    int IRecordTable.BeginRebuild() => _end = _records.CountWritten();

    bool IRecordTable.IsFree(int index) => !_records[index].IsUsed;

    FixedName IRecordTable.NameOf(int index) => _records[index].Socket;

    void IRecordTable.Keep(int index)
    {
    }

    void IRecordTable.Drop(int index)
    {
        using RecordWriter<AccessPolicyRecord> change = _records.Change(index);
        change.Record = default;
    }

    void IRecordTable.EndRebuild()
    {
    }

    // Most daemons have no record: their pages are reserved when the first one is made.
    private bool TryReserve()
    {
        bool isReserved = _records.TryReserve(_records.Count - 1);
        _end = isReserved ? _records.Count : _end;
        return isReserved;
    }

    // The one with these rules, or else the first that is not in use; none is everything.
    private AccessPolicyIndex Find(in AccessPolicyRecord rules)
    {
        AccessPolicyIndex free = default;
        for (int index = _records.Count; index >= 1; index--)
        {
            AccessPolicyIndex access = new((byte)index);
            if (_records[index - 1].IsUsed && _records[index - 1].IsSame(rules))
            {
                return access;
            }

            free = IsInUse(access) ? free : access;
        }

        return free;
    }

    private bool IsInUse(AccessPolicyIndex access)
    {
        bool isInUse = _services[access.Value] > 0 || _fds[access.Value] > 0;
        foreach (IAccessPolicyUser user in Users)
        {
            isInUse |= user.Uses(access);
        }

        return _records[access.Value - 1].IsUsed && isInUse;
    }

    // The usage of all accesses of the same owner: a socket that is made anew does not get its share twice.
    private long Sum(long[] counts, AccessPolicyIndex access)
    {
        long used = 0;
        for (int index = 1; index <= _end; index++)
        {
            used += IsOfSame(index, access) ? counts[index] : 0;
        }

        return used;
    }

    private bool IsOfSame(int index, AccessPolicyIndex access) =>
        _records[index - 1].IsUsed && _records[index - 1].Socket.IsSame(this[access].Socket);
}
