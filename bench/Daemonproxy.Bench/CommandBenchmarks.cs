using System.Collections.Generic;
using System.Linq;
using System.Text;
using Daemonproxy.Commands;
using Daemonproxy.Tests.Allocation;
using Driven = Daemonproxy.Tests.Allocation.Bench;

namespace Daemonproxy.Bench;

/// <summary>Each command in every way that matters, errors included: from its bytes to its answer.</summary>
public class CommandBenchmarks : Measured
{
    private Driven? _daemon;
    private byte[] _lines = [];

    public override IEnumerable<string> Cases => Enumerable.Range(1, CommandTable.Count)
        .Select(id => Encoding.ASCII.GetString(CommandTable.Name((CommandId)id)));

    public override void Prepare()
    {
        _daemon = new Driven();
        _lines = CommandSamples.Of(CommandTable.Find(Encoding.ASCII.GetBytes(Case)))!;
    }

    public override void Clear() => _daemon?.Dispose();

    protected override void Run() => _daemon!.Run(_lines, 1);
}
