using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using Daemonproxy.Jobs.Planning;
using Microsoft.Data.Sqlite;

namespace Daemonproxy.Jobs.Records;

/// <summary>The queries.</summary>
internal sealed partial class JobStore
{
    private const string Columns = """
        seq, id, name, queue, status, program, tags, created, time_limit, retries, first_delay, most_delay, attempt,
        epoch, started, ended, next_try, pid, exit_code, signal, step, error, subject, reason, reach, is_stop_asked,
        stop_seconds, is_timed_out, kept_until, output_size, keep
        """;

    /// <summary>The jobs that are not over, in the order in which they were accepted.</summary>
    public List<Job> LoadUnfinished(Moment now)
    {
        List<Job> jobs = [];
        using SqliteConnection connection = OpenReader();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM jobs WHERE status < {(int)JobStatus.Succeeded} ORDER BY seq";
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            jobs.Add(JobOf(new JobRow(reader), now));
        }

        return jobs;
    }

    /// <summary>The identifiers of all jobs.</summary>
    public HashSet<string> LoadIds()
    {
        HashSet<string> ids = new(StringComparer.Ordinal);
        using SqliteConnection connection = OpenReader();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM jobs";
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }

    /// <summary>True if a job has a name. For the thread that writes.</summary>
    public bool HasName(string name) => Has("SELECT 1 FROM jobs WHERE name = $key", name);

    /// <summary>True if there is a job of an identifier. For the thread that writes.</summary>
    public bool HasId(string id) => Has("SELECT 1 FROM jobs WHERE id = $key", id);

    /// <summary>A job by its name, or by its identifier; null if there is none.</summary>
    public JobInfo? Find(string? name, string? id, Func<string, string, string> outputPath) =>
        Read(connection =>
        {
            using SqliteCommand command = Fill(
                connection.CreateCommand(),
                name is null
                    ? $"SELECT {Columns} FROM jobs WHERE id = $key"
                    : $"SELECT {Columns} FROM jobs WHERE name = $key",
                [("$key", name ?? id)]);
            using SqliteDataReader reader = command.ExecuteReader();
            return reader.Read() ? InfoOf(new JobRow(reader), outputPath) : null;
        });

    /// <summary>The program of a job with its settings; null if there is no such job.</summary>
    public JobSpec? FindSpec(string id) => Read(connection =>
    {
        using SqliteCommand command = Fill(
            connection.CreateCommand(),
            """
            SELECT program, arguments, environment, clears, directory, limits, has_input
            FROM jobs JOIN specs USING (id) WHERE id = $id
            """,
            [("$id", id)]);
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read()
            ? new JobSpec(
                reader.GetString(0),
                reader.GetFieldValue<byte[]>(1),
                reader.GetFieldValue<byte[]>(2),
                reader.GetBoolean(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetString(5),
                reader.GetBoolean(6))
            : null;
    });

    /// <summary>The retries and the retention of a job.</summary>
    public (JobRetries Retries, TimeSpan KeepFor) FindTerms(string id) => Read(connection =>
    {
        using SqliteCommand command = Fill(
            connection.CreateCommand(),
            "SELECT retries, first_delay, most_delay, keep FROM jobs WHERE id = $id",
            [("$id", id)]);
        using SqliteDataReader reader = command.ExecuteReader();
        if (!reader.Read())
        {
            return (JobRetries.None, TimeSpan.Zero);
        }

        var row = new JobRow(reader);
        return (RetriesOf(row), row.Time("keep") ?? default);
    });

    /// <summary>A page of jobs, newest first.</summary>
    public JobPage List(JobFilter filter, Func<string, string, string> outputPath) => Read(connection =>
    {
        using SqliteCommand command = connection.CreateCommand();
        var text = new StringBuilder($"SELECT {Columns} FROM jobs WHERE seq < $before");
        command.Parameters.AddWithValue("$before", filter.Before ?? long.MaxValue);
        Narrow(filter, text, command);
        text.Append(" ORDER BY seq DESC LIMIT $most");
        command.Parameters.AddWithValue("$most", filter.Most + 1);
#pragma warning disable CA2100 // The text is built from constants; values are parameters.
        command.CommandText = text.ToString();
#pragma warning restore CA2100
        List<JobInfo> jobs = [];
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (jobs.Count == filter.Most)
            {
                return new JobPage(jobs, jobs[^1].Sequence);
            }

            jobs.Add(InfoOf(new JobRow(reader), outputPath));
        }

        return new JobPage(jobs, null);
    });

    /// <summary>The number of jobs of each status.</summary>
    public Dictionary<JobStatus, int> Count() => Read(static connection =>
    {
        Dictionary<JobStatus, int> counts = [];
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT status, count(*) FROM jobs GROUP BY status";
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            counts[(JobStatus)reader.GetInt32(0)] = reader.GetInt32(1);
        }

        return counts;
    });

    /// <summary>Jobs whose retention is over: identifier and name.</summary>
    public List<(string Id, string Name)> FindExpired(DateTimeOffset now, int most) => Read(connection =>
    {
        List<(string, string)> expired = [];
        using SqliteCommand command = Fill(
            connection.CreateCommand(),
            "SELECT id, name FROM jobs WHERE kept_until <= $now ORDER BY kept_until LIMIT $most",
            [("$now", now.ToUnixTimeMilliseconds()), ("$most", most)]);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            expired.Add((reader.GetString(0), reader.GetString(1)));
        }

        return expired;
    });

    /// <summary>The end of the next retention; null if there is none.</summary>
    public DateTimeOffset? NextExpiry() => Read(static connection =>
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT min(kept_until) FROM jobs WHERE kept_until IS NOT NULL";
        return command.ExecuteScalar() is long next
            ? DateTimeOffset.FromUnixTimeMilliseconds(next)
            : default(DateTimeOffset?);
    });

    private static void Narrow(JobFilter filter, StringBuilder text, SqliteCommand command)
    {
        if (filter.Statuses.Count > 0)
        {
            text.Append(" AND status IN (");
            text.AppendJoin(',', System.Linq.Enumerable.Select(filter.Statuses, static status => (int)status));
            text.Append(')');
        }

        if (filter.Queue is not null)
        {
            text.Append(" AND queue = $queue");
            command.Parameters.AddWithValue("$queue", filter.Queue);
        }

        int number = 0;
        foreach ((string key, string value) in filter.Tags)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $" AND seq IN (SELECT seq FROM tags WHERE key = $k{number} AND value = $v{number})");
            command.Parameters.AddWithValue($"$k{number}", key);
            command.Parameters.AddWithValue($"$v{number}", value);
            number++;
        }

        if (!string.IsNullOrEmpty(filter.Text))
        {
            text.Append(
                " AND (instr(lower(name), $text) OR instr(lower(program), $text) OR seq IN"
                + " (SELECT seq FROM tags WHERE instr(lower(value), $text)))");
            command.Parameters.AddWithValue("$text", filter.Text.ToLowerInvariant());
        }
    }

    private bool Has(string text, string key)
    {
        try
        {
            return Command(text, ("$key", key)).ExecuteScalar() is not null;
        }
        catch (SqliteException problem)
        {
            throw FaultOf(problem);
        }
    }

    private T Read<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            using SqliteConnection connection = OpenReader();
            return read(connection);
        }
        catch (SqliteException problem)
        {
            throw FaultOf(problem);
        }
    }

    private static Job JobOf(JobRow row, Moment now)
    {
        JobRetries retries = RetriesOf(row);
        var terms = new JobTerms(
            row.Required("id"), row.Required("name"), row.Long("seq")!.Value, row.Required("queue"))
        {
            Created = row.Instant("created")!.Value,
            TimeLimit = row.Time("time_limit"),
            Retries = retries,
            KeepFor = row.Time("keep") ?? default,
            Program = row.Required("program"),
            Tags = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Required("tags"))!,
        };
        DateTimeOffset? next = row.Instant("next_try");
        return new Job(terms)
        {
            Phase = (JobStatus)row.Int("status")!.Value switch
            {
                JobStatus.Queued => JobPhase.Queued,
                JobStatus.Starting => JobPhase.Starting,
                _ => JobPhase.Running,
            },
            Attempt = row.Int("attempt")!.Value,
            Epoch = row.Text("epoch"),
            Started = row.Instant("started"),
            Ended = row.Instant("ended"),
            NextTry = next,

            // The remaining delay is at most the planned one, even if the clock was set meanwhile.
            NotBefore = next is { } given
                ? Math.Min(
                    now.MillisecondsAt(given), now.Milliseconds + (long)retries.MostDelay.TotalMilliseconds)
                : 0,
            Pid = row.Int("pid"),
            ExitCode = row.Int("exit_code"),
            Signal = row.Text("signal"),
            Failure = FailureOf(row),
            Reason = row.Text("reason"),
            Reach = (JobReach)row.Int("reach")!.Value,
            IsStopAsked = row.Int("is_stop_asked") == 1,
            StopSeconds = row.Int("stop_seconds")!.Value,
            IsTimedOut = row.Int("is_timed_out") == 1,
        };
    }

    private static JobRetries RetriesOf(JobRow row) => new(row.Int("retries") ?? 0)
    {
        FirstDelay = row.Time("first_delay") ?? default,
        MostDelay = row.Time("most_delay") ?? default,
    };

    private static JobInfo InfoOf(JobRow row, Func<string, string, string> outputPath)
    {
        string path = outputPath(row.Required("name"), row.Required("id"));
        return new JobInfo
        {
            Name = row.Required("name"),
            Id = row.Required("id"),
            Sequence = row.Long("seq")!.Value,
            Status = (JobStatus)row.Int("status")!.Value,
            Program = row.Required("program"),
            Queue = row.Required("queue"),
            Tags = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Required("tags"))!,
            Attempt = row.Int("attempt")!.Value,
            MostAttempts = row.Int("retries")!.Value + 1,
            Created = row.Instant("created")!.Value,
            Started = row.Instant("started"),
            Ended = row.Instant("ended"),
            NextTry = row.Instant("next_try"),
            TimeLimit = row.Time("time_limit"),
            KeptUntil = row.Instant("kept_until"),
            Pid = row.Int("pid"),
            ExitCode = row.Int("exit_code"),
            Signal = row.Text("signal"),
            Failure = FailureOf(row),
            Reason = row.Text("reason"),
            Reach = (JobReach)row.Int("reach")!.Value,
            IsStopAsked = row.Int("is_stop_asked") == 1,
            OutputPath = path,
            OutputSize = row.Long("output_size") ?? SizeOf(path),
        };
    }

    private static JobFailure? FailureOf(JobRow row) =>
        row.Text("step") is { } step ? new JobFailure(step, row.Required("error"), row.Required("subject")) : null;

    private static long SizeOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }
}
