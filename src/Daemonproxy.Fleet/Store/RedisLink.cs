using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Daemonproxy.Jobs;
using StackExchange.Redis;

namespace Daemonproxy.Fleet.Store;

/// <summary>Connections to Redis that come back by themselves.</summary>
internal static class RedisLink
{
    // Errors that pass: it starts, fails over, or runs a long script.
    private static readonly string[] _passing =
        ["LOADING", "READONLY", "MASTERDOWN", "BUSY", "CLUSTERDOWN", "TRYAGAIN"];

    /// <summary>Connects; it does not wait for a Redis that is not there.</summary>
    /// <param name="options">Where Redis is.</param>
    /// <param name="name">What CLIENT LIST shows.</param>
    /// <param name="patience">How long a command may take.</param>
    /// <exception cref="JobsException">The password file cannot be read.</exception>
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
            Protocol = RedisProtocol.Resp2, // As scripts answer in.
            HeartbeatInterval = TimeSpan.FromMilliseconds(500),
            ReconnectRetryPolicy = new LinearRetry(300),

            // Nothing is known of the server but what the scripts need; CONFIG and INFO are not for everybody.
            ConfigCheckSeconds = 0,
            ConfigurationChannel = "",
            TieBreaker = "",
        };
        foreach (string place in options.Redis.Split(',', StringSplitOptions.TrimEntries))
        {
            EndPoint end = place.StartsWith('/') ? new UnixDomainSocketEndPoint(place) : EndPointOf(place);
            configuration.EndPoints.Add(end);
        }

        return await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
    }

    /// <summary>True for what a Redis that is away, busy or starting gives.</summary>
    public static bool IsAway(Exception problem) =>
        problem is RedisConnectionException or RedisTimeoutException or ObjectDisposedException or TimeoutException
        || (problem is RedisServerException server
            && _passing.Any(word => server.Message.StartsWith(word, StringComparison.Ordinal)));

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
