using System;
using System.IO;
using System.Threading.Tasks;

namespace Daemonproxy.Client.Tests.Daemon;

/// <summary>Commands as nobody would give them, from a seed.</summary>
internal sealed class RandomCommands(int seed, string folder)
{
    private static readonly string[][] _programs =
        [["/bin/true"], ["/bin/false"], ["/does/not/exist"], ["/bin/cat"], ["/bin/sh", "-c", "kill -9 $$"], []];

    private readonly Random _random = new(seed);

    /// <summary>The number of commands that were carried out.</summary>
    public int Done { get; private set; }

    public async Task RunAsync(IDaemon daemon)
    {
        try
        {
            await ChooseAsync(daemon);
            Done++;
        }
        catch (CommandFailedException failed) when (failed.Kind != ErrorKind.Other)
        {
            // As many random commands do.
        }
    }

    private Task<CommandResult> ChooseAsync(IDaemon daemon) => _random.Next(16) switch
    {
        0 => daemon.ServiceArgsAsync(Service, Program),
        1 => daemon.ServiceTagsAsync(Service, "tag", "", $"{_random.Next()}"),
        2 => daemon.ServiceFdsAsync(Service, [Fd, ServiceFdsFdsArgument.Dash, Fd]),
        3 => daemon.ServiceFdsAsync(Service),
        4 => daemon.ServiceStartAsync(Service),
        5 => daemon.ServiceStartAsync(Service, Instant.Now + _random.Next(2)),
        6 => daemon.ServiceStartAsync(Service, ServiceStartWhenArgument.Dash),
        7 => daemon.ServiceSignalAsync(Service, Signal.Kill),
        8 => daemon.ServiceDeleteAsync(Service),
        9 => daemon.FdPipeAsync(Fd, Fd, _random.Next(2) == 0 ? PipeFlags.Nonblock : PipeFlags.Unix | PipeFlags.Dgram),
        10 => daemon.FdOpenAsync(Fd, FileFlags.Write | FileFlags.Create, Path.Combine(folder, "file")),
        11 => daemon.FdDeleteAsync(Fd),
        12 => daemon.FdSocketAsync(
            Fd, new SocketFlagSet(SocketFlags.Unix | SocketFlags.Listen, 5), Path.Combine(folder, $"{_random.Next()}")),
        13 => daemon.SocketCreateAsync(
            new SocketOptionSet(SocketOptions.Name, Name: Control), Path.Combine(folder, Control)),
        14 => daemon.SocketDeleteAsync(Control),
        _ => daemon.ServiceAutoUpAsync(Service, 1, Signal.Usr2),
    };

    private string[] Program => _programs[_random.Next(_programs.Length)];

    private ServiceName Service => $"s{_random.Next(6)}";

    private string Control => $"c{_random.Next(3)}";

    private FdName Fd => $"f{_random.Next(6)}";
}
