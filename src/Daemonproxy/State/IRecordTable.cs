using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>
/// A table of records during a resume: the validator decides for each record whether it is kept, and the table computes
/// its indexes from those that are.
/// </summary>
internal interface IRecordTable
{
    /// <summary>The record that was being changed when the daemon crashed; -1 when it is none of these.</summary>
    int Suspect { get; }

    /// <summary>
    /// True if records are checked from the last to the first, so that free ones are used again in order.
    /// </summary>
    bool IsRebuiltFromEnd { get; }

    /// <summary>The number of records to check: behind them none was ever used.</summary>
    int BeginRebuild();

    bool IsFree(int index);

    /// <summary>The name of a record, for the log; empty when it has none.</summary>
    FixedName NameOf(int index);

    /// <summary>The record passed its check: adds it to the indexes.</summary>
    void Keep(int index);

    /// <summary>The record is free, or did not pass its check: clears it.</summary>
    void Drop(int index);

    /// <summary>All records were checked: computes what depends on all of them.</summary>
    void EndRebuild();
}
