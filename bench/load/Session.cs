using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;

namespace Daemonproxy.Load;

/// <summary>
/// A daemon started with <c>-i</c>, spoken to over pipes or, as a service would be, over one socket; others may connect
/// to its control socket.
/// </summary>
internal sealed unsafe class Session : IDisposable
{
    private readonly ChildProcess _daemon;
    private readonly int _input;
    private readonly int _output;
    private readonly string _socketPath;
    private readonly List<Socket> _others = [];

    public Session(string program, IReadOnlyList<string> options, bool overSocket)
    {
        Program = program;
        Folder = Directory.CreateTempSubdirectory("daemonproxy-load-").FullName;
        _socketPath = Path.Combine(Folder, "control");
        string[] command = [program, "-i", "-S", _socketPath, .. options];
        int* ends = stackalloc int[4];
        if (overSocket)
        {
            const int Kind = Native.SOCK_STREAM | Native.SOCK_CLOEXEC;
            Native.Demand(Native.socketpair(Native.AF_UNIX, Kind, 0, ends), "socketpair");
            _daemon = new ChildProcess(command, ends[0], ends[0]);
            _ = Native.close(ends[0]);
            _input = ends[1];
            _output = ends[1];
        }
        else
        {
            Native.Demand(Native.pipe2(ends, Native.O_CLOEXEC), "pipe2");
            Native.Demand(Native.pipe2(ends + 2, Native.O_CLOEXEC), "pipe2");
            _daemon = new ChildProcess(command, ends[0], ends[3]);
            _ = Native.close(ends[0]);
            _ = Native.close(ends[3]);
            _input = ends[1];
            _output = ends[2];
        }

        First = new Conversation(_input, _output);
    }

    /// <summary>The daemon's program.</summary>
    public string Program { get; }

    public int Pid => _daemon.Pid;

    /// <summary>A folder of this session's own, which goes with it.</summary>
    public string Folder { get; }

    /// <summary>The controller that is there from the start.</summary>
    public Conversation First { get; }

    /// <summary>One more controller.</summary>
    public Conversation Connect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(_socketPath));
        _others.Add(socket);
        int fd = (int)socket.Handle;
        return new Conversation(fd, fd);
    }

    public void Dispose()
    {
        // Services outlive their daemon; stopped, it starts no others while they are listed.
        _daemon.Signal(Native.SIGSTOP);
        int[] services = Usage.Children(Pid);
        _daemon.Signal(Native.SIGKILL);
        _daemon.AwaitEnd();
        foreach (int service in services)
        {
            _ = Native.kill(service, Native.SIGKILL);
        }

        _others.ForEach(socket => socket.Dispose());
        _ = Native.close(_input);
        if (_output != _input)
        {
            _ = Native.close(_output);
        }

        Directory.Delete(Folder, recursive: true);
    }
}
