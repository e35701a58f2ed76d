using System.Runtime.CompilerServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>
/// A fixed array of records in the image. Reading is free; changing goes through <see cref="Change"/>. A record may be
/// touched once <see cref="TryReserve"/> has said that its pages are there: memory that runs out is an error then, not
/// a SIGBUS later.
/// </summary>
internal sealed unsafe class Region<T>
    where T : unmanaged
{
    // The bytes that are reserved at once, after a first page: few calls, little waste.
    private const int ReserveBytes = 16384;

    private readonly StateImage _image;
    private readonly RegionId _id;
    private readonly RegionEntry _entry;
    private readonly T* _records;
    private readonly long* _changing;
    private readonly int _count;
    private long _reservedBytes;

    public Region(StateImage image, RegionId id)
    {
        _image = image;
        _id = id;
        _entry = image.Entry(id);
        Assertion.Require(_entry.ElementBytes == sizeof(T));
        _records = (T*)image.At(_entry.Offset);
        _changing = image.ChangingNote;
        _count = _entry.Count;
    }

    /// <summary>The number of records, used or not.</summary>
    public int Count => _count;

    public ref readonly T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            Assertion.Require((uint)index < (uint)_count);
            return ref _records[index];
        }
    }

    /// <summary>Returns the writer of one record.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RecordWriter<T> Change(int index)
    {
        Assertion.Require((uint)index < (uint)_count);
        return new RecordWriter<T>(ref _records[index], ref *_changing, _id, index);
    }

    /// <summary>Returns one record for an object that owns it.</summary>
    public RecordRef<T> Slot(int index)
    {
        Assertion.Require((uint)index < (uint)_count);
        return new RecordRef<T>(_records + index, _changing, _id, index);
    }

    /// <summary>True if the records up to and with this one may be touched; false when there is no memory.</summary>
    public bool TryReserve(int index)
    {
        long needed = (long)(index + 1) * sizeof(T);
        if (needed <= _reservedBytes)
        {
            return true;
        }

        long most = (long)_entry.Count * sizeof(T);
        long atOnce = needed <= ImageLayout.PageBytes ? ImageLayout.PageBytes : ReserveBytes;
        long goal = System.Math.Min(most, (needed + atOnce - 1) / atOnce * atOnce);
        if (_image.Reserve(_entry.Offset + _reservedBytes, goal - _reservedBytes) != Errno.None)
        {
            return false;
        }

        _reservedBytes = goal;
        return true;
    }

    /// <summary>After a resume: no record at or above this was ever written.</summary>
    public int CountWritten()
    {
        long end = _image.EndOfData(_entry.Offset, (long)_entry.Count * sizeof(T));
        return (int)System.Math.Min(_entry.Count, (end - _entry.Offset + sizeof(T) - 1) / sizeof(T));
    }

    /// <summary>The record that was being changed when the daemon crashed; -1 when it is none of these.</summary>
    public int Suspect => _image.SuspectOf(_id);

    /// <summary>See <see cref="StateImage.Pass"/>.</summary>
    public void Pass(CrashPoint point) => _image.Pass(point);

    /// <summary>The bytes of the first record, for indexes that read names in place.</summary>
    public byte* First => (byte*)_records;
}
