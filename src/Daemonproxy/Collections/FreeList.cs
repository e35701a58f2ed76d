using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Collections;

/// <summary>
/// The free records of a table: the freed ones, last first, and all from a high-water mark on. So the records of a
/// table stay close together, and unneeded pages are never touched.
/// </summary>
internal sealed class FreeList(SystemCalls kernel, int count)
{
    private readonly FixedArray<int> _returned = new(kernel, count);
    private int _returnedCount;

    /// <summary>Every record at or above this was never used.</summary>
    public int HighWater { get; private set; }

    /// <summary>True if a record is free.</summary>
    public bool HasRoom => _returnedCount > 0 || HighWater < count;

    /// <summary>The record that <see cref="Take"/> would give.</summary>
    public int Next => _returnedCount > 0 ? _returned[_returnedCount - 1] : HighWater;

    /// <summary>All of the next so many records are at or below this one.</summary>
    public int HighestOfNext(int more) => HighWater - 1 + (more > _returnedCount ? more - _returnedCount : 0);

    public int Take()
    {
        Assertion.Require(HasRoom);
        return _returnedCount > 0 ? _returned[--_returnedCount] : HighWater++;
    }

    public void Return(int index) => _returned[_returnedCount++] = index;

    /// <summary>After a resume: records up to here may be in use; those that are not are to be returned.</summary>
    public void RaiseTo(int highWater) => HighWater = highWater;
}
