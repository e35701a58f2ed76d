using System;
using Daemonproxy.EndToEnd.Harness;

namespace Daemonproxy.EndToEnd.Sockets;

/// <summary>
/// A daemon and a pipe from its services to the test: descriptor <c>told</c>, where a service writes what it found.
/// </summary>
internal sealed class Witness : IDisposable
{
    private readonly Scratch _scratch;

    public Witness(Scratch scratch, params string[] options)
    {
        _scratch = scratch;
        (Fd reader, Fd writer) = Fd.Pipe();
        Launch launch = new([Binary.Path, "-i", .. options]);
        launch.Descriptors[7] = writer;
        Daemon = Daemon.Interactive(launch);
        writer.Dispose();
        Told = new LineStream(reader, "what the service found");
    }

    public Daemon Daemon { get; }

    public LineStream Told { get; }

    /// <summary>
    /// Starts a service in Python whose descriptors are these, then <c>told</c> as its output, standard error; its PID.
    /// </summary>
    public int Start(string name, string descriptor, string program)
    {
        string args = Python.Service(_scratch, name, program);
        Daemon.Send($"service.args⇥{name}⇥{args}", $"service.fds⇥{name}⇥{descriptor}⇥fd_7⇥stderr");
        Daemon.Send($"service.start⇥{name}");
        return Daemon.AwaitUp(name);
    }

    /// <summary>Waits until the service has ended well.</summary>
    public void AwaitEnd(string name) => Daemon.Await($"service.state⇥{name}⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");

    public void Dispose()
    {
        Daemon.Dispose();
        Told.Dispose();
    }
}
