using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Agent.Running;
using Daemonproxy.Control.Text;
using Daemonproxy.Fleet;
using Daemonproxy.Fleet.Applications;
using Daemonproxy.Fleet.Records;
using Daemonproxy.Jobs.Running;

namespace Daemonproxy.Agent.Commands;

/// <summary><c>run</c>: the agent, until a signal ends it.</summary>
internal static class RunCommand
{
    // signal(7) on the architectures that Daemonproxy runs on.
    private const PosixSignal Sigusr1 = (PosixSignal)10;

    private static readonly Lock _lock = new();

    private static readonly Option<string> _socket = new("--socket", "-S")
    {
        Description = "the control socket of the daemon; one of right jobs is enough",
        HelpName = "PATH",
        DefaultValueFactory = static _ =>
            Environment.GetEnvironmentVariable("DAEMONPROXY_SOCKET") ?? "/run/daemonproxy.sock",
    };

    private static readonly Option<string> _name = new("--name")
    {
        Description = "the name of the machine in the fleet (its host name)",
        HelpName = "NAME",
        DefaultValueFactory = static _ => Environment.MachineName,
    };

    private static readonly Option<string[]> _queues = new("--queue")
    {
        Description = "a queue that it takes jobs of; may be given several times (default)",
        HelpName = "NAME",
        DefaultValueFactory = static _ => ["default"],
    };

    private static readonly Option<string[]> _allow = new("--allow")
    {
        Description = "a program that it runs, as requests name it, or * for all; may be given several times",
        HelpName = "PROGRAM",
        Required = true,
    };

    private static readonly Option<int> _places = new("--places")
    {
        Description = "how many jobs it runs at once",
        HelpName = "N",
        DefaultValueFactory = static _ => 4,
    };

    private static readonly Option<string> _prefix = new("--prefix")
    {
        Description = "what the names of its services begin with",
        HelpName = "TEXT",
        DefaultValueFactory = static _ => "fleet.",
    };

    private static readonly Option<string> _directory = new("--directory")
    {
        Description = "where outputs are until Redis has them",
        HelpName = "PATH",
        DefaultValueFactory = static _ => "/var/lib/dpctl-agent",
    };

    private static readonly Option<double> _lease = new("--lease")
    {
        Description = "seconds that the fleet waits for this machine before it gives its jobs to others",
        HelpName = "SECONDS",
        DefaultValueFactory = static _ => 15,
    };

    private static readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "log each start",
    };

    public static Command Create()
    {
        var command = new Command(
            "run",
            "Runs jobs of the fleet. SIGTERM ends it, and its jobs run on: started again within the lease, it goes on"
                + " with them. SIGUSR1 makes it take no more, and end when it has none.");
        foreach (Option option in
            (Option[])[_socket, _name, _queues, _allow, _places, _prefix, _directory, _lease, _verbose])
        {
            command.Options.Add(option);
        }

        var redis = new RedisOptions();
        redis.AddTo(command);
        command.SetAction(line => RunAsync(line, redis).GetAwaiter().GetResult());
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, RedisOptions redis)
    {
        bool isVerbose = line.GetValue(_verbose);
        var options = new AgentOptions
        {
            Socket = line.GetValue(_socket)!,
            Name = line.GetValue(_name)!,
            Queues = line.GetValue(_queues)!,
            Programs = line.GetValue(_allow)!,
            Places = line.GetValue(_places),
            Prefix = line.GetValue(_prefix)!,
            Directory = Path.GetFullPath(line.GetValue(_directory)!),
            Lease = TimeSpan.FromSeconds(line.GetValue(_lease)),
            Redis = redis.Read(line),
            Log = (level, text) => Log(level, text, isVerbose),
        };
        if (ProblemOf(options) is { } problem)
        {
            return Fail(problem, 2);
        }

        using var stopping = new CancellationTokenSource();
        using var draining = new CancellationTokenSource();
        using PosixSignalRegistration end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration drain = PosixSignalRegistration.Create(Sigusr1, context =>
        {
            context.Cancel = true;
            Log("info", "takes no more jobs, and ends when it has none", isVerbose);
            draining.Cancel();
        });
        try
        {
            await AgentHost.RunAsync(options, stopping.Token, draining.Token).ConfigureAwait(false);
            return 0;
        }
        catch (AgentException failure)
        {
            return Fail(failure.Message, 1);
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }
    }

    private static string? ProblemOf(AgentOptions options) => options switch
    {
        _ when OptionsCheck.ProblemOf(options.Redis) is { } problem => problem,
        _ when !RequestRules.IsName(options.Name) => $"--name {options.Name}: a name is 1 to 40 of A-Z a-z 0-9 . _ -",
        _ when options.Queues.FirstOrDefault(static queue => !RequestRules.IsName(queue)) is { } queue =>
            $"--queue {queue}: a queue is 1 to 40 of A-Z a-z 0-9 . _ -",
        _ when !RequestRules.IsName(options.Prefix, 10) => $"--prefix {options.Prefix}: 1 to 10 of A-Z a-z 0-9 . _ -",
        { Places: < 1 or > 10_000 } => "--places is 1 to 10,000",
        _ when options.Lease < TimeSpan.FromMilliseconds(500) || options.Lease > TimeSpan.FromHours(1) =>
            "--lease is half a second to an hour",
        _ => null,
    };

    private static void Log(string level, string text, bool isVerbose)
    {
        if (level != "debug" || isVerbose)
        {
            lock (_lock)
            {
                Console.Error.WriteLine($"{level}: {VisibleText.Of(text)}");
            }
        }
    }

    private static int Fail(string text, int code)
    {
        Console.Error.WriteLine($"dpctl-agent: {text}");
        return code;
    }
}
