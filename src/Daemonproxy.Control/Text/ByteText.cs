using System.Globalization;

namespace Daemonproxy.Control.Text;

/// <summary>Amounts of memory: <c>1.1 MiB</c>, <c>128 MiB</c>.</summary>
internal static class ByteText
{
    private const double Kilo = 1024;
    private static readonly string[] _units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    public static string Of(long bytes)
    {
        double amount = bytes;
        int unit = 0;
        while (amount >= Kilo && unit < _units.Length - 1)
        {
            amount /= Kilo;
            unit++;
        }

        string format = unit > 0 && amount < 9.95 ? "0.0" : "0";
        return $"{amount.ToString(format, CultureInfo.InvariantCulture)} {_units[unit]}";
    }
}
