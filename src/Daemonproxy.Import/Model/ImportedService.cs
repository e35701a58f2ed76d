using System.Collections.Generic;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Import.Model;

/// <summary>A service for the manager's file, with notes on settings that could not be carried over.</summary>
/// <param name="original">Its unique name in the original system.</param>
/// <param name="wanted">The wanted name; it is changed if it is not valid.</param>
/// <param name="place">The place of its definition.</param>
internal sealed class ImportedService(string original, string wanted, SourcePlace place)
{
    public string Original => original;

    public string Wanted { get; } = wanted;

    public SourcePlace Place => place;

    /// <summary>Its name, once all services are known.</summary>
    public string Name { get; set; } = "";

    /// <summary>The original name, if it was changed; empty otherwise.</summary>
    public string From { get; set; } = "";

    public List<string> Command { get; set; } = [];

    public List<ImportedCommand> Pre { get; } = [];

    public List<ImportedCommand> Post { get; } = [];

    /// <summary>The command that stops it, before its signal; null for none.</summary>
    public ImportedCommand? StopCommand { get; set; }

    /// <summary>The signal at which it reads its own configuration again; empty for none.</summary>
    public string ReloadSignal { get; set; } = "";

    /// <summary>The command that has it do that; null for none.</summary>
    public ImportedCommand? ReloadCommand { get; set; }

    /// <summary>True if the signal of a stop goes to all that it has started.</summary>
    public bool StopsTree { get; set; }

    public string User { get; set; } = "";

    public List<string> Groups { get; } = [];

    public string Directory { get; set; } = "";

    public string Root { get; set; } = "";

    /// <summary>Files of variables, with <c>-</c> before one that may be missing.</summary>
    public List<string> EnvironmentFiles { get; } = [];

    public OrderedDictionary<string, string> Environment { get; } = [];

    public OrderedDictionary<string, string> Limits { get; } = [];

    /// <summary>Octal digits; empty for the daemon's default mask.</summary>
    public string Umask { get; set; } = "";

    public int? Nice { get; set; }

    public int? Oom { get; set; }

    /// <summary>Words of <c>service.process</c>.</summary>
    public List<string> Process { get; } = [];

    /// <summary>Words of <c>service.mounts</c>.</summary>
    public List<string> Mounts { get; } = [];

    /// <summary>Files of a control group, with their values.</summary>
    public OrderedDictionary<string, string> Cgroup { get; } = [];

    public bool IsDisabled { get; set; }

    public List<Dependency> Needs { get; } = [];

    public List<Dependency> Binds { get; } = [];

    public List<Dependency> Wants { get; } = [];

    public List<Dependency> After { get; } = [];

    public string Ready { get; set; } = "";

    public long ReadyWithin { get; set; }

    public CheckDefinition? Check { get; set; }

    public long Watchdog { get; set; }

    public RestartPolicy Restart { get; set; } = new();

    public string StopSignal { get; set; } = "";

    public long StopTimeout { get; set; } = ServiceDefinition.UsualStopTimeout;

    public List<ImportedListener> Listeners { get; } = [];

    public bool StartsOnDemand { get; set; }

    public string Schedule { get; set; } = "";

    public long Every { get; set; }

    /// <summary>The service that reads its output; null for none.</summary>
    public Dependency? Logger { get; set; }

    /// <summary>The file that its output is appended to; empty for none.</summary>
    public string OutputFile { get; set; } = "";

    /// <summary>For a logger: the file that it writes; empty if unknown.</summary>
    public string LogFile { get; set; } = "";

    /// <summary>Comments in front of it.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>Notes on settings that could not be carried over.</summary>
    public List<Note> Notes { get; } = [];

    /// <summary>True if it cannot run: it is written as comments, with the reason in a note.</summary>
    public bool IsRefused { get; set; }

    public void Not(SourcePlace at, string text, string reason) => Notes.Add(new Note(at, text, reason));

    public void Refuse(SourcePlace at, string text, string reason)
    {
        IsRefused = true;
        Notes.Insert(0, new Note(at, text, reason));
    }
}
