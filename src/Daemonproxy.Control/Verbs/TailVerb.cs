using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Daemonproxy.Client;
using Daemonproxy.Control.Connecting;
using Daemonproxy.Control.Following;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Views;

namespace Daemonproxy.Control.Verbs;

/// <summary><c>tail</c>: the ends of the files that services write to.</summary>
internal static class TailVerb
{
    private const int UsualLines = 20;
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(200);

    public static int Run(VerbCall call)
    {
        int count = call.Number("--lines", UsualLines);
        (string _, DaemonReading reading) = SocketFinder.Read(call);
        List<ServiceView> services =
            Selection.Required(call.Words, ServiceView.All(reading.State, Instant.Now));
        var files = new OutputFiles(reading.State, reading.Pid);
        List<FollowedFile> followed = [];
        List<string> missing = [];
        int width = services.Count > 1 ? services.Max(service => service.Name.Length) + 2 : 0;
        foreach (ServiceView service in services)
        {
            OutputFile file = files.Of(service);
            if (file.Path is null)
            {
                missing.Add($"{service.Name}: {char.ToLowerInvariant(file.Reason[0])}{file.Reason[1..]}");
            }
            else
            {
                followed.Add(new FollowedFile(file.Path, service.Name.PadRight(width)[..width], call.Out));
            }
        }

        foreach (FollowedFile file in followed)
        {
            if (!file.WriteEnd(count, out string reason))
            {
                missing.Add($"{VisibleText.Of(file.Path)} {reason}");
            }
        }

        call.Out.Flush();
        missing.ForEach(sentence => call.Error.WriteLine($"dpctl: {sentence}"));
        call.Error.Flush();
        if (call.Has("--follow") && followed.Count > 0)
        {
            Follow(call, followed);
        }

        return missing.Count > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    // Until ^C, which ends dpctl, or nobody reads any more.
    private static void Follow(VerbCall call, List<FollowedFile> files)
    {
        while (!call.Out.IsAbandoned)
        {
            files.ForEach(file => file.WriteNew());
            call.Out.Flush();
            Thread.Sleep(_period);
        }
    }
}
