using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Daemonproxy.Jobs;
using StackExchange.Redis;

namespace Daemonproxy.Fleet.Store;

/// <summary>Connections to Redis that are restored automatically.</summary>
internal static class RedisLink
{
    // Temporary errors: Redis starts, fails over, or runs a long script.
    private static readonly string[] _passing =
        ["LOADING", "READONLY", "MASTERDOWN", "BUSY", "CLUSTERDOWN", "TRYAGAIN"];

    /// <summary>Connects; it does not wait if Redis is away.</summary>
    /// <param name="options">Where Redis is.</param>
    /// <param name="name">The name in CLIENT LIST.</param>
    /// <param name="patience">The time limit of a command.</param>
    /// <exception cref="JobsException">The password or a certificate cannot be read.</exception>
    public static async Task<ConnectionMultiplexer> ConnectAsync(FleetOptions options, string name, TimeSpan patience)
    {
        var configuration = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            ClientName = name,
            User = options.User.Length > 0 ? options.User : null,
            Password = PasswordOf(options),
            Ssl = options.Tls,
            AsyncTimeout = (int)patience.TotalMilliseconds,
            SyncTimeout = (int)patience.TotalMilliseconds,
            ConnectTimeout = (int)Math.Min(patience.TotalMilliseconds, 3000),
            ConnectRetry = 1,
            KeepAlive = 5,
            Protocol = RedisProtocol.Resp2, // The protocol version of the scripts' answers.
            HeartbeatInterval = TimeSpan.FromMilliseconds(500),
            ReconnectRetryPolicy = new LinearRetry(300),

            // Only commands that the scripts need are used; CONFIG and INFO may be forbidden.
            ConfigCheckSeconds = 0,
            ConfigurationChannel = "",
            TieBreaker = "",
        };
        if (options.Tls)
        {
            SetTls(configuration, options);
        }

        foreach (string place in options.Redis.Split(',', StringSplitOptions.TrimEntries))
        {
            EndPoint end = place.StartsWith('/') ? new UnixDomainSocketEndPoint(place) : EndPointOf(place);
            configuration.EndPoints.Add(end);
        }

        return await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
    }

    /// <summary>True for the errors of a Redis that is away, busy or starting.</summary>
    public static bool IsAway(Exception problem) =>
        problem is RedisConnectionException or RedisTimeoutException or ObjectDisposedException or TimeoutException
        || (problem is RedisServerException server
            && _passing.Any(word => server.Message.StartsWith(word, StringComparison.Ordinal)));

    /// <summary>Why Redis does not answer, in words that fit into a sentence.</summary>
    public static string CauseOf(Exception problem)
    {
        Exception cause = problem;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        // What the client of Redis says itself begins with one sentence, and ends with figures.
        const string noise = "SimpleError: ";
        string text = cause.Message.Split(['\n', ';'])[0].Split(", command=")[0].TrimEnd('.', ' ');
        return text.StartsWith(noise, StringComparison.Ordinal) ? text[noise.Length..] : text;
    }

    // As usual, but that other authorities may be trusted. Nobody is asked whether a certificate was taken back.
    private static void SetTls(ConfigurationOptions configuration, FleetOptions options)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        X509CertificateCollection own = [];
        try
        {
            if (options.AuthorityFile.Length > 0)
            {
                policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                policy.CustomTrustStore.ImportFromPemFile(options.AuthorityFile);
            }

            if (options.CertificateFile.Length > 0)
            {
                own.Add(X509Certificate2.CreateFromPemFile(options.CertificateFile));
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new JobsException(
                JobsFault.BadRequest, $"The certificates for Redis cannot be read: {problem.Message}", problem);
        }

        configuration.SslClientAuthenticationOptions = host => new SslClientAuthenticationOptions
        {
            TargetHost = host,
            CertificateChainPolicy = policy.Clone(),
            ClientCertificates = own,
        };
    }

    private static DnsEndPoint EndPointOf(string place)
    {
        int colon = place.LastIndexOf(':');
        return colon > 0 && int.TryParse(place[(colon + 1)..], out int port) && port is > 0 and < 65536
            ? new DnsEndPoint(place[..colon].Trim('[', ']'), port)
            : new DnsEndPoint(place, 6379);
    }

    private static string? PasswordOf(FleetOptions options)
    {
        if (options.PasswordFile.Length == 0)
        {
            return null;
        }

        try
        {
            return File.ReadLines(options.PasswordFile).FirstOrDefault()
                ?? throw new JobsException(JobsFault.BadRequest, $"{options.PasswordFile} is empty.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new JobsException(JobsFault.BadRequest, $"The password cannot be read: {problem.Message}", problem);
        }
    }
}
