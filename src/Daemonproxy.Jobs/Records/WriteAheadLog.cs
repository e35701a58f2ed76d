using System;
using System.IO;
using System.Threading;
using Daemonproxy.Jobs.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Jobs.Records;

/// <summary>
/// The write-ahead log of the records: this class syncs it, and writes it back into the database in parallel with the
/// writing thread. SQLite would sync it by fsync(2), which waits for the journal of the file system whenever the
/// modification time has changed; fdatasync(2) on a file of constant size waits only for the disk.
/// </summary>
/// <remarks>
/// With synchronous=NORMAL SQLite syncs the log before it is written back, and the header when it begins anew. To make
/// a transaction durable, only the log has to be synced after it.
/// </remarks>
internal sealed class WriteAheadLog : IDisposable
{
    // The largest size of the log before it is written back.
    private const int FilledBytes = 4 * 1024 * 1024;

    // The further room that the disk must have.
    private const long RoomToFill = 32L * FilledBytes;

    // Reading the length of the log is a call of SQLite.
    private const int TransactionsBetweenLooks = 16;
    private const int PagesToWriteBack = 512;
    private const int PagesAtOnce = 64;

    private readonly SqliteConnection _writer;
    private readonly string _source;
    private readonly SafeFileHandle _file;
    private int _transactions;
    private long _writtenBack;
    private int _isWritingBack;

    // 1: the writing thread has to write back the rest.
    private int _isNearlyDone;

    private WriteAheadLog(SqliteConnection writer, string source, SafeFileHandle file)
    {
        _writer = writer;
        _source = source;
        _file = file;
    }

    /// <summary>Takes over the log of open records that have been written to.</summary>
    /// <exception cref="SqliteException">It does not work.</exception>
    /// <exception cref="IOException">The same.</exception>
    public static WriteAheadLog Open(SqliteConnection writer, string source, string path)
    {
        Execute(writer, "PRAGMA wal_autocheckpoint = 0");
        if (new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace >= RoomToFill)
        {
            Fill(writer);
        }

        return new WriteAheadLog(writer, source, KernelFiles.OpenOwn($"{path}-wal"));
    }

    /// <summary>Waits until all transactions are on the disk. For the thread that writes.</summary>
    /// <exception cref="IOException">The transactions may not be on the disk.</exception>
    public void Sync()
    {
        KernelFiles.SyncData(_file);
        if (Interlocked.Exchange(ref _isNearlyDone, 0) == 1)
        {
            FinishWritingBack();
        }
        else if (++_transactions % TransactionsBetweenLooks == 0 && Look() >= PagesToWriteBack
            && Interlocked.Exchange(ref _isWritingBack, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static log => log.WriteBack(), this, preferLocal: false);
        }
    }

    public void Dispose() => _file.Dispose();

    // SQLite writes a log from its beginning again when all of it was written back. A growing file needs new disk
    // blocks, which costs more than the writing. So the log gets its size at once. Correctness does not depend on it.
    private static void Fill(SqliteConnection writer)
    {
        try
        {
            Execute(writer, $"INSERT INTO room VALUES (zeroblob({FilledBytes}))");
            Execute(writer, "DELETE FROM room");
            Execute(writer, "PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (SqliteException)
        {
            // Records are slower without it.
        }
    }

    // On any thread. The writing thread continues meanwhile, so that more has to be written back at the end.
    private void WriteBack()
    {
        try
        {
            using var connection = new SqliteConnection(_source);
            connection.Open();
            Execute(connection, "PRAGMA wal_checkpoint(PASSIVE)");
            Volatile.Write(ref _isNearlyDone, 1);
        }
        catch (SqliteException)
        {
            // The next call tries it again; the transactions are safe in the log.
            Volatile.Write(ref _isWritingBack, 0);
        }
    }

    // Few pages are left: after them the log begins anew with the next transaction.
    private void FinishWritingBack()
    {
        try
        {
            if (Look() - _writtenBack <= PagesAtOnce)
            {
                Execute(_writer, "PRAGMA wal_checkpoint(PASSIVE)");
            }
        }
        catch (SqliteException)
        {
            // As above.
        }

        Volatile.Write(ref _isWritingBack, 0);
    }

    // The number of pages of the log.
    private long Look()
    {
        using SqliteCommand command = _writer.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(NOOP)";
        using SqliteDataReader reader = command.ExecuteReader();
        reader.Read();
        _writtenBack = reader.GetInt64(2);
        return reader.GetInt64(1);
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this class.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
