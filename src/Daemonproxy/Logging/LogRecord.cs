using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Logging;

/// <summary>The log as the image holds it: what waits to be written, and where to.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LogRecord
{
    /// <summary>The name of the descriptor that is written to.</summary>
    public FixedName Destination;

    /// <summary>Messages above this level are logged.</summary>
    public LogLevel Filter;

    /// <summary>The room for what waits, in bytes: twice as much as may wait.</summary>
    public const int Bound = 2 * Limits.LogBuffer;

    /// <summary>The bytes that wait.</summary>
    public BufferRange Waiting;

    /// <summary>Messages that did not fit.</summary>
    public long Lost;
    public LogBufferBytes Bytes;

    /// <summary>
    /// The number of waiting bytes, from the first one, that a helper is writing. After a crash they are written again.
    /// </summary>
    public int Handed;

    /// <summary>Lines, the first of which may have been written in part.</summary>
    [InlineArray(Bound)]
    internal struct LogBufferBytes
    {
        private byte _first;
    }
}
