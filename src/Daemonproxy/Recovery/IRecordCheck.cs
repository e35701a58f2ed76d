using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>The check of the records of a table; the first thing that is wrong with one, or none.</summary>
internal interface IRecordCheck
{
    QuarantineReason Find(int index);
}
