using System.Runtime.InteropServices;

namespace Daemonproxy.State;

/// <summary>The filled range of a buffer: one word, so that both ends change at once.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BufferRange
{
    public int Start;
    public int End;

    public readonly int Length => End - Start;

    /// <summary>True if it lies within so many bytes.</summary>
    public readonly bool IsWithin(int bytes) => Start >= 0 && Start <= End && End <= bytes;
}
