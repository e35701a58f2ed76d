using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

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
            int kind = SOCK_STREAM | SOCK_CLOEXEC;
            Demand(socketpair(AF_UNIX, kind, 0, ends), "socketpair");
            _daemon = new ChildProcess(command, ends[0], ends[0]);
            _ = close(ends[0]);
            _input = ends[1];
            _output = ends[1];
        }
        else
        {
            Demand(pipe2(ends, O_CLOEXEC), "pipe2");
            Demand(pipe2(ends + 2, O_CLOEXEC), "pipe2");
            _daemon = new ChildProcess(command, ends[0], ends[3]);
            _ = close(ends[0]);
            _ = close(ends[3]);
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
        _daemon.Signal(SIGSTOP);
        int[] services = Usage.Children(Pid);
        _daemon.Signal(SIGKILL);
        _daemon.AwaitEnd();
        foreach (int service in services)
        {
            _ = kill(service, SIGKILL);
        }

        _others.ForEach(socket => socket.Dispose());
        _ = close(_input);
        if (_output != _input)
        {
            _ = close(_output);
        }

        Directory.Delete(Folder, recursive: true);
    }

    // For a call that must not fail.
    private static void Demand(int result, string call)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"{call} failed, errno {Marshal.GetLastPInvokeError()}");
        }
    }
}
