using System;
using System.Collections.Generic;
using System.Text;
using Daemonproxy.Protocol;

namespace Daemonproxy.Bench;

/// <summary>Splitting an inbox full of lines (16 KB) into lines, and each into its fields.</summary>
public class LineBenchmarks : Measured
{
    private byte[] _lines = [];
    private int _fields;

    public override IEnumerable<string> Cases =>
        ["echo\thello", "service.tags\tservice-1\tcolour=blue\tnumber=2", "service.args\ta\tb\tc\td\te\tf\tg\th"];

    public override void Prepare()
    {
        const int InboxBytes = 16384;
        string line = Case + "\n";
        StringBuilder text = new();
        while (text.Length + line.Length <= InboxBytes)
        {
            text.Append(line);
        }

        _lines = Encoding.ASCII.GetBytes(text.ToString());
    }

    protected override void Run()
    {
        ReadOnlySpan<byte> rest = _lines;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            FieldReader fields = new(rest[..end]);
            while (fields.TryNext(out ReadOnlySpan<byte> _))
            {
                _fields++;
            }

            rest = rest[(end + 1)..];
        }
    }
}
