using System;
using System.IO;
using System.Linq;
using Daemonproxy.Tests.Allocation;

namespace Daemonproxy.Bench;

/// <summary>A check that no measured code allocates.</summary>
internal static class AllocationCheck
{
    // What is made once and kept is there after so many.
    private const int Warm = 60;
    private const int Runs = 200;

    /// <summary>Runs everything and prints code that allocates. False if there is any.</summary>
    public static bool Run(TextWriter output)
    {
        int cases = 0;
        int wrong = 0;
        foreach (Type type in typeof(Measured).Assembly.GetTypes().Where(IsMeasured))
        {
            Measured measured = (Measured)Activator.CreateInstance(type)!;
            foreach (string name in measured.Cases)
            {
                long bytes = Measure(measured, name);
                cases++;
                if (bytes != 0)
                {
                    wrong++;
                    output.WriteLine($"{type.Name} {name}: {bytes} bytes in {Runs} runs");
                }
            }
        }

        output.WriteLine($"{cases} cases, {wrong} that allocate");
        return wrong == 0 && cases > 0;
    }

    private static bool IsMeasured(Type type) => type.IsAssignableTo(typeof(Measured)) && !type.IsAbstract;

    private static long Measure(Measured measured, string name)
    {
        measured.Case = name;
        measured.Prepare();
        Repeat(measured, Warm);
        long bytes = Allocated.By(() => Repeat(measured, Runs));
        measured.Clear();
        return bytes;
    }

    private static void Repeat(Measured measured, int times)
    {
        for (int i = 0; i < times; i++)
        {
            measured.Once();
        }
    }
}
