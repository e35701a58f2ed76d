using System;
using System.Collections.Generic;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>A message on a notify socket: its bytes, who sent it, and the files that came along.</summary>
internal sealed record SimMessage(byte[] Bytes, SenderCredentials Sender, SimFile[] Passed);

/// <summary>The socket on which a service says how it is.</summary>
internal sealed class SimNotifySocket : SimFile
{
    /// <summary>The messages that were not received yet.</summary>
    public Queue<SimMessage> Messages { get; } = [];

    public override FdKind Kind => FdKind.Socket;

    public override SocketShape Shape => SocketShape.UnixDatagram;

    public override bool CanBeWatched => true;

    public override bool HasInput => Messages.Count > 0;

    public override Errno Read(Span<byte> free, out int count)
    {
        count = 0;
        return Errno.EAGAIN;
    }

    public override Errno Write(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        return Errno.ENOTCONN;
    }

    public override void Closed(SimKernel kernel)
    {
        while (Messages.TryDequeue(out SimMessage? message))
        {
            foreach (SimFile file in message.Passed)
            {
                kernel.Release(file);
            }
        }
    }
}
