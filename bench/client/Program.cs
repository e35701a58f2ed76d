using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.ClientBench;

// The client of this build and that of another one, by turns, each in a process of its own:
//   ClientBench --daemon PATH [--other PATH] [--rounds N] [WORKLOAD...]
// --other is this program built with another client: -p:ClientProject=FILE.
if (args is ["--run", string workload, string daemon])
{
    Console.WriteLine(await Workloads.RunAsync(workload, daemon));
    return 0;
}

if (args is ["--source", string path])
{
    EventSource.Serve(path);
    return 0;
}

var options = new Queue<string>(args);
string daemonPath = "out/daemonproxy";
string? other = null;
int rounds = 5;
List<string> workloads = [];
while (options.TryDequeue(out string? option))
{
    switch (option)
    {
        case "--daemon":
            daemonPath = options.Dequeue();
            break;
        case "--other":
            other = options.Dequeue();
            break;
        case "--rounds":
            rounds = int.Parse(options.Dequeue(), System.Globalization.CultureInfo.InvariantCulture);
            break;
        default:
            workloads.Add(option);
            break;
    }
}

Turns turns = new(daemonPath, other, rounds);
foreach (string name in workloads.Count > 0 ? workloads : [.. Workloads.Names])
{
    turns.Measure(name);
}

return 0;
