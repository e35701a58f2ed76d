using System;
using System.Collections.Generic;
using System.Text;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>The other end of a connection to the daemon, in the hands of a test.</summary>
internal sealed class SimConnection
{
    private readonly SimKernel _kernel;
    private readonly List<SimFile> _passed = [];
    private SimStream? _stream;

    public SimConnection(SimKernel kernel, SimStream stream)
    {
        _kernel = kernel;
        _stream = SimKernel.Hold(stream);
        stream.IsNonblocking = true;
    }

    /// <summary>This end, for a <see cref="SimPeer"/>; null once it is closed.</summary>
    public SimStream? Stream => _stream;

    /// <summary>True if the daemon has closed its end, or did not accept before it closed the listener.</summary>
    public bool IsRefused => _stream is null || (_stream.In!.Writers == 0 && _stream.In.Length == 0);

    /// <summary>Writes Latin-1, with descriptors for these files sent along; all of it, or it throws.</summary>
    public void Write(string text, params ReadOnlySpan<SimFile> files)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        if (_stream?.Out is not SimBuffer { Readers: > 0 } buffer || buffer.Free < bytes.Length || bytes.Length == 0)
        {
            throw new SimulationException("nothing can be written to the connection");
        }

        buffer.Attach(bytes.Length, files);
        buffer.Append(bytes);
    }

    /// <summary>The bytes that the daemon has written since the last time.</summary>
    public string Read()
    {
        byte[] bytes = new byte[SimBuffer.Capacity];
        Errno reason = Errno.EBADF;
        int count = 0;
        if (_stream is not null)
        {
            reason = _stream.Receive(bytes, _passed, out count);
        }

        return reason is Errno.None or Errno.EAGAIN
            ? Encoding.Latin1.GetString(bytes, 0, count)
            : throw new SimulationException($"nothing can be read from the connection: {reason}");
    }

    /// <summary>Half-closes it, shutdown(2): the daemon reads the end of input, and can still write.</summary>
    public void EndInput() => _stream?.EndOutput(_kernel);

    public void Close()
    {
        if (_stream is SimStream stream)
        {
            _stream = null;
            _kernel.Release(stream);
        }
    }
}
