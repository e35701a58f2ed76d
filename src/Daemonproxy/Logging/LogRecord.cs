using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daemonproxy.Image;
using Daemonproxy.Protocol;

namespace Daemonproxy.Logging;

/// <summary>The log as the image holds it: what waits to be written, and where to.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LogRecord
{
    /// <summary>The name of the descriptor that is written to.</summary>
    public FixedName Destination;

    /// <summary>Messages above this level are logged.</summary>
    public LogLevel Filter;

    /// <summary>Bytes that wait.</summary>
    public int Length;

    /// <summary>Messages that did not fit.</summary>
    public long Lost;
    public LogBytes Bytes;

    /// <summary>The bytes that wait, whole lines.</summary>
    [InlineArray(Limits.LogBuffer)]
    internal struct LogBytes
    {
        private byte _first;
    }
}
