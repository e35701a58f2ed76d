using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Daemonproxy.JobsBench;

// Background jobs beside what people use for them, by turns in one run:
//   JobsBench [--daemon PATH] [--directory PATH] [--jobs N] [--at-once N] [--rounds N] [WORKLOAD...]
// Workloads: disk, burst, start, page. --directory is where the folders of all of them are made: it says which disk.
var options = new Queue<string>(args);
string daemon = "out/daemonproxy";
string directory = Path.GetTempPath();
int jobs = 1000;
int atOnce = 16;
int rounds = 3;
List<string> workloads = [];
while (options.TryDequeue(out string? option))
{
    switch (option)
    {
        case "--daemon":
            daemon = options.Dequeue();
            break;
        case "--directory":
            directory = options.Dequeue();
            break;
        case "--jobs":
            jobs = Number(options.Dequeue());
            break;
        case "--at-once":
            atOnce = Number(options.Dequeue());
            break;
        case "--rounds":
            rounds = Number(options.Dequeue());
            break;
        default:
            workloads.Add(option);
            break;
    }
}

var bench = new Bench(Path.GetFullPath(daemon), Path.GetFullPath(directory), jobs, atOnce, rounds);
try
{
    foreach (string workload in workloads.Count > 0 ? workloads : ["disk", "burst", "start", "page"])
    {
        await bench.RunAsync(workload);
    }
}
finally
{
    Folder.RemoveAll();
}

return 0;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
