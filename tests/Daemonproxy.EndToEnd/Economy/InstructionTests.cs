using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Economy;

/// <summary>
/// The number of instructions that the daemon executes for fixed work, counted by callgrind: unlike times, these are
/// the same in every run and on every machine of a kind. Recorded in bench/instructions.txt; DAEMONPROXY_RECORD=1
/// records anew.
/// </summary>
public class InstructionTests
{
    private const double MostRise = 1.05;

    // What is counted, what comes before it, the line that is repeated, how often, and for how many units of work.
    private static readonly (string Name, string Before, Func<int, string> Line, int Lines, int Units)[] Workloads =
    [
        ("echo", string.Empty, _ => "echo\tthe quick brown fox\n", 5_000, 5_000),
        ("tags", Services(100), n => $"service.tags\tservice-{n % 100}\tcolour=blue\t{n}\n", 5_000, 5_000),
        ("dump", Services(500), _ => "statedump\n", 10, 10 * 500),
    ];

    [CallgrindFact]
    public void NoWorkTakesMoreInstructionsThanItDid()
    {
        bool isStatic = !File.ReadAllText(Binary.Path).Contains("/ld-linux", StringComparison.Ordinal);
        string kind = isStatic ? "static" : "dynamic";
        string path = Path.Combine(Root(), "bench", "instructions.txt");
        bool isRecording = Environment.GetEnvironmentVariable("DAEMONPROXY_RECORD") == "1";
        SortedDictionary<string, long> recorded = Read(path);
        List<string> risen = [];
        foreach ((string name, string before, Func<int, string> line, int lines, int units) in Workloads)
        {
            string work = before + string.Concat(Enumerable.Range(0, lines).Select(line));
            long found = (Count(work) - Count(before)) / units;
            string key = $"{name} {kind}";
            if (isRecording)
            {
                recorded[key] = found;
            }
            else if (found > recorded[key] * MostRise)
            {
                risen.Add($"{key}: {found} instructions, {recorded[key]} are recorded");
            }
        }

        if (isRecording)
        {
            File.WriteAllLines(path, recorded.Select(record => $"{record.Key} {record.Value}"));
        }

        Assert.Empty(risen);
    }

    private static string Services(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(n => $"service.args\tservice-{n}\t/bin/true\t{n}\n"));

    private static long Count(string input)
    {
        using Scratch scratch = new();
        string log = scratch["callgrind"];
        Launch launch = new Launch(Binary.Path, "-i").Under(
            CallgrindFactAttribute.Valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", $"--log-file={log}");
        using Daemon daemon = Daemon.Start(launch);
        daemon.SendRaw(input);
        daemon.EndInput();
        Assert.Equal(0, daemon.AwaitExit().Status);

        // ==PID== Collected : NUMBER
        string line = File.ReadLines(log).Single(line => line.Contains("Collected : ", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
    }

    private static SortedDictionary<string, long> Read(string path)
    {
        SortedDictionary<string, long> records = new(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(path))
        {
            int blank = line.LastIndexOf(' ');
            records[line[..blank]] = long.Parse(line[(blank + 1)..], CultureInfo.InvariantCulture);
        }

        return records;
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "commands.spec")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
