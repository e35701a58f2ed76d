using System.Runtime.CompilerServices;
using System.Threading;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>
/// The only way to change a record of the image: as long as this lives, the image's header says that the record is
/// being changed, so that the next process image treats it as the suspect after a crash here. One at a time. Always in
/// a <c>using</c>.
/// </summary>
internal readonly ref struct RecordWriter<T>
    where T : unmanaged
{
    private readonly ref long _note;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RecordWriter(ref T record, ref long note, RegionId region, int index)
    {
        Assertion.Require(note == 0);
        Volatile.Write(ref note, ((long)region << 32) | (uint)(index + 1));
        _note = ref note;
        Record = ref record;
    }

    public readonly ref T Record;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose() => Volatile.Write(ref _note, 0);
}
