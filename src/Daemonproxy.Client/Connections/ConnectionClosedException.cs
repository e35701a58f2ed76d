using System.IO;

namespace Daemonproxy.Client;

/// <summary>The connection has ended, and the answer to a command will not come.</summary>
public sealed class ConnectionClosedException : IOException
{
    internal ConnectionClosedException(ConnectionEnd end, bool mayHaveRun)
        : base(end.ToString(), end.Cause)
    {
        End = end;
        MayHaveRun = mayHaveRun;
    }

    /// <summary>Why the connection ended.</summary>
    public ConnectionEnd End { get; }

    /// <summary>True if the command may have run; false if no byte of it was sent.</summary>
    public bool MayHaveRun { get; }
}
