using System.Runtime.InteropServices;

namespace Daemonproxy.Kernel;

/// <summary>
/// The beginning of the table of descriptors that a program gets with <c>--check</c> on its standard input. Facts
/// follow, in rising order of their numbers, and one with the number <see cref="DescriptorFact.EndOfTable"/>. Fields
/// are only ever appended: the next release reads what this one writes.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DescriptorSnapshotHeader
{
    /// <summary>Says that this is such a table, and in which byte order.</summary>
    public const ulong ExpectedMagic = 0x0A31_7364_6678_7044;

    public ulong Magic;

    /// <summary>The size of each fact.</summary>
    public int RecordBytes;

    /// <summary>Of descriptors from this number on nothing is known.</summary>
    public int End;
}

/// <summary>The results of fcntl(2) and fstat(2) for an open descriptor of the daemon.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DescriptorFact
{
    /// <summary>The number of the fact behind the last one.</summary>
    public const int EndOfTable = -1;

    public int Number;
    public FdIdentity Identity;
}
