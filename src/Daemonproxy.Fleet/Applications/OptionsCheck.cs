using System;
using Daemonproxy.Jobs.Running;

namespace Daemonproxy.Fleet.Applications;

/// <summary>Checks the options.</summary>
internal static class OptionsCheck
{
    private const int MostBytes = 64 * 1024 * 1024;

    /// <summary>The first problem, in a sentence; null if there is none.</summary>
    public static string? ProblemOf(FleetOptions options)
    {
        TimeSpan day = TimeSpan.FromDays(1);
        return options switch
        {
            { Redis.Length: 0 } => "Redis is empty: it says where Redis is, as host:port or the path of a socket.",
            { Tls: false } when options.AuthorityFile.Length > 0 || options.CertificateFile.Length > 0 =>
                "Certificates are for TLS: Tls is false.",
            _ when !RequestRules.IsName(options.Fleet) => "Fleet is 1 to 40 of A-Z a-z 0-9 . _ -.",
            _ when options.KeepFor < TimeSpan.Zero || options.KeepFor > 10_000 * day => "KeepFor is 0 to 10,000 days.",
            _ when options.StopGrace < TimeSpan.Zero || options.StopGrace > day => "StopGrace is 0 to 1 day.",
            { MostQueued: < 1 } => "MostQueued is at least 1.",
            { MostOutput: < 0 or > MostBytes } => "MostOutput is 0 to 64 MiB.",
            { MostInput: < 0 or > MostBytes } => "MostInput is 0 to 64 MiB.",
            _ when options.PollInterval < TimeSpan.FromMilliseconds(10) || options.PollInterval > day / 24 =>
                "PollInterval is 10 ms to 1 hour.",
            _ when options.Patience < TimeSpan.FromMilliseconds(100) || options.Patience > day / 24 =>
                "Patience is 100 ms to 1 hour.",
            _ => null,
        };
    }
}
