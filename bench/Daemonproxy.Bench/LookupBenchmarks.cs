using System.Collections.Generic;
using System.Linq;
using System.Text;
using Daemonproxy.Commands;

namespace Daemonproxy.Bench;

/// <summary>Finding a command by its name; 100 times, since once is too short to be measured.</summary>
public class LookupBenchmarks : Measured
{
    private const int Times = 100;
    private byte[] _name = [];
    private int _sum;

    public override IEnumerable<string> Cases => Enumerable.Range(1, CommandTable.Count)
        .Select(id => Encoding.ASCII.GetString(CommandTable.Name((CommandId)id)))
        .Append("no.such.command");

    public override void Prepare() => _name = Encoding.ASCII.GetBytes(Case);

    protected override void Run()
    {
        for (int i = 0; i < Times; i++)
        {
            _sum += (int)CommandTable.Find(_name);
        }
    }
}
