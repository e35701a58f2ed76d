using System.Collections.Generic;

namespace Daemonproxy.Jobs.Planning;

/// <summary>One queue: the jobs that may run now, in the order of acceptance, and the number of running ones.</summary>
internal sealed class JobQueue(int most)
{
    private readonly SortedDictionary<long, Job> _ready = [];

    /// <summary>The number of jobs that are starting or running.</summary>
    public int Active { get; set; }

    public bool HasRoom => Active < most;

    public int Ready => _ready.Count;

    public void Add(Job job) => _ready[job.Terms.Sequence] = job;

    public void Remove(Job job) => _ready.Remove(job.Terms.Sequence);

    /// <summary>The next job; null if none may run.</summary>
    public Job? Next()
    {
        foreach (Job job in _ready.Values)
        {
            return job;
        }

        return null;
    }
}
