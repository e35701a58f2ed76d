using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Reading;
using Daemonproxy.Import.Units;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Import.RunDirectories;

/// <summary>
/// A directory with a program <c>run</c>: runsv(8) of runit, supervise of daemontools, s6-supervise of s6.
/// </summary>
/// <param name="kind">The system.</param>
/// <param name="folder">Its absolute path.</param>
/// <param name="original">The name of the service there.</param>
/// <param name="wanted">The wanted name.</param>
internal sealed class RunDirectory(ImportKind kind, string folder, string original, string wanted)
{
    // By default, none of these systems sends SIGKILL at a stop. Here every stop has a time limit.
    private const long StopTimeout = 300;

    // check determines readiness, and never causes a restart.
    private const long RarelyChecked = 3600;
    private const long MostFails = 1_000_000;

    private const string RunitFinish = "[ \"$EXIT_CODE$EXIT_SIGNAL\" != -1 ] || EXIT_CODE=111; "
        + "exec ./finish \"$EXIT_CODE\" \"$EXIT_SIGNAL_NUMBER\"";

    private static readonly string[] _s6Flags =
    [
        "max-death-tally", "lock-fd", "flag-newpidns", "nosetsid", "timeout-down", "flag-essential",
        "flag-recommended",
    ];

    // The text of a note names the file already.
    private static readonly SourcePlace _nowhere = new("", 0);

    private readonly ImportedService _service = new(original, wanted, new SourcePlace(folder, 0));

    /// <summary>The service.</summary>
    public ImportedService Read()
    {
        _service.Command = ["./run"];
        _service.Directory = folder;
        _service.Umask = "022";
        _service.IsDisabled = Has("down");
        _service.StopTimeout = StopTimeout;
        _service.Restart = new RestartPolicy { When = RestartWhen.Always, Most = 1 };
        if (!FileKinds.IsExecutable(PathOf("run")))
        {
            _service.Refuse(_nowhere, "run", "nobody may execute it: chmod +x run");
        }

        if (kind == ImportKind.Runit)
        {
            ReadRunit();
        }
        else if (kind == ImportKind.S6)
        {
            ReadS6();
        }

        if (Has("log") && !Has("log/run") && kind != ImportKind.S6)
        {
            _service.Not(_nowhere, "log", "there is no program run in it");
        }

        return _service;
    }

    private void ReadRunit()
    {
        if (FileKinds.IsExecutable(PathOf("finish")))
        {
            _service.Post.Add(new(["/bin/sh", "-c", RunitFinish]));
        }

        if (FileKinds.IsExecutable(PathOf("check")))
        {
            _service.Ready = "check";
            _service.Check = new CheckDefinition(["./check"]) { Every = RarelyChecked, Fails = MostFails };
        }

        foreach (string name in NamesIn("control"))
        {
            _service.Not(_nowhere, $"control/{name}", "no program runs in place of a signal: see stop");
        }
    }

    private void ReadS6()
    {
        if (FileKinds.IsExecutable(PathOf("finish")))
        {
            _service.Post.Add(new(["/bin/sh", "-c", S6Finish()]));
            if (Value("timeout-finish") is { } limit && limit != "5000")
            {
                _service.Not(_nowhere, $"timeout-finish={limit}", "finish may take a minute");
            }
        }

        if (Value("notification-fd") is { } descriptor)
        {
            _service.Ready = $"fd={descriptor}";
        }
        else if (Has("data/check"))
        {
            _service.Not(_nowhere, "data/check", "it counts only with notification-fd");
        }

        if (Value("down-signal") is { } signal)
        {
            if (UnitValue.Signal(signal) is { } known)
            {
                _service.StopSignal = known;
            }
            else
            {
                _service.Not(_nowhere, $"down-signal={signal}", "it is not a signal that stops a service");
            }
        }

        _service.StopTimeout = Seconds("timeout-kill") ?? _service.StopTimeout;
        _service.ReadyWithin = _service.Ready.Length > 0 ? Seconds("timeout-up") ?? 0 : 0;
        foreach (string flag in _s6Flags.Where(Has))
        {
            string value = Value(flag) is { Length: > 0 } text ? $"{flag}={text}" : flag;
            _service.Not(_nowhere, value, flag == "max-death-tally"
                ? "see give-up of restart"
                : "the manager's file has nothing like it");
        }
    }

    // Exit code or 256, signal, name, process group.
    private string S6Finish() => "[ \"$EXIT_CODE\" != -1 ] || EXIT_CODE=256; exec ./finish \"$EXIT_CODE\" "
        + $"\"$EXIT_SIGNAL_NUMBER\" {ShellWords.Quote(Path.GetFileName(folder))} \"$EXIT_PID\"";

    // Milliseconds; 0 is without end.
    private long? Seconds(string file)
    {
        if (Value(file) is not { } text)
        {
            return null;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds))
        {
            _service.Not(_nowhere, $"{file}={text}", "it is not a number of milliseconds");
            return null;
        }

        return milliseconds == 0 ? null : long.Min((milliseconds / 1000) + (milliseconds % 1000 > 0 ? 1 : 0), 86_400);
    }

    private string? Value(string file) => FileKinds.Of(PathOf(file)) == FileKind.Regular
        ? SourceFile.Read(PathOf(file)).Text.Trim()
        : null;

    private bool Has(string name) => FileKinds.Of(PathOf(name)) != FileKind.Missing;

    private IEnumerable<string> NamesIn(string name)
    {
        try
        {
            return FileKinds.Of(PathOf(name)) == FileKind.Directory
                ? [.. Directory.EnumerateFiles(PathOf(name)).Select(static path => Path.GetFileName(path))
                    .Order(StringComparer.Ordinal)]
                : [];
        }
        catch (UnauthorizedAccessException)
        {
            return ["*"];
        }
    }

    private string PathOf(string file) => Path.Combine(folder, file);
}
