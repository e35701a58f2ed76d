using System;
using System.Runtime.CompilerServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Collections;

/// <summary>
/// An array outside the image and outside the heap, for data that are computed from the image: made once before the
/// seal and zeroed; a page uses memory only when touched.
/// </summary>
internal readonly unsafe struct FixedArray<T>
    where T : unmanaged
{
    private readonly T* _elements;

    public FixedArray(SystemCalls kernel, int length)
    {
        _elements = (T*)kernel.Allocate((long)length * sizeof(T));
        Length = length;
    }

    public int Length { get; }

    public Span<T> Span => new(_elements, Length);

    /// <summary>The memory itself, for what a cloned child reads.</summary>
    public T* Pointer => _elements;

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            Assertion.Require((uint)index < (uint)Length);
            return ref _elements[index];
        }
    }
}
