using System;

namespace Daemonproxy.Fleet;

/// <summary>The connection to Redis, and the limits of jobs in it.</summary>
public sealed class FleetOptions
{
    /// <summary>
    /// The address of Redis: <c>host</c>, <c>host:port</c>, or the path of a unix socket; several of a cluster with
    /// commas.
    /// </summary>
    public string Redis { get; set; } = "localhost:6379";

    /// <summary>The ACL user of Redis; empty for <c>default</c>.</summary>
    public string User { get; set; } = "";

    /// <summary>A file whose first line is the password; empty for none.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>True for TLS. The certificate of Redis names the host.</summary>
    public bool Tls { get; set; }

    /// <summary>
    /// A file with the certificates of authorities, PEM, one of which has signed that of Redis; empty for those that
    /// the machine trusts.
    /// </summary>
    public string AuthorityFile { get; set; } = "";

    /// <summary>
    /// A file with the certificate and the key of this client, PEM, where Redis asks for one
    /// (<c>tls-auth-clients</c>); empty for none.
    /// </summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>
    /// The name of the fleet, which all its keys and channels begin with, in braces; 1 to 40 of
    /// <c>A-Z a-z 0-9 . _ -</c>.
    /// </summary>
    public string Fleet { get; set; } = "daemonproxy";

    /// <summary>The time for which record and output of a job are kept after its end; up to 10,000 days.</summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The time between SIGTERM and SIGKILL of a stop; 0 to 1 day, in whole seconds.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most jobs of the fleet that may wait; more are refused.</summary>
    public int MostQueued { get; set; } = 1_000_000;

    /// <summary>
    /// The most bytes of a job's output that are kept, 0 to 64 MiB: the first ones.
    /// <see cref="Daemonproxy.Jobs.JobInfo.OutputSize"/> counts all.
    /// </summary>
    public int MostOutput { get; set; } = 256 * 1024;

    /// <summary>The most bytes of standard input of a job; 0 to 64 MiB.</summary>
    public int MostInput { get; set; } = 1024 * 1024;

    /// <summary>
    /// The polling interval of waiting callers, since a message of a channel may be lost. 10 ms to 1 hour.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The time for which a call tries to reach Redis; 100 ms to 1 hour. A job whose acceptance was not answered by
    /// then may have been accepted.
    /// </summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);
}
