using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Logging;

/// <summary>Writes to files that may stop answering; <see cref="Log.FinishWrite"/> is called at the end.</summary>
internal interface ISlowFileWriter
{
    /// <summary>Begins to write; false when that is not possible now.</summary>
    /// <param name="fd">The file. It is not closed before the end, whatever its name is given to.</param>
    /// <param name="bytes">The bytes, which are copied, up to <see cref="Limits.LogBuffer"/>.</param>
    /// <param name="ticket">Tells this write from others.</param>
    bool TryWrite(FdNumber fd, ReadOnlySpan<byte> bytes, long ticket);
}
