using System;
using System.Collections.Generic;
using System.Text;
using BenchmarkDotNet.Attributes;
using Daemonproxy.Commands;
using Daemonproxy.Protocol;

namespace Daemonproxy.Bench;

/// <summary>What the generated lookup and dispatch cost, whatever the name; nothing is allocated.</summary>
public class DispatchBenchmarks
{
    // Of no length, of a length that no command has, and nearly one that there is.
    private static readonly string[] _unknown = ["", "x", "service.stop", "service.starts", "terminate.exec_argz"];
    private byte[] _name = [];

    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    public static IEnumerable<string> Names()
    {
        for (int id = 1; id <= CommandTable.Count; id++)
        {
            yield return Encoding.ASCII.GetString(CommandTable.Name((CommandId)id));
        }

        foreach (string name in _unknown)
        {
            yield return name;
        }
    }

    [GlobalSetup]
    public void SetUp() => _name = Encoding.ASCII.GetBytes(Name);

    [Benchmark]
    public int Lookup() => (int)CommandTable.Find(_name);

    /// <summary>
    /// The command is found, and its method refuses a line without anything in it: no handler is asked. Commands that
    /// need no field, and names that are none, are found only.
    /// </summary>
    [Benchmark]
    public bool LookupAndDispatch()
    {
        FieldReader fields = new([]);
        CommandId id = CommandTable.Find(_name);
        return NeedsField(id) && CommandDispatch.Run(id, ref fields, null!).IsNone;
    }

    private static bool NeedsField(CommandId id) => id is CommandId.ServiceArgs or CommandId.ServiceTags
        or CommandId.ServiceFds or CommandId.ServiceAutoUp or CommandId.ServiceStart or CommandId.ServiceSignal
        or CommandId.ServiceDelete or CommandId.FdPipe or CommandId.FdOpen or CommandId.FdSocket or CommandId.FdDelete
        or CommandId.SocketCreate or CommandId.Terminate or CommandId.TerminateGuard
        or CommandId.SignalClear or CommandId.ConnEventTimeout or CommandId.LogDest;
}
