using System;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>The log messages of services.</summary>
internal static class ServiceLog
{
    /// <summary>A service could not be started: in which step, what for, and why.</summary>
    public static void ServiceFailed(
        this Log log, in ServiceRecord service, ReadOnlySpan<byte> step, scoped ReadOnlySpan<byte> subject,
        Errno reason)
    {
        if (!log.Wants(LogLevel.Error, service.Access))
        {
            return;
        }

        LineWriter line = log.Begin(LogLevel.Error);
        line.Text("cannot start service '"u8);
        line.Name(service.Name.Value);
        line.Text("': "u8);
        line.Text(step);
        if (!subject.IsEmpty)
        {
            line.Text(" '"u8);
            line.Text(subject);
            line.Text("'"u8);
        }

        if (reason != Errno.None)
        {
            line.Text(": "u8);
            line.Errno(reason);
        }

        log.End(ref line);
    }

    /// <summary>A service goes from one state to another.</summary>
    public static void Transition(this Log log, Name service, ServiceState from, ServiceState to)
    {
        if (!log.Wants(LogLevel.Trace))
        {
            return;
        }

        LineWriter line = log.Begin(LogLevel.Trace);
        line.Text("service '"u8);
        line.Name(service);
        line.Text("' "u8);
        line.Text(Word(from));
        line.Text(" -> "u8);
        line.Text(Word(to));
        log.End(ref line);
    }

    private static ReadOnlySpan<byte> Word(ServiceState state) => state switch
    {
        ServiceState.Never => "down"u8,
        ServiceState.Waiting => "start"u8,
        ServiceState.Up => "up"u8,
        ServiceState.Exited => "exited"u8,
        ServiceState.Killed => "killed"u8,
        _ => "deleted"u8,
    };
}
