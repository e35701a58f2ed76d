using System;
using Daemonproxy.Kernel;

namespace Daemonproxy.Sending;

/// <summary>The default path of the control socket.</summary>
internal static class SocketPath
{
    /// <summary>The path of a daemon of the system.</summary>
    public static ReadOnlySpan<byte> OfSystem => "/run/daemonproxy.sock"u8;

    /// <summary>
    /// The first that is set or exists: <c>DAEMONPROXY_SOCKET</c>, /run/daemonproxy.sock, and daemonproxy.sock in
    /// <c>XDG_RUNTIME_DIR</c>. Null when there is none.
    /// </summary>
    public static byte[]? Find(ISendingCalls calls)
    {
        ReadOnlySpan<byte> named = calls.Variable("DAEMONPROXY_SOCKET="u8);
        if (!named.IsEmpty)
        {
            return named.ToArray();
        }

        if (calls.Exists(OfSystem))
        {
            return OfSystem.ToArray();
        }

        byte[] own = OfUser(calls);
        return own.Length > 0 && calls.Exists(own) ? own : null;
    }

    /// <summary>The path of a daemon of the user; empty without a directory for it.</summary>
    public static byte[] OfUser(ISendingCalls calls)
    {
        ReadOnlySpan<byte> directory = calls.Variable("XDG_RUNTIME_DIR="u8);
        return directory.IsEmpty ? [] : [.. directory, .. "/daemonproxy.sock"u8];
    }
}
