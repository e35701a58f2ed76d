using System;
using Daemonproxy.Protocol;
using Daemonproxy.Services;

namespace Daemonproxy.Startup;

/// <summary>
/// The sizes of the tables in the image. Without options they are generous and shared, since unused records cost
/// nothing; with options they are hard limits, and within them no command fails for lack of room.
/// </summary>
internal readonly struct TableCapacities
{
    /// <summary>The default of M in <c>--fd-pool NxM</c> and <c>--service-pool NxM</c>.</summary>
    private const int FdBytes = 96;
    private const int ServiceBytes = 512;

    private readonly Pool? _fds;
    private readonly Pool? _services;

    /// <summary>Sizes of pools as given, or none; they are brought within their bounds.</summary>
    public TableCapacities(Pool? fds, Pool? services, int? connections)
    {
        _fds = fds;
        _services = services;
        Connections = connections ?? Limits.Controllers;
    }

    public static TableCapacities Default => new(null, null, null);

    /// <summary>The most controllers connected at once.</summary>
    public int Connections { get; }

    /// <summary>The most named descriptors.</summary>
    public int Fds => _fds is { } pool
        ? Clamp(pool.Records, OptionLimits.FdPoolRecordsLeast, OptionLimits.FdPoolRecordsMost)
        : Limits.Fds;

    /// <summary>The most bytes of a descriptor's path.</summary>
    public int FdText => _fds is { } pool
        ? ClampFdText(pool.RecordBytes ?? FdBytes)
        : Limits.Line;

    /// <summary>The most services.</summary>
    public int Services => _services is { } pool
        ? Clamp(pool.Records, OptionLimits.ServicePoolRecordsLeast, OptionLimits.ServicePoolRecordsMost)
        : Limits.Services;

    /// <summary>The most bytes of a service's texts together, separators included.</summary>
    public int ServiceText => _services is { } pool
        ? ClampServiceText(pool.RecordBytes ?? ServiceBytes)
        : 3 * Limits.Line;

    /// <summary>True if every descriptor has its room reserved.</summary>
    public bool AreFdsReserved => _fds is not null;

    /// <summary>True if every service has its room reserved.</summary>
    public bool AreServicesReserved => _services is not null;

    /// <summary>The most bytes of text of a service, whatever an image says, within the bounds.</summary>
    public static int ClampServiceText(long bytes) =>
        Clamp(bytes, OptionLimits.ServicePoolBytesLeast, OptionLimits.ServicePoolBytesMost);

    /// <summary>The same of a descriptor.</summary>
    public static int ClampFdText(long bytes) =>
        Clamp(bytes, OptionLimits.FdPoolBytesLeast, OptionLimits.FdPoolBytesMost);

    private static int Clamp(long value, long least, long most) => (int)Math.Clamp(value, least, most);
}
