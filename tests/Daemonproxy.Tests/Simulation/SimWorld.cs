using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Daemonproxy.Connections;
using Daemonproxy.Launching;
using Daemonproxy.Protocol;
using Daemonproxy.Recovery;
using Daemonproxy.Shutdown;
using Daemonproxy.Startup;

namespace Daemonproxy.Tests.Simulation;

/// <summary>
/// A daemon on the simulated kernel and all around it: who holds its standard streams, who speaks to it, and the turns
/// that it makes. What <c>Program</c> does for the real one.
/// </summary>
internal sealed unsafe class SimWorld : IDisposable
{
    /// <summary>More turns without rest than anything sensible takes: the daemon spins.</summary>
    private const int MostTurns = 100_000;

    /// <summary>More than there are slots: a launch does not wait for the pace.</summary>
    private const int Processors = 32;

    private readonly List<nint> _words = [];
    private DaemonComponents? _components;

    public SimWorld()
    {
        (SimStream input, SimStream inputEnd) = Kernel.MakePipe();
        (SimStream outputEnd, SimStream output) = Kernel.MakePipe();
        (SimStream logEnd, SimStream log) = Kernel.MakePipe();
        Kernel.Inherit(0, input);
        Kernel.Inherit(1, output);
        Kernel.Inherit(2, log);
        Session = new SimPeer(Kernel, "", SimKernel.Hold(outputEnd), SimKernel.Hold(inputEnd), null);
        LogReader = new SimPeer(Kernel, "log", SimKernel.Hold(logEnd), null, null);
        byte** variables = Words("PATH=/bin:/usr/bin", "HOME=/");
        Calls = new SlowCalls(Kernel);
        Environment = new SharedLaunchData(
            variables, SearchPath.Find(variables), Processors, 0, Words("/run/daemonproxy.notify")[0]);
    }

    public SimKernel Kernel { get; } = new();

    /// <summary>The same kernel as the daemon calls it: it notices calls that wait in a turn.</summary>
    public SlowCalls Calls { get; }

    /// <summary>The arguments of the daemon.</summary>
    public SharedLaunchData Environment { get; }

    /// <summary>The daemon; null before it has started and when it could not.</summary>
    public EventLoop? Daemon { get; private set; }

    /// <summary>The exit code of the daemon; null while it runs.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>
    /// The exit code of the process that sent the daemon into the background; null when there was none.
    /// </summary>
    public int? ParentExitCode { get; private set; }

    /// <summary>The holder of the other ends of standard input and output.</summary>
    public SimPeer Session { get; }

    /// <summary>The reader of standard error.</summary>
    public SimPeer LogReader { get; }

    /// <summary>Services that are controllers.</summary>
    public List<SimPeer> Services { get; } = [];

    /// <summary>Called after each turn.</summary>
    public Action? AfterTurn { get; set; }

    /// <summary>The parts of the running daemon; an error if there is none.</summary>
    public DaemonComponents Running =>
        Daemon is null ? throw new SimulationException("there is no daemon") : _components!;

    /// <summary>The loop of the daemon, for a test that runs its turns itself.</summary>
    public EventLoop Loop => Daemon ?? throw new SimulationException("there is no daemon");

    /// <summary>Starts the daemon with these words on its command line.</summary>
    public void Start(params string[] words)
    {
        Kernel.TakeOwn();
        CommandLineStart starter = new(Calls, Environment);
        int exitCode = 0;
        try
        {
            Daemon = Activate(starter.Start(Words(words), words.Length, out exitCode));
        }
        catch (SimulatedExecution)
        {
            // Kernel.Executed tells which program; what was logged before can still be read.
            Pump();
            return;
        }

        if (starter.HasBackgroundChild)
        {
            ResumeInBackground(starter);
        }
        else
        {
            ExitCode = Daemon is null ? exitCode : null;
        }

        Settle();
    }

    /// <summary>The last exception in the daemon that the kernel did not throw on purpose; null for none.</summary>
    public Exception? Fault { get; set; }

    /// <summary>The daemon has died; its next process image takes over, and if that dies, too, the next one.</summary>
    public void Resume()
    {
        for (int left = Limits.Crashes; ; left--)
        {
            Kernel.NoteCrash();
            try
            {
                Resume(Kernel.ImageFd, isFirst: false);
                return;
            }
            catch (Exception e) when (e is not SimulationException && left > 0)
            {
                // The crash handler executes the program once more.
            }
        }
    }

    /// <summary>Somebody connects to the control socket; from then on a controller of this name.</summary>
    public void Connect(string name, string path)
    {
        SimStream stream = Kernel.Connect(path).Stream!;
        Services.Add(new SimPeer(Kernel, name, stream, SimKernel.Hold(stream), null));
    }

    /// <summary>Lets the daemon work until it waits for something that does not come by itself.</summary>
    public void Settle() => Advance(0);

    /// <summary>Lets so many nanoseconds pass.</summary>
    public void Advance(long nanoseconds)
    {
        Kernel.Horizon = new Instant(Kernel.Now().Nanoseconds + nanoseconds);
        bool moved = true;
        Instant since = Kernel.Now();
        for (int turns = 0; Daemon is not null && ExitCode is null && (moved || !Kernel.IsIdle); turns++)
        {
            turns = Kernel.Now() == since ? turns : 0;
            since = Kernel.Now();
            if (turns > MostTurns)
            {
                throw new SimulationException("the daemon spins");
            }

            Turn();
            moved = Pump();
        }

        Pump();
    }

