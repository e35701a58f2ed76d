using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.Load.Workloads;

namespace Daemonproxy.Load;

/// <summary>The settings of the command line.</summary>
internal sealed class Settings
{
    public const string Help = """
        usage: Daemonproxy.Load --daemon PATH [--daemon PATH2] [OPTION…] [WORKLOAD…]

        Drives one daemon, or two by turns, and tells what the work costs: medians over the rounds, with the least and
        the most in brackets; with two daemons also the ratio of the medians, first to second. Only ratios of one run
        mean something on a machine that is shared.

        options:
          --daemon PATH         a daemon that speaks the protocol and knows -i; once or twice
          --option WORD         one more word for the daemons' command lines; may be repeated
          --rounds N            rounds of each workload, each with a new process (5)
          --socket              talk over one socket, as with a service, instead of over two pipes
          --strace              count system calls too, in a round of its own (needs strace)
          --program PATH        what the services of `spawn` execute (/bin/true)
          --idle-seconds N      how long `idle` looks (10)
          --most-services N     how far `scale` goes (10000)
          --floor FOLDER        where the programs of bench/floor are (out/floor)
          --plot FILE           also draws what `scale` and `audience` found, as an SVG
          --help                this text

        workloads (all, if none is named):
        """;

    private Settings()
    {
    }

    public List<string> Daemons { get; } = [];

    public List<string> Options { get; } = [];

    public List<string> Names { get; } = [];

    public int Rounds { get; private set; } = 5;

    public bool OverSocket { get; private set; }

    public bool CountCalls { get; private set; }

    public bool WantsHelp { get; private set; }

    public string Program { get; private set; } = "/bin/true";

    public int IdleSeconds { get; private set; } = 10;

    public int MostServices { get; private set; } = 10_000;

    public Floor Floor { get; private set; } = new(Path.GetFullPath("out/floor"));

    /// <summary>Where to draw; null for no picture.</summary>
    public string? Plot { get; private set; }

    /// <summary>The workloads asked for, in their usual order.</summary>
    public Workload[] Workloads()
    {
        Workload[] all = Workload.All(this);
        string? unknown = Names.FirstOrDefault(name => all.All(workload => workload.Name != name));
        return unknown is null
            ? [.. all.Where(workload => Names.Count == 0 || Names.Contains(workload.Name))]
            : throw new ArgumentException($"there is no workload {unknown} (see --help)");
    }

    /// <exception cref="ArgumentException">What is wrong with the words.</exception>
    public static Settings Read(string[] words)
    {
        Settings settings = new();
        Queue<string> rest = new(words);
        while (rest.TryDequeue(out string? word))
        {
            settings.Apply(word, rest);
        }

        bool isEnough = settings.WantsHelp || settings.Daemons.Count is 1 or 2;
        return isEnough ? settings : throw new ArgumentException("name one daemon or two with --daemon (see --help)");
    }

    private void Apply(string word, Queue<string> rest)
    {
        switch (word)
        {
            case "--daemon":
                Daemons.Add(ExistingFile(Value(word, rest)));
                break;
            case "--option":
                Options.Add(Value(word, rest));
                break;
            case "--rounds":
                Rounds = Number(word, rest);
                break;
            case "--socket":
                OverSocket = true;
                break;
            case "--strace":
                CountCalls = SystemCalls.CanCount ? true : throw new ArgumentException("strace is not installed");
                break;
            case "--program":
                Program = ExistingFile(Value(word, rest));
                break;
            case "--idle-seconds":
                IdleSeconds = Number(word, rest);
                break;
            case "--most-services":
                MostServices = Number(word, rest);
                break;
            case "--floor":
                Floor = new Floor(Path.GetFullPath(Value(word, rest)));
                break;
            case "--plot":
                Plot = Value(word, rest);
                break;
            case "--help":
                WantsHelp = true;
                break;
            default:
                Names.Add(word is ['-', ..] ? throw new ArgumentException($"there is no option {word}") : word);
                break;
        }
    }

    private static string Value(string word, Queue<string> rest) =>
        rest.TryDequeue(out string? value) ? value : throw new ArgumentException($"{word} needs a value");

    private static int Number(string word, Queue<string> rest) =>
        int.TryParse(Value(word, rest), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new ArgumentException($"{word} needs a number above 0");

    private static string ExistingFile(string path) =>
        File.Exists(path) ? Path.GetFullPath(path) : throw new ArgumentException($"there is no file {path}");
}
