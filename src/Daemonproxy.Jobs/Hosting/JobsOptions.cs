using System;
using System.Collections.Generic;

namespace Daemonproxy.Jobs;

/// <summary>The socket of the daemon, the directory of records, and the limits of jobs.</summary>
public sealed class JobsOptions
{
    /// <summary>The control socket of the daemon. One of right <c>jobs</c> is enough, and is recommended.</summary>
    public string Socket { get; set; } = "/run/daemonproxy.sock";

    /// <summary>
    /// The prefix of the names of this application's services in the daemon; up to 10 of <c>A-Z a-z 0-9 . _ -</c>. It
    /// has to begin with the prefix of the control socket.
    /// </summary>
    public string Prefix { get; set; } = "job.";

    /// <summary>
    /// The name of the application, which is in the tags of its jobs; 1 to 20 of <c>A-Z a-z 0-9 . _ -</c>. Two
    /// applications on one daemon need two names. Empty for the name of the program.
    /// </summary>
    public string Application { get; set; } = "";

    /// <summary>
    /// The directory of records, inputs and outputs, an absolute path. It is created with mode 0700. One process uses
    /// it at a time.
    /// </summary>
    public string Directory { get; set; } = "";

    /// <summary>
    /// The most jobs of a queue that run at once; queues that are not listed have <see cref="MostInAQueue"/>.
    /// </summary>
    public IDictionary<string, int> Queues { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>The most jobs of any other queue that run at once; 1 to 60,000.</summary>
    public int MostInAQueue { get; set; } = 4;

    /// <summary>
    /// The most jobs of all queues together that run at once; 1 to 60,000. Each is a service of the daemon: keep it
    /// below the <c>max=</c> of the control socket, which is 64 by default.
    /// </summary>
    public int MostAtOnce { get; set; } = 32;

    /// <summary>The most jobs that may wait; 1 to 10,000,000. More are refused.</summary>
    public int MostQueued { get; set; } = 100_000;

    /// <summary>
    /// The time for which the record and the output of a job are kept after its end; up to 10,000 days.
    /// </summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The time between SIGTERM and SIGKILL of a stop; 0 to 1 day, in whole seconds.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The time that the start waits for a process that still uses the directory; 0 to 1 hour.</summary>
    public TimeSpan DirectoryWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Takes over the jobs in the daemon of an application of the same name with another directory: for use after the
    /// directory was lost. Never set it while that application runs.
    /// </summary>
    public bool TakesOver { get; set; }
}
