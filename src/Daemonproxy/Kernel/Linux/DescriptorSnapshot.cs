using System;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>The table of the daemon's descriptors that a program gets with its check.</summary>
internal sealed unsafe class DescriptorSnapshot
{
    // A table of all the descriptors that there can be, with facts that are longer than ours.
    private const int MostBytes = 16 << 20;
    private readonly byte* _first;
    private readonly int _count;
    private readonly int _recordBytes;
    private readonly int _end;

    private DescriptorSnapshot(DescriptorSnapshotHeader* head, int bytes, bool isWithCopy)
    {
        _first = (byte*)(head + 1);
        _recordBytes = head->RecordBytes;
        _end = head->End;
        IsWithCopy = isWithCopy;
        int most = (bytes - sizeof(DescriptorSnapshotHeader)) / _recordBytes;
        while (_count < most && NumberAt(_count) != DescriptorFact.EndOfTable)
        {
            _count++;
        }

        if (_count == most)
        {
            // There was no room for more.
            _end = _count > 0 ? NumberAt(_count - 1) + 1 : 0;
        }
    }

    /// <summary>True if the image beside the table is a copy of the daemon's, which no other process changes.</summary>
    public bool IsWithCopy { get; }

    /// <summary>The table that a file or a pipe holds; null when it holds none.</summary>
    public static DescriptorSnapshot? TryRead(FdNumber file)
    {
        // A file is read from its beginning, whatever was written last; a pipe has no place.
        long length = lseek(file.Value, 0, NativeMethods.SEEK_END);
        bool isFile = lseek(file.Value, 0, NativeMethods.SEEK_SET) == 0;
        int most = isFile ? (int)Math.Min(length, MostBytes) : CheckFiles.PipeBytes;
        byte* table = MappedMemory.Reserve(most);
        int bytes = 0;
        nint more = table == null ? 0 : 1;
        while (more > 0)
        {
            more = NativeMethods.read(file.Value, table + bytes, most - bytes);
            bytes += (int)Math.Max(more, 0);
        }

        DescriptorSnapshotHeader* head = (DescriptorSnapshotHeader*)table;
        bool isTable = bytes >= sizeof(DescriptorSnapshotHeader)
            && head->Magic == DescriptorSnapshotHeader.ExpectedMagic
            && head->RecordBytes >= sizeof(int) && head->RecordBytes < most;
        return isTable ? new DescriptorSnapshot(head, bytes, isFile) : null;
    }

    /// <summary>
    /// The identity of a descriptor: EBADF if it is not open, ENODATA if the table does not have it.
    /// </summary>
    public Errno Find(FdNumber fd, out FdIdentity identity)
    {
        identity = default;
        if (fd.Value >= _end)
        {
            return Errno.ENODATA;
        }

        int low = 0;
        int high = _count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int number = NumberAt(middle);
            if (number == fd.Value)
            {
                DescriptorFact fact = default;
                int bytes = Math.Min(_recordBytes, sizeof(DescriptorFact));
                Buffer.MemoryCopy(RecordAt(middle), &fact, sizeof(DescriptorFact), bytes);
                identity = fact.Identity;
                return Errno.None;
            }

            low = number < fd.Value ? middle + 1 : low;
            high = number < fd.Value ? high : middle - 1;
        }

        return Errno.EBADF;
    }

    private byte* RecordAt(int place) => _first + ((long)place * _recordBytes);

    private int NumberAt(int place) => *(int*)RecordAt(place);
}
