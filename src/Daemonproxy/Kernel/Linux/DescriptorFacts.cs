using System;
using Daemonproxy.Protocol;
using Tmds.Linux;

namespace Daemonproxy.Kernel.Linux;

/// <summary>The table of the daemon's descriptors that a program gets with its check.</summary>
internal sealed unsafe class DescriptorFacts
{
    private readonly byte* _first;
    private readonly int _count;
    private readonly int _recordBytes;
    private readonly int _end;

    private DescriptorFacts(byte* first, int count, int recordBytes, int end)
    {
        _first = first;
        _count = count;
        _recordBytes = recordBytes;
        _end = end;
    }

    /// <summary>The table that a file holds; null when it holds none, or no whole one.</summary>
    public static DescriptorFacts? TryRead(FdNumber file)
    {
        stat status;
        long bytes = NativeMethods.fstat(file.Value, &status) < 0 ? 0 : status.st_size;
        byte* table = bytes < sizeof(DescriptorTableHead) ? null : MappedMemory.Copy(file.Value, bytes);
        DescriptorTableHead* head = (DescriptorTableHead*)table;
        if (table == null || head->Magic != DescriptorTableHead.ExpectedMagic
            || head->RecordBytes < sizeof(int) || head->RecordBytes > bytes)
        {
            return null;
        }

        byte* first = table + sizeof(DescriptorTableHead);
        long most = (bytes - sizeof(DescriptorTableHead)) / head->RecordBytes;
        for (int count = 0; count < most; count++)
        {
            if (*(int*)(first + ((long)count * head->RecordBytes)) == DescriptorFact.EndOfTable)
            {
                return new DescriptorFacts(first, count, head->RecordBytes, head->End);
            }
        }

        return null;
    }

    /// <summary>
    /// What a descriptor is: EBADF for one that is not open, ENODATA for one of which the table knows nothing.
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
            byte* record = _first + ((long)middle * _recordBytes);
            int number = *(int*)record;
            if (number == fd.Value)
            {
                DescriptorFact fact = default;
                int bytes = Math.Min(_recordBytes, sizeof(DescriptorFact));
                Buffer.MemoryCopy(record, &fact, sizeof(DescriptorFact), bytes);
                identity = fact.Identity;
                return Errno.None;
            }

            low = number < fd.Value ? middle + 1 : low;
            high = number < fd.Value ? high : middle - 1;
        }

        return Errno.EBADF;
    }
}
