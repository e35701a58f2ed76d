using System;
using System.IO;

namespace Daemonproxy.Client;

/// <summary>There is no connection any more: a command that was not done may have been carried out, or not.</summary>
public sealed class ConnectionClosedException : IOException
{
    internal ConnectionClosedException(Exception? cause)
        : base(
            cause is null ? "The connection to the daemon has ended." : $"The connection broke: {cause.Message}", cause)
    {
    }
}
