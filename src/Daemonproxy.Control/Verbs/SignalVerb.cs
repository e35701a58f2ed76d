using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Acting;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Verbs;

/// <summary>
/// <c>signal</c>: sends a signal to the process that was read, never to one that was started meanwhile.
/// </summary>
internal static class SignalVerb
{
    public static int Run(VerbCall call) => Run(call, Read(call.Words[1]));

    private static int Run(VerbCall call, Signal signal) => Session.Run(call, async session =>
    {
        List<ServiceView> services = Selection.Required([call.Words[0]], session.Views());
        bool isTree = call.Has("--tree");
        using var lines = new ProgressLines(call, Names(services), isInOrder: true, session.View);
        bool isFailed = false;
        foreach (ServiceView service in services)
        {
            string? failure = await SendAsync(session, service, signal, isTree).ConfigureAwait(false);
            if (failure is null)
            {
                string tree = isTree ? " and its tree" : "";
                lines.Finish(new Outcome(service.Name, $"{signal.Text} sent, PID {service.Pid}{tree}", ""));
            }
            else
            {
                isFailed = true;
                call.Error.WriteLine($"dpctl: {service.Name} {failure}");
            }
        }

        return isFailed ? ExitCode.Failed : ExitCode.Done;
    });

    private static List<string> Names(List<ServiceView> services) =>
        services.ConvertAll(service => service.Name);

    /// <summary>A signal by its name or number.</summary>
    /// <exception cref="Problem">There is none.</exception>
    public static Signal Read(string word)
    {
        try
        {
            const int lastSignal = 64;
            Signal signal = int.TryParse(word, CultureInfo.InvariantCulture, out int number)
                ? Signal.Numbered(number)
                : Signal.Named(word.ToUpperInvariant());
            return number is >= 1 and <= lastSignal || (number == 0 && SignalNumbers.Of(signal.Text ?? "") > 0)
                ? signal
                : throw new ArgumentException("There is no such signal.", nameof(word));
        }
        catch (ArgumentException)
        {
            throw Problem.Usage($"'{VisibleText.Of(word)}' is not a signal: HUP, SIGHUP or 1"
                + Suggestion.For(word.ToUpperInvariant(), [.. SignalNumbers.Names.Select(static name => name[3..])]));
        }
    }

    /// <summary>
    /// Sends a signal to the process that was read; returns null if it was sent, otherwise a text about the service.
    /// </summary>
    public static async Task<string?> SendAsync(Session session, ServiceView service, Signal signal, bool isTree)
    {
        if (service.Pid is not { } pid)
        {
            return "does not run";
        }

        try
        {
            SignalOptions flags = SignalOptions.Pid | (isTree ? SignalOptions.Tree : SignalOptions.None);
            await session.Connection.ServiceSignalAsync(
                service.Service.Name, signal, new SignalOptionSet(flags, pid)).ConfigureAwait(false);
            return null;
        }
        catch (CommandFailedException failure) when (failure.Kind != ErrorKind.NotAllowed)
        {
            return failure.Kind switch
            {
                ErrorKind.OtherProcess or ErrorKind.NotRunning => $"has ended: PID {pid} was not hit",
                ErrorKind.NoTree => "has no tree of its own: service.cgroup, or session of service.process",
                ErrorKind.BadSignal => throw Problem.Usage($"'{signal.Text}' is not a signal: HUP, SIGHUP or 1"),
                _ => $"got no signal: {VisibleText.Of(failure.Text)}",
            };
        }
    }
}
