using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

namespace Daemonproxy.Load.Workloads;

/// <summary>
/// The file into which the programs of bench/floor write when they ran: nanoseconds of the clock that
/// <see cref="System.Diagnostics.Stopwatch"/> shows too.
/// </summary>
internal sealed class Stamps(Session session)
{
    /// <summary>The lines that make it the named descriptor <c>stamps</c>.</summary>
    public string Lines => $"fd.open\tstamps\twrite,create,append\t{Path}\n";

    public string Path { get; } = System.IO.Path.Combine(session.Folder, "stamps");

    /// <summary>All there are so far.</summary>
    public ReadOnlySpan<long> Read() => MemoryMarshal.Cast<byte, long>(File.ReadAllBytes(Path));

    /// <summary>Waits until there are so many.</summary>
    public ReadOnlySpan<long> Await(int count)
    {
        while (!File.Exists(Path) || new FileInfo(Path).Length < count * sizeof(long))
        {
            Thread.Yield();
        }

        return Read();
    }
}
