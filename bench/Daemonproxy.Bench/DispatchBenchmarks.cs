using System.Text;
using Daemonproxy.Commands;
using Daemonproxy.Protocol;

namespace Daemonproxy.Bench;

/// <summary>
/// The command is found, and its method refuses a line with nothing but the name: no handler is asked. Commands that
/// need no field, and names that are none, are found only.
/// </summary>
public class DispatchBenchmarks : NameBenchmarks
{
    private byte[] _name = [];
    private bool _isRefused;
    private int _refused;

    public override void Prepare()
    {
        _name = Encoding.ASCII.GetBytes(Case);
        _isRefused = NeedsField(CommandTable.Find(_name));
    }

    protected override void Run()
    {
        FieldReader behindTheName = new(_name);
        behindTheName.TryNext(out _);
        for (int i = 0; i < Times; i++)
        {
            FieldReader fields = behindTheName;
            CommandId id = CommandTable.Find(_name);
            if (_isRefused && !CommandDispatch.Run(id, ref fields, null!).IsNone)
            {
                _refused++;
            }
        }
    }

    private static bool NeedsField(CommandId id) => id is CommandId.ServiceArgs or CommandId.ServiceTags
        or CommandId.ServiceFds or CommandId.ServiceAutoUp or CommandId.ServiceStart or CommandId.ServiceSignal
        or CommandId.ServiceDelete or CommandId.FdPipe or CommandId.FdOpen or CommandId.FdSocket or CommandId.FdDelete
        or CommandId.SocketCreate or CommandId.Terminate or CommandId.TerminateGuard
        or CommandId.SignalClear or CommandId.ConnEventTimeout or CommandId.LogDest;
}
