using System;
using System.Globalization;
using Daemonproxy.Load;
using Daemonproxy.Load.Workloads;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
try
{
    Settings settings = Settings.Read(args);
    if (settings.WantsHelp)
    {
        Console.WriteLine(Settings.Help);
        foreach (Workload workload in Workload.All(settings))
        {
            Console.WriteLine($"  {workload.Name,-10}{workload.Description}");
        }

        return 0;
    }

    Bench bench = new(settings);
    bench.Run();
    bench.Report.Write(Console.Out);
    if (settings.Plot is not null)
    {
        new Plot(bench.Report.Of("scale")).Write(settings.Plot);
    }

    return 0;
}
catch (ArgumentException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 2;
}
