using System;
using System.Collections.Generic;

namespace Daemonproxy.Jobs;

/// <summary>Where the daemon is, where records are kept, and what jobs may do.</summary>
public sealed class JobsOptions
{
    /// <summary>The control socket of the daemon. One of right <c>jobs</c> is enough, and is recommended.</summary>
    public string Socket { get; set; } = "/run/daemonproxy.sock";

    /// <summary>
    /// What the names of this application's services in the daemon begin with; up to 10 of <c>A-Z a-z 0-9 . _ -</c>. It
    /// has to begin with the prefix of the control socket.
    /// </summary>
    public string Prefix { get; set; } = "job.";

    /// <summary>
    /// The name of the application, which its jobs bear in the daemon; 1 to 20 of <c>A-Z a-z 0-9 . _ -</c>. Two
    /// applications on one daemon need two names. Empty: that of the program.
    /// </summary>
    public string Application { get; set; } = "";

    /// <summary>
    /// The directory of records, inputs and outputs, an absolute path. It is made, with mode 0700, and belongs to one
    /// process at a time.
    /// </summary>
    public string Directory { get; set; } = "";

    /// <summary>
    /// How many jobs of a queue run at once; those that are not named have <see cref="MostInAQueue"/>.
    /// </summary>
    public IDictionary<string, int> Queues { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>How many jobs of any other queue run at once; 1 to 60,000.</summary>
    public int MostInAQueue { get; set; } = 4;

    /// <summary>
    /// How many jobs run at once, of all queues together; 1 to 60,000. Each is a service of the daemon: keep it below
    /// the <c>max=</c> of the control socket, which is 64 unless it says otherwise.
    /// </summary>
    public int MostAtOnce { get; set; } = 32;

    /// <summary>How many jobs may wait; 1 to 10,000,000. More are refused.</summary>
    public int MostQueued { get; set; } = 100_000;

    /// <summary>How long the record and the output of a job are kept after its end; up to 10,000 days.</summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a job has between SIGTERM and SIGKILL; 0 to 1 day, in whole seconds.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the start waits for a process that still uses the directory; 0 to 1 hour.</summary>
    public TimeSpan DirectoryWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Takes over the jobs that another directory's application of this name has in the daemon: for a directory that
    /// was lost. Never set it while that application runs.
    /// </summary>
    public bool TakesOver { get; set; }
}
