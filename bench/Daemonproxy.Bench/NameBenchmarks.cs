using System.Collections.Generic;
using System.Linq;
using System.Text;
using BenchmarkDotNet.Attributes;
using Daemonproxy.Commands;

namespace Daemonproxy.Bench;

/// <summary>
/// The work on the name of a command, for every name that there is and some that are none; many times in a row,
/// as once is too short to be measured.
/// </summary>
public abstract class NameBenchmarks : Measured
{
    protected const int Times = 1000;

    // Of no length, of a length that no command has, and nearly one that there is.
    private static readonly string[] _unknown = ["", "x", "service.stop", "service.starts", "terminate.exec_argz"];

    public override IEnumerable<string> Cases => Enumerable.Range(1, CommandTable.Count)
        .Select(id => Encoding.ASCII.GetString(CommandTable.Name((CommandId)id)))
        .Concat(_unknown);

    /// <summary>The time is that of one.</summary>
    [Benchmark(OperationsPerInvoke = Times)]
    public override void Once() => Run();
}
