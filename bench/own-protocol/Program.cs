using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using KeyValue;
using KeyValue.Protocol;

namespace OwnProtocol;

/// <summary>
/// Two servers of one protocol side by side: examples/own-protocol, and the same written by hand over
/// System.IO.Pipelines. Each runs in a process of its own that has the first core only; they take turns.
/// What is compared is the processor time of the server, system calls included. Usage: [ROUNDS [TURNS]].
/// </summary>
internal static class Program
{
    // Rounds until the methods have their final code: it is compiled beside the server, on the same core.
    private const int WarmUp = 4000;

    private static int Main(string[] arguments)
    {
        if (arguments is ["serve", string kind, string socket])
        {
            Serve(kind, socket);
            return 0;
        }

        int rounds = Number(arguments, 0, 2000);
        int turns = Number(arguments, 1, 5);
        Console.WriteLine($"{(long)rounds * Load.Round:n0} commands a turn; for one: ns of the server's core, bytes");
        var ratios = new double[turns];
        for (int turn = 0; turn < turns; turn++)
        {
            double engine = Measure("engine", rounds);
            double byHand = Measure("by-hand", rounds);
            ratios[turn] = engine / byHand;
            Console.WriteLine($"ratio    {ratios[turn]:f3}");
        }

        Array.Sort(ratios);
        Console.WriteLine($"median of the ratios: {ratios[turns / 2]:f3}");
        return 0;
    }

    private static int Number(string[] arguments, int index, int otherwise) =>
        arguments.Length > index ? int.Parse(arguments[index], CultureInfo.InvariantCulture) : otherwise;

    private static double Measure(string kind, int rounds)
    {
        string socket = Path.Combine(Path.GetTempPath(), $"own-protocol-{Environment.ProcessId}");
        var start = new ProcessStartInfo("taskset", ["-c", "0", Environment.ProcessPath!, "serve", kind, socket])
        {
            RedirectStandardOutput = true,
        };
        using Process server = Process.Start(start)!;
        server.StandardOutput.ReadLine();
        Load.Run(socket, WarmUp);
        Load.Run(socket, 0);
        server.StandardOutput.ReadLine();
        long began = Stopwatch.GetTimestamp();
        Load.Run(socket, rounds);
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        string[] numbers = server.StandardOutput.ReadLine()!.Split(' ');
        server.WaitForExit();
        double commands = (double)rounds * Load.Round;
        double cpu = double.Parse(numbers[0], CultureInfo.InvariantCulture) * 1e6 / commands;
        double allocated = double.Parse(numbers[1], CultureInfo.InvariantCulture) / commands;
        Console.WriteLine(
            $"{kind,-8} {cpu,6:f0} ns  {1e9 / cpu,12:n0} a second of a core  {allocated,8:f3} bytes  "
            + $"{commands / took.TotalSeconds,12:n0} a second of the clock");
        return cpu;
    }

    // Serves three connections: one to be warm, one without a command, whose cost is taken off, one that is measured.
    private static void Serve(string kind, string socket)
    {
        using ByHand? byHand = kind == "by-hand" ? new ByHand(socket) : null;
        var store = new Store();
        using LineServer? engine = kind == "by-hand" ? null : new LineServer(socket, () => new Session(store));
        Action serveNext = byHand is null ? engine!.ServeNext : byHand.ServeNext;
        Console.WriteLine("listening");
        serveNext();
        (double _, long empty) = Measured(serveNext);
        Console.WriteLine("warm");
        (double milliseconds, long allocated) = Measured(serveNext);
        Console.WriteLine(FormattableString.Invariant($"{milliseconds} {allocated - empty}"));
    }

    private static (double Milliseconds, long Allocated) Measured(Action serve)
    {
        using Process self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        serve();
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        self.Refresh();
        return ((self.TotalProcessorTime - before).TotalMilliseconds, allocated);
    }
}