    /// <summary>One turn of the daemon; its end, if that was the last.</summary>
    public void Turn()
    {
        try
        {
            MakeTurn();
            AfterTurn?.Invoke();
            if (Running.ShutdownState.IsEnding && Loop.TryEnd())
            {
                ExitCode = Running.ShutdownState.ExitCode;
            }
        }
        catch (SimulatedExecution)
        {
            // Kernel.Executed tells which program; the daemon is no more, and has no exit code.
            Daemon = null;
        }
        catch (SimulatedReplacement)
        {
            Resume(Kernel.ImageFd, isFirst: false);
        }
    }

    /// <summary>The process of a service; null when it has none.</summary>
    public SimProcess? ProcessOf(string service)
    {
        bool found = Name.TryParse(Encoding.Latin1.GetBytes(service), FixedName.Longest, out Name name)
            & Running.Services.TryFind(name, out ServiceIndex index);
        return found ? Kernel.ProcessOf(Running.Services[index].Pid) : null;
    }

    /// <summary>A service as the controller that it is; null when it is none.</summary>
    public SimPeer? PeerOf(string service)
    {
        FindServicePeers();
        return Services.Find(peer => peer.Name == service && !peer.IsGone);
    }

    public void Dispose()
    {
        foreach (nint word in _words)
        {
            NativeMemory.Free((void*)word);
        }

        Kernel.Dispose();
    }

    // What goes wrong in the daemon is told apart from what a script cannot do.
    private void MakeTurn()
    {
        Calls.BeginTurn();
        try
        {
            Loop.RunTurn();
        }
        catch (Exception e) when (Note(e))
        {
            throw;
        }
        finally
        {
            Calls.EndTurn();
        }

        if (Calls.Waited is string call)
        {
            Fault = new SimulationException($"a turn waited in {call}");
            throw Fault;
        }
    }

    private bool Note(Exception e)
    {
        Fault = e is SimulatedExecution or SimulatedReplacement ? Fault : e;
        return false;
    }

    private void Resume(FdNumber image, bool isFirst)
    {
        Kernel.ForgetWatches();
        try
        {
            Daemon = Activate(ResumeSequence.Resume(Calls, Environment, image, isFirst, out int exitCode));
            ExitCode = Daemon is null ? exitCode : null;
        }
        catch (SimulatedExecution)
        {
            Daemon = null;
        }
        catch (Exception e) when (Note(e))
        {
            throw;
        }
    }

    private EventLoop? Activate(DaemonComponents? components)
    {
        _components = components;
        if (components is null)
        {
            return null;
        }

        EventLoop loop = new(Calls, components);
        LastStartSteps.Run(Calls, components);
        return loop;
    }

    // What the parent prints is all that is seen of it; the world is the child's from then on.
    private void ResumeInBackground(CommandLineStart starter)
    {
        Kernel.Successor!.TellReady();
        ParentExitCode = starter.AwaitBackgroundChild();
        Pump();
        FdNumber image = Kernel.ImageFd;
        Kernel.BecomeSuccessor();
        Resume(image, isFirst: true);
    }

    private bool Pump()
    {
        if (Kernel.Executed is null)
        {
            FindServicePeers();
        }

        bool moved = Session.Pump() | LogReader.Pump();
        foreach (SimPeer peer in Services)
        {
            moved |= peer.Pump();
        }

        return moved;
    }

    // A process that holds the other end of a connection of the daemon's is a controller.
    private void FindServicePeers()
    {
        foreach (Connection controller in Daemon is null ? default : Running.Connections.All)
        {
            if (controller.Record.Kind == ConnectionKind.Service)
            {
                SimStream? input = Kernel.FileOf(controller.Record.Input) as SimStream;
                SimStream? output = Kernel.FileOf(controller.Record.Output) as SimStream;
                FindPeer(input?.In, output?.Out);
            }
        }
    }

    private void FindPeer(SimBuffer? commands, SimBuffer? events)
    {
        foreach (SimProcess process in Kernel.Processes)
        {
            SimStream? sink = null;
            SimStream? source = null;
            for (int fd = 0; fd < process.FileCount; fd++)
            {
                SimStream? stream = process[fd] as SimStream;
                sink = stream?.Out is not null && stream.Out == commands ? stream : sink;
                source = stream?.In is not null && stream.In == events ? stream : source;
            }

            bool isNew = (sink ?? source) is not null
                && process.State == SimProcessState.Running
                && !Services.Exists(peer => peer.Sink == sink && peer.Source == source);
            if (isNew)
            {
                Services.Add(new SimPeer(Kernel, NameOf(process), source, sink, process));
            }
        }
    }

    private string NameOf(SimProcess process)
    {
        ServiceIndex service = Running.Services.Find(new Pid(process.Pid));
        return service.IsNone ? "?" : Encoding.Latin1.GetString(Running.Services[service].Name.Value.Bytes);
    }

    private byte** Words(params string[] words)
    {
        byte** all = (byte**)Keep(NativeMemory.AllocZeroed((nuint)(words.Length + 1), (nuint)sizeof(byte*)));
        for (int i = 0; i < words.Length; i++)
        {
            byte[] bytes = Encoding.Latin1.GetBytes(words[i] + "\0");
            all[i] = (byte*)Keep(NativeMemory.Alloc((nuint)bytes.Length));
            bytes.CopyTo(new Span<byte>(all[i], bytes.Length));
        }

        return all;
    }

    private void* Keep(void* memory)
    {
        _words.Add((nint)memory);
        return memory;
    }
}
