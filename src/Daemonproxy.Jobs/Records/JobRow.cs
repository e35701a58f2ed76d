using System;
using Microsoft.Data.Sqlite;

namespace Daemonproxy.Jobs.Records;

/// <summary>One row of the table of jobs.</summary>
internal readonly struct JobRow(SqliteDataReader reader)
{
    public string Required(string column) => reader.GetString(reader.GetOrdinal(column));

    public string? Text(string column) => Is(column, out int ordinal) ? reader.GetString(ordinal) : null;

    public int? Int(string column) => Is(column, out int ordinal) ? reader.GetInt32(ordinal) : null;

    public long? Long(string column) => Is(column, out int ordinal) ? reader.GetInt64(ordinal) : null;

    /// <summary>Reads a duration in milliseconds.</summary>
    public TimeSpan? Time(string column) =>
        Long(column) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    /// <summary>Reads a time of day in milliseconds since 1970.</summary>
    public DateTimeOffset? Instant(string column) =>
        Long(column) is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    private bool Is(string column, out int ordinal)
    {
        ordinal = reader.GetOrdinal(column);
        return !reader.IsDBNull(ordinal);
    }
}
