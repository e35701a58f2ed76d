using System;
using System.Collections.Generic;
using System.Text;
using BenchmarkDotNet.Attributes;
using Daemonproxy.Protocol;

namespace Daemonproxy.Bench;

/// <summary>
/// Reading an integer or a name: as it is done, and as it was done until 0.1, with a division for each digit and a
/// mask for each byte of a name.
/// </summary>
public class ParsingBenchmarks : Measured
{
    private const int Times = 1000;
    private const int Longest = 31;
    private byte[] _text = [];
    private bool _isName;
    private long _sum;

    public override IEnumerable<string> Cases =>
    [
        "integer 7", "integer 1200", "integer -2147483647", "integer 999999999999999999",
        "integer 9223372036854775807", "name a", "name web", "name service-1234", "name printer.of_the-2nd-floor.north",
    ];

    public override void Prepare()
    {
        _isName = Case.StartsWith("name ", StringComparison.Ordinal);
        _text = Encoding.ASCII.GetBytes(Case[(Case.IndexOf(' ') + 1)..]);
        if (_isName && _text.Length > Longest)
        {
            _text = _text[..Longest];
        }
    }

    /// <summary>The time is that of one.</summary>
    [Benchmark(OperationsPerInvoke = Times)]
    public override void Once() => Run();

    [Benchmark(OperationsPerInvoke = Times, Baseline = true)]
    public void AsBefore()
    {
        for (int i = 0; i < Times; i++)
        {
            if (_isName)
            {
                _sum += TryNameAsBefore(_text, Longest, out ReadOnlySpan<byte> name) ? name.Length : 0;
            }
            else
            {
                _sum += TryIntegerAsBefore(_text, out long value) ? value : 0;
            }
        }
    }

    protected override void Run()
    {
        for (int i = 0; i < Times; i++)
        {
            if (_isName)
            {
                _sum += Name.TryParse(_text, Longest, out Name name) ? name.Bytes.Length : 0;
            }
            else
            {
                _sum += ArgumentTypes.TryInteger(_text, out long value) ? value : 0;
            }
        }
    }

    private static bool TryIntegerAsBefore(ReadOnlySpan<byte> field, out long value)
    {
        bool negative = field.Length > 0 && field[0] == '-';
        ReadOnlySpan<byte> digits = negative ? field[1..] : field;
        ulong magnitude = 0;
        value = 0;
        foreach (byte b in digits)
        {
            uint digit = (uint)(b - '0');
            if (digit > 9 || magnitude > (ulong.MaxValue - digit) / 10)
            {
                return false;
            }

            magnitude = (magnitude * 10) + digit;
        }

        ulong most = negative ? 1UL << 63 : long.MaxValue;
        value = negative ? unchecked(-(long)magnitude) : (long)magnitude;
        return digits.Length > 0 && magnitude <= most;
    }

    private static bool TryNameAsBefore(ReadOnlySpan<byte> bytes, int longest, out ReadOnlySpan<byte> name)
    {
        name = bytes;
        if (bytes.Length == 0 || bytes.Length > longest)
        {
            return false;
        }

        foreach (byte b in bytes)
        {
            bool isGood = b < 128
                && (((b < 64 ? 0x03FF_6000_0000_0000UL : 0x07FF_FFFE_87FF_FFFEUL) >> (b & 63)) & 1) != 0;
            if (!isGood)
            {
                return false;
            }
        }

        return true;
    }
}
