using System;
using Daemonproxy.Controllers;
using Daemonproxy.Image;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Time;

namespace Daemonproxy.Commands;

/// <summary>Commands about the connection itself, and questions.</summary>
internal sealed partial class CommandHandler
{
    public CommandError Echo(scoped in EchoArguments arguments)
    {
        if (!arguments.Text.IsEmpty)
        {
            EventLine line = controllers.Begin();
            Events.Raw(ref line, arguments.Text);
            _controller.Tell(line.Written);
        }

        return CommandError.None;
    }

    public CommandError Statedump(scoped in StatedumpArguments arguments)
    {
        StateDump.Begin(_controller);
        return CommandError.None;
    }

    public CommandError Exit(scoped in ExitArguments arguments)
    {
        _controller.Close();
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
        EventLine line = controllers.Begin();
        Events.LogFilter(ref line, level);
        _controller.Tell(line.Written);
        return CommandError.None;
    }

    public CommandError ConnEventTimeout(scoped in ConnEventTimeoutArguments arguments)
    {
        if (arguments.Reset > arguments.Close)
        {
            return Errors.TimeoutsCrossed;
        }

        using Change<ControllerRecord> change = _controller.Change();
        change.Record.ResetSeconds = (int)arguments.Reset;
        change.Record.CloseSeconds = (int)arguments.Close;
        return CommandError.None;
    }

    public CommandError LogDest(scoped in LogDestArguments arguments)
    {
        log.SetDestination(arguments.Name);
        if (!fds.TryFind(arguments.Name, out FdIndex _))
        {
            EventLine line = controllers.Begin();
            Warnings.LogFdMissing(ref line, arguments.Name);
            _controller.Tell(line.Written);
        }

        return CommandError.None;
    }

    public CommandError Stats(scoped in StatsArguments arguments)
    {
        ulong asked = 0;
        foreach (ReadOnlySpan<byte> word in arguments.Names)
        {
            Verify.That(CounterText.TryParse(word, out Counter counter));
            asked |= 1UL << (int)counter;
        }

        for (int i = 0; i < CounterText.Count; i++)
        {
            if (asked == 0 || ((asked >> i) & 1) != 0)
            {
                EventLine line = controllers.Begin();
                Events.Stats(ref line, (Counter)i, ValueOf((Counter)i));
                _controller.Tell(line.Written);
            }
        }

        return CommandError.None;
    }

    private long ValueOf(Counter counter) => counter switch
    {
        Counter.Uptime => Instant.Between(lifetime.Started, _now).Value,
        Counter.GcAllocated => kernel.AllocatedSinceSeal(),
        _ => statistics[counter],
    };
}
