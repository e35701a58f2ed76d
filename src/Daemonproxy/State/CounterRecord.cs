using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Daemonproxy.State;

/// <summary>The counters, which last across resumes; their indexes are the counters of the spec.</summary>
[InlineArray(Capacity)]
[StructLayout(LayoutKind.Sequential)]
internal struct CounterRecord
{
    /// <summary>More than there are, so that a later release can append.</summary>
    public const int Capacity = 64;
    private long _first;
}
