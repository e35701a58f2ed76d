using System;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Commands;

/// <summary>Commands about the connection itself, and questions.</summary>
internal sealed class ConnectionCommands(
    CommandContext context,
    SystemCalls kernel,
    ConnectionTable connections,
    FdTable fds,
    Log log,
    Statistics statistics,
    DaemonSettings settings,
    ControlSockets sockets) : IConnectionCommands
{
    public CommandError Echo(scoped in EchoArguments arguments)
    {
        if (!arguments.Text.IsEmpty)
        {
            LineWriter line = connections.Begin();
            Events.Raw(ref line, arguments.Text);
            context.Connection.Send(line.Written);
        }

        return CommandError.None;
    }

    public CommandError Statedump(scoped in StatedumpArguments arguments)
    {
        context.Connection.BeginDump();
        return CommandError.None;
    }

    public CommandError Exit(scoped in ExitArguments arguments)
    {
        context.Connection.Close();
        return CommandError.None;
    }

    public CommandError LogFilter(scoped in LogFilterArguments arguments)
    {
        LogLevel level = log.Filter;
        if (arguments.LevelIsPlus)
        {
            level = level == LogLevel.Fatal ? level : level + 1;
        }
        else if (arguments.LevelIsDash)
        {
            level = level == LogLevel.None ? level : level - 1;
        }
        else if (arguments.Level.IsGiven)
        {
            level = arguments.Level.Value;
        }

        log.SetFilter(level);
        LineWriter line = connections.Begin();
        Events.LogFilter(ref line, level);
        context.Connection.Send(line.Written);
        return CommandError.None;
    }

    public CommandError ConnEventTimeout(scoped in ConnEventTimeoutArguments arguments)
    {
        if (arguments.Reset > arguments.Close)
        {
            return Errors.TimeoutsCrossed;
        }

        if (arguments.RestartIsRestart && context.Connection.Record.Kind != ConnectionKind.Service)
        {
            return Errors.NoOwnService;
        }

        context.Connection.SetTimeouts(
            (int)arguments.Reset, (int)arguments.Close, endsService: arguments.RestartIsRestart);
        return CommandError.None;
    }

    public CommandError LogDest(scoped in LogDestArguments arguments)
    {
        log.SetDestination(arguments.Name);
        if (!fds.TryFind(arguments.Name, out FdIndex _))
        {
            LineWriter line = connections.Begin();
            Warnings.LogFdMissing(ref line, arguments.Name);
            context.Connection.Send(line.Written);
        }

        return CommandError.None;
    }

    public CommandError Stats(scoped in StatsArguments arguments)
    {
        ulong asked = 0;
        foreach (Counter counter in arguments.Names)
        {
            asked |= 1UL << (int)counter;
        }

        for (int i = 0; i < CounterText.Count; i++)
        {
            if (asked == 0 || ((asked >> i) & 1) != 0)
            {
                LineWriter line = connections.Begin();
                Events.Stats(ref line, (Counter)i, ValueOf((Counter)i));
                context.Connection.Send(line.Written);
            }
        }

        return CommandError.None;
    }

    private long ValueOf(Counter counter) => counter switch
    {
        Counter.Uptime => Instant.Between(settings.Started, context.Now).Value,
        Counter.ControllersWaiting => sockets.CountWaiting(),
        Counter.GcAllocated => kernel.AllocatedSinceSeal(),
        Counter.ProtocolVersion => Limits.ProtocolVersion,
        _ => statistics[counter],
    };
}
