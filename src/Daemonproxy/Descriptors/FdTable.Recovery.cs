using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Descriptors;

/// <summary>The table after a resume: which records are kept, and the indexes over them.</summary>
internal sealed partial class FdTable
{
    /// <summary>After a resume: claims the text of a descriptor, unless it is unsound or that of another one.</summary>
    public QuarantineReason ClaimText(int index) => _texts.Claim(_records[index].Text);

    int IRecordTable.Suspect => _records.Suspect;

    bool IRecordTable.IsRebuiltFromEnd => true;

    int IRecordTable.BeginRebuild()
    {
        int highWater = _records.CountWritten();
        while (highWater > 0 && _records[highWater - 1].Type == FdType.None)
        {
            Clear(--highWater);
        }

        _free.RaiseTo(highWater);
        return highWater;
    }

    bool IRecordTable.IsFree(int index) => _records[index].Type == FdType.None;

    FixedName IRecordTable.NameOf(int index) => _records[index].Name;

    void IRecordTable.Keep(int index)
    {
        _hasSlow |= _records[index].Blocking == FdBlocking.All;
        HasListeners |= _records[index].Backlog > 0 || !_records[index].File.IsNone;
        _access.CountFd(_records[index].Access, 1);
        _names.Add(index);
    }

    void IRecordTable.Drop(int index)
    {
        Clear(index);
        _free.Return(index);
    }

    void IRecordTable.EndRebuild()
    {
        PartWrongPeers(_free.HighWater);
        _texts.Rebuild(this);
        _statistics.Use(Counter.FdsUsed, Counter.FdsMost, _names.Count);
    }

    // A free record says nothing, whatever is in it.
    private void Clear(int index)
    {
        using RecordWriter<FdRecord> change = _records.Change(index);
        change.Record = default;
    }

    // Two descriptors are the ends of a pipe only if each names the other.
    private void PartWrongPeers(int highWater)
    {
        for (int index = 0; index < highWater; index++)
        {
            int peer = _records[index].Peer;
            bool isPeer = (uint)peer < (uint)highWater && _records[peer].Type != FdType.None
                && _records[peer].Peer == index;
            if (_records[index].Type != FdType.None && peer != -1 && !isPeer)
            {
                SetPeer(new FdIndex(index), -1);
            }
        }
    }
}
