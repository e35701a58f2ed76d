using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Daemonproxy.Jobs.Records;

/// <summary>
/// The records of jobs on disk, SQLite with a write-ahead log. One thread writes; any thread reads, on its own
/// connection, and sees committed data. A transaction is on the disk when <see cref="Write"/> returns.
/// </summary>
internal sealed partial class JobStore : IDisposable
{
    private const int Layout = 1;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS jobs (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE, queue TEXT NOT NULL,
            status INTEGER NOT NULL, program TEXT NOT NULL, tags TEXT NOT NULL, created INTEGER NOT NULL,
            time_limit INTEGER, retries INTEGER NOT NULL, first_delay INTEGER NOT NULL, most_delay INTEGER NOT NULL,
            keep INTEGER NOT NULL, attempt INTEGER NOT NULL, epoch TEXT, started INTEGER, ended INTEGER,
            next_try INTEGER, pid INTEGER, exit_code INTEGER, signal TEXT, step TEXT, error TEXT, subject TEXT,
            reason TEXT, reach INTEGER NOT NULL, is_stop_asked INTEGER NOT NULL, stop_seconds INTEGER NOT NULL,
            is_timed_out INTEGER NOT NULL, kept_until INTEGER, output_size INTEGER);
        CREATE INDEX IF NOT EXISTS jobs_status ON jobs (status);
        CREATE INDEX IF NOT EXISTS jobs_kept ON jobs (kept_until) WHERE kept_until IS NOT NULL;
        CREATE TABLE IF NOT EXISTS specs (
            id TEXT PRIMARY KEY, arguments BLOB NOT NULL, environment BLOB NOT NULL, clears INTEGER NOT NULL,
            directory TEXT, limits TEXT NOT NULL, has_input INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS tags (
            key TEXT NOT NULL, value TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (key, value, seq)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS room (bytes BLOB NOT NULL);
        """;

    private readonly string _source;
    private readonly SqliteConnection _writer;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private readonly WriteAheadLog _log;
    private SqliteTransaction? _transaction;

    private JobStore(string source, SqliteConnection writer, WriteAheadLog log)
    {
        _source = source;
        _writer = writer;
        _log = log;
        DirectoryId = Fact("directory") ?? SetFact("directory", RandomNumberGenerator.GetHexString(16, true));
        LastSequence = Scalar("SELECT max(seq) FROM jobs") is long last ? last : 0;
        log.Sync();
    }

    /// <summary>The unique identifier of this directory.</summary>
    public string DirectoryId { get; }

    /// <summary>The highest sequence of a job.</summary>
    public long LastSequence { get; set; }

    /// <summary>Opens the records at a path, and creates them if they do not exist.</summary>
    /// <exception cref="JobsException">It does not work.</exception>
    public static JobStore Open(string path)
    {
        string source = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 10 }.ToString();
        var writer = new SqliteConnection(source);
        try
        {
            writer.Open();
            using (SqliteCommand setup = writer.CreateCommand())
            {
                setup.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA user_version;";
                using SqliteDataReader reader = setup.ExecuteReader();
                reader.NextResult();
                reader.Read();
                if (reader.GetInt64(0) is > Layout and long newer)
                {
                    throw new JobsException(
                        JobsFault.Storage, $"{path} was made by a newer version: its layout is {newer}.");
                }
            }

            using (SqliteCommand make = writer.CreateCommand())
            {
                make.CommandText = $"{Schema} PRAGMA user_version = {Layout};";
                make.ExecuteNonQuery();
            }

            return new JobStore(source, writer, WriteAheadLog.Open(writer, source, path));
        }
        catch (Exception problem)
        {
            SqliteConnection.ClearPool(writer);
            writer.Dispose();
            throw problem switch
            {
                SqliteException fault => FaultOf(fault),
                IOException fault => FaultOf(fault),
                _ => problem,
            };
        }
    }

    /// <summary>Converts a fault of SQLite.</summary>
    public static JobsException FaultOf(SqliteException problem)
    {
        // SQLITE_FULL; and, beneath a limit of the size of files, SQLITE_IOERR_WRITE.
        bool isFull = problem.SqliteErrorCode == 13 || problem.SqliteExtendedErrorCode == 778;
        return isFull
            ? new JobsException(JobsFault.DiskFull, "The disk of the records of jobs is full.", problem)
            : new JobsException(
                JobsFault.Storage, $"The records of jobs cannot be used: {problem.Message.TrimEnd('.')}.", problem);
    }

    /// <summary>Converts a fault of a file.</summary>
    public static JobsException FaultOf(IOException problem)
    {
        const int full = 28; // ENOSPC; 122 EDQUOT, 27 EFBIG
        return problem.HResult is full or 122 or 27
            ? new JobsException(JobsFault.DiskFull, "The disk of the outputs of jobs is full.", problem)
            : new JobsException(JobsFault.Storage, problem.Message, problem);
    }

    /// <summary>Performs all changes or none, and waits until they are on the disk.</summary>
    /// <exception cref="JobsException">
    /// The transaction failed: nothing is changed, or, after a disk fault, perhaps changed.
    /// </exception>
    public void Write(Action changes)
    {
        try
        {
            using (_transaction = _writer.BeginTransaction(deferred: false))
            {
                changes();
                _transaction.Commit();
            }

            _log.Sync();
        }
        catch (IOException problem)
        {
            throw FaultOf(problem);
        }
        catch (SqliteException problem)
        {
            throw FaultOf(problem);
        }
        finally
        {
            _transaction = null;
        }
    }

    public void Dispose()
    {
        // Pooled connections of readers keep the files open, too.
        foreach (SqliteCommand command in _commands.Values)
        {
            command.Dispose();
        }

        _log.Dispose();
        SqliteConnection.ClearPool(_writer);
        _writer.Dispose();
    }

    private string? Fact(string key)
    {
        return (string?)Command("SELECT value FROM facts WHERE key = $key", ("$key", key)).ExecuteScalar();
    }

    private string SetFact(string key, string value)
    {
        Command("INSERT OR REPLACE INTO facts VALUES ($key, $value)", ("$key", key), ("$value", value))
            .ExecuteNonQuery();
        return value;
    }

    private object? Scalar(string text) => Command(text).ExecuteScalar();

    // One command for each text, prepared once; a text always has the same parameters.
    private SqliteCommand Command(string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_commands.TryGetValue(text, out SqliteCommand? command))
        {
            command = Fill(_writer.CreateCommand(), text, parameters);
            _commands.Add(text, command);
        }
        else
        {
            for (int index = 0; index < parameters.Length; index++)
            {
                command.Parameters[index].Value = parameters[index].Value ?? DBNull.Value;
            }
        }

        command.Transaction = _transaction;
        return command;
    }

    private static SqliteCommand Fill(
        SqliteCommand command, string text, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
#pragma warning disable CA2100 // All texts are constants of this class; values are parameters.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach ((string name, object? value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    // For one query, on any thread. Connections are pooled.
    private SqliteConnection OpenReader()
    {
        var reader = new SqliteConnection(_source);
        reader.Open();
        return reader;
    }
}
