using System.Collections.Generic;
using Daemonproxy.Client;
using Daemonproxy.Control.Connecting;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Views;

namespace Daemonproxy.Control.Verbs;

/// <summary>
/// <c>status</c>. It reads the state on this thread, and writes once: it is called in loops and in prompts.
/// </summary>
internal static class StatusVerb
{
    public static int Run(VerbCall call)
    {
        (string socket, DaemonReading reading) = SocketFinder.Read(call);
        var clock = ClockText.Current;
        List<ServiceView> all = ServiceView.All(reading.State, clock.Now);
        (List<ServiceView> chosen, List<string> missing) =
            call.Words.Count > 0 ? Selection.Of(call.Words, all) : (all.FindAll(service => !service.IsAside), []);
        bool isWell = call.Words.Count > 0
            ? chosen.TrueForAll(service => service.Serves)
            : chosen.TrueForAll(service => service.Wellness == Wellness.Well);
        List<ServiceView> shown = call.Has("--problems")
            ? chosen.FindAll(service => service.Wellness != Wellness.Well)
            : chosen;
        if (call.Has("--json"))
        {
            if (missing.Count == 0)
            {
                // As without names: a service that was stopped on purpose is no fault.
                bool areWell = chosen.TrueForAll(service => service.Wellness == Wellness.Well);
                new StatusJson(clock, call.Has("--env")).Write(call.Out, socket, reading, shown, areWell);
            }
        }
        else if (call.Words is [string name] && !NamePattern.Is(name) && !call.Has("--table")
            && !call.Has("--problems"))
        {
            chosen.ForEach(service =>
                new ServicePage(call.Out, reading, all, clock).Write(service, call.Has("--env")));
        }
        else
        {
            WriteTable(call, shown, all, clock);
        }

        if (missing.Count > 0)
        {
            throw new Problem(ExitCode.NoService, string.Join("\ndpctl: ", missing));
        }

        return isWell ? ExitCode.Done : ExitCode.NotWell;
    }

    private static void WriteTable(
        VerbCall call, List<ServiceView> shown, List<ServiceView> all, ClockText clock)
    {
        if (all.Count == 0)
        {
            call.Error.WriteLine("No services. (dpctl manage FILE, dpctl run -- PROGRAM)");
            return;
        }

        if (shown.Count == 0)
        {
            return;
        }

        var table = new StatusTable(shown, clock);
        if (!call.Has("--wide") && call.Out.Columns is { } columns)
        {
            table.Fit(columns);
        }

        table.Write(call.Out);
        if (call.Error.IsTerminal)
        {
            call.Out.Flush();
            StatusHints.Write(call.Error, shown, all);
            if (table.Hidden.Length > 0)
            {
                call.Hint($"not shown: {table.Hidden} (--wide)");
            }
        }
    }
}
