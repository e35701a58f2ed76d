using System;
using System.Collections.Generic;
using System.Text.Json;
using Daemonproxy.Jobs.Planning;

namespace Daemonproxy.Jobs.Records;

/// <summary>The changes, inside of <see cref="Write"/>.</summary>
internal sealed partial class JobStore
{
    /// <summary>Records an accepted job.</summary>
    public void Insert(NewJob added)
    {
        JobTerms terms = added.Job.Terms;
        Command(
            """
            INSERT INTO jobs (seq, id, name, queue, status, program, tags, created, time_limit, retries, first_delay,
                most_delay, keep, attempt, reach, is_stop_asked, stop_seconds, is_timed_out)
            VALUES ($seq, $id, $name, $queue, 0, $program, $tags, $created, $limit, $retries, $first, $most, $keep,
                0, 0, 0, 0, 0)
            """,
            ("$seq", terms.Sequence),
            ("$id", terms.Id),
            ("$name", terms.Name),
            ("$queue", terms.Queue),
            ("$program", terms.Program),
            ("$tags", JsonSerializer.Serialize(terms.Tags)),
            ("$created", terms.Created.ToUnixTimeMilliseconds()),
            ("$limit", Milliseconds(terms.TimeLimit)),
            ("$retries", terms.Retries.Most),
            ("$first", Milliseconds(terms.Retries.FirstDelay)),
            ("$most", Milliseconds(terms.Retries.MostDelay)),
            ("$keep", Milliseconds(terms.KeepFor))).ExecuteNonQuery();

        InsertSpec(terms.Id, added.Spec);
        foreach ((string key, string value) in terms.Tags)
        {
            Command(
                "INSERT INTO tags VALUES ($key, $value, $seq)",
                ("$key", key), ("$value", value), ("$seq", terms.Sequence)).ExecuteNonQuery();
        }
    }

    /// <summary>Records the current state of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="outputSize">The size of its output; null while it is not over.</param>
    public void Update(Job job, long? outputSize)
    {
        Command(
            """
            UPDATE jobs SET status = $status, attempt = $attempt, epoch = $epoch, started = $started, ended = $ended,
                next_try = $next, pid = $pid, exit_code = $exit, signal = $signal, step = $step, error = $error,
                subject = $subject, reason = $reason, reach = $reach, is_stop_asked = $asked,
                stop_seconds = $seconds, is_timed_out = $timed, output_size = $size,
                kept_until = CASE WHEN $over THEN $ended + keep END
            WHERE id = $id
            """,
            ("$id", job.Terms.Id),
            ("$status", (int)job.Status),
            ("$attempt", job.Attempt),
            ("$epoch", job.Epoch),
            ("$started", job.Started?.ToUnixTimeMilliseconds()),
            ("$ended", job.Ended?.ToUnixTimeMilliseconds()),
            ("$next", job.NextTry?.ToUnixTimeMilliseconds()),
            ("$pid", job.Pid),
            ("$exit", job.ExitCode),
            ("$signal", job.Signal),
            ("$step", job.Failure?.Step),
            ("$error", job.Failure?.Error),
            ("$subject", job.Failure?.Subject),
            ("$reason", job.Reason),
            ("$reach", (int)job.Reach),
            ("$asked", job.IsStopAsked),
            ("$seconds", job.StopSeconds),
            ("$timed", job.IsTimedOut),
            ("$size", outputSize),
            ("$over", job.IsOver)).ExecuteNonQuery();
    }

    /// <summary>Removes the record of a job.</summary>
    public void Delete(string id)
    {
        Command(
            """
            DELETE FROM tags WHERE seq = (SELECT seq FROM jobs WHERE id = $id)
                AND (key, value) IN (SELECT j.key, j.value FROM jobs, json_each(jobs.tags) AS j WHERE jobs.id = $id);
            DELETE FROM jobs WHERE id = $id;
            DELETE FROM specs WHERE id = $id;
            """,
            ("$id", id)).ExecuteNonQuery();
    }

    private void InsertSpec(string id, JobSpec spec)
    {
        Command(
            "INSERT INTO specs VALUES ($id, $arguments, $environment, $clears, $directory, $limits, $input)",
            ("$id", id),
            ("$arguments", spec.Arguments),
            ("$environment", spec.Environment),
            ("$clears", spec.ClearsEnvironment),
            ("$directory", spec.Directory),
            ("$limits", spec.Limits),
            ("$input", spec.HasInput)).ExecuteNonQuery();
    }

    private static long? Milliseconds(TimeSpan? time) => time is { } given ? (long)given.TotalMilliseconds : null;
}
