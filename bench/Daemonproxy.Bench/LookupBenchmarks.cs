using System.Text;
using Daemonproxy.Commands;

namespace Daemonproxy.Bench;

/// <summary>Finding a command by its name.</summary>
public class LookupBenchmarks : NameBenchmarks
{
    private byte[] _name = [];
    private int _sum;

    public override void Prepare() => _name = Encoding.ASCII.GetBytes(Case);

    protected override void Run()
    {
        for (int i = 0; i < Times; i++)
        {
            _sum += (int)CommandTable.Find(_name);
        }
    }
}
