using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Daemonproxy.Kernel;

/// <summary>
/// Limits of resources that were raised for the execution and the start of this program, as they were before. In the
/// image, so that the program that resumes gives them back, setrlimit(2). Resources are only ever appended.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SavedLimits
{
    /// <summary>RLIMIT_AS, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_NOFILE, RLIMIT_FSIZE, as in resource_limits.c.</summary>
    public const int Count = 5;

    /// <summary>The limits that were raised: bit 0 is the first.</summary>
    public ulong Raised;

    public LimitArray Old;

    /// <summary>A soft limit and a hard limit.</summary>
    internal struct LimitPair
    {
        public ulong Soft;
        public ulong Hard;
    }

    /// <summary>One pair for each resource.</summary>
    [InlineArray(Count)]
    internal struct LimitArray
    {
        private LimitPair _first;
    }
}
