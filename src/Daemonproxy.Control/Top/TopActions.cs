using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Acting;
using Daemonproxy.Control.Connecting;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Verbs;
using Daemonproxy.Control.Views;

namespace Daemonproxy.Control.Top;

/// <summary>
/// Carries out the actions of keys, each over its own connection and in the background, since a service may take long.
/// </summary>
internal sealed class TopActions(VerbCall call, Action<string> show)
{
    private const int OutputLines = 1000;
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(30);

    /// <summary>Starts, stops, restarts or signals a service; reports the outcome.</summary>
    public void Begin(TopRequest request) => _ = Task.Run(() =>
    {
        try
        {
            Session.Run(call, async session =>
            {
                ServiceView service = Selection.Required([request.Name], session.Views())[0];
                await RunAsync(request, session, service).ConfigureAwait(false);
                return ExitCode.Done;
            });
        }
        catch (Problem problem)
        {
            show(problem.Message);
        }
    });

    /// <summary>The lines of a service's page, or of its output.</summary>
    public List<string> Read(TopPage page, string name)
    {
        try
        {
            (_, DaemonReading reading) = SocketFinder.Read(call);
            var clock = ClockText.Current;
            List<ServiceView> all = ServiceView.All(reading.State, clock.Now);
            ServiceView service = Selection.Required([name], all)[0];
            return page == TopPage.Output ? OutputOf(service, reading) : PageOf(service, reading, all, clock);
        }
        catch (Problem problem)
        {
            return [problem.Message];
        }
    }

    private static List<string> PageOf(
        ServiceView service, DaemonReading reading, List<ServiceView> all, ClockText clock)
    {
        var output = new Output(1);
        new ServicePage(output, reading, all, clock).Write(service, hasValues: false);
        return [.. output.Take().TrimEnd('\n').Split('\n')];
    }

    private static List<string> OutputOf(ServiceView service, DaemonReading reading)
    {
        OutputFile file = new OutputFiles(reading.State, reading.Pid).Of(service);
        return file.Path is not { } path ? [$"{file.Reason}."]
            : FileTail.Read(path, OutputLines, out string reason) is { } lines
                ? [VisibleText.Of(path), "", .. lines]
                : [$"{VisibleText.Of(path)} {reason}."];
    }

    private async Task RunAsync(TopRequest request, Session session, ServiceView service)
    {
        var manager = new ManagerLink(session);
        switch (request.Kind)
        {
            case TopRequestKind.Start:
                Show("starting", service);
                Show(await new StartAction(session, manager, _startLimit).RunAsync(service).ConfigureAwait(false));
                break;
            case TopRequestKind.Stop:
                Show("stopping", service);
                Show(await new StopAction(session, manager, limit: null).RunAsync(service).ConfigureAwait(false));
                break;
            case TopRequestKind.Restart:
                Show("restarting", service);
                Show(await new RestartAction(session, manager, stopLimit: null, _startLimit)
                    .RunAsync(service, new Silent()).ConfigureAwait(false));
                break;
            default:
                Signal signal = SignalVerb.Read(request.Signal);
                string? failure = await SignalVerb.SendAsync(session, service, signal, isTree: false)
                    .ConfigureAwait(false);
                show(failure is null
                    ? $"{service.Name}   {signal.Text} sent, PID {service.Pid}"
                    : $"{service.Name} {failure}");
                break;
        }
    }

    private void Show(string what, ServiceView service) => show($"{what} {service.Name} ...");

    private void Show(Outcome outcome) => show(
        outcome.Late ?? $"{outcome.Name}   {outcome.Word}   {outcome.Detail}".TrimEnd());

    /// <summary>The screen shows the states anyway.</summary>
    private sealed class Silent : IProgress
    {
        public void Begin(string name)
        {
        }

        public void Finish(Outcome outcome)
        {
        }
    }
}
