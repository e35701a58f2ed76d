using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Tests.Transcripts;

namespace Daemonproxy.Tests.BadInput;

/// <summary>A daemon with a service, a descriptor and two controllers, one of which says what is wrong.</summary>
internal sealed class BadInputStage : IDisposable
{
    private static readonly string[] _setup =
    [
        "* directory /run", "* file /data/a text", "* program /bin/known",
        "$ daemonproxy -i -S /run/control --debug-crash", "* connect boss /run/control",
        "> service.args⇥known⇥/bin/known", "> service.tags⇥known⇥one⇥two", "> service.auto_up⇥known⇥5⇥HUP",
        "> fd.open⇥log⇥write,create⇥/run/log", "* signal SIGUSR1",
    ];

    private readonly Stage _stage = new();

    public BadInputStage()
    {
        foreach (string line in _setup)
        {
            _stage.Do(line);
        }
    }

    /// <summary>The answer to its sender, and whether the daemon ends.</summary>
    public string[] Send(string line, bool passesDescriptor)
    {
        if (passesDescriptor)
        {
            _stage.Do("* boss passes /data/a");
        }

        return [.. _stage.Do("boss> " + line)
            .Where(seen => seen.StartsWith("boss< ", StringComparison.Ordinal) || seen[0] == '=')
            .Select(seen => seen.Replace("boss< ", "", StringComparison.Ordinal))];
    }

    /// <summary>All that the other one is told that there is.</summary>
    public IReadOnlyList<string> Dump() => [.. _stage.Do("> statedump")];

    public void Dispose() => _stage.Dispose();
}
