using System.Numerics;

namespace Daemonproxy.State;

/// <summary>
/// The sizes that text blocks come in: four to each power of two, so that a block given back fits the next text of
/// about its size and at most a fifth is wasted.
/// </summary>
internal static class SizeClass
{
    /// <summary>The smallest block, in bytes.</summary>
    public const int Smallest = 64;

    /// <summary>The largest block, in bytes.</summary>
    public const int Largest = 1 << 18;

    /// <summary>The number of classes: up to 2^18 bytes.</summary>
    public const int Count = 49;

    /// <summary>The class of the smallest block that has room for so many bytes.</summary>
    public static int For(int bytes)
    {
        if (bytes <= Smallest)
        {
            return 0;
        }

        int power = BitOperations.Log2((uint)(bytes - 1));
        int quarter = ((bytes - 1) >> (power - 2)) & 3;
        return ((power - 6) * 4) + quarter + 1;
    }

    /// <summary>The size of the blocks of a class, in bytes.</summary>
    public static int Bytes(int sizeClass)
    {
        if (sizeClass == 0)
        {
            return Smallest;
        }

        int power = 6 + ((sizeClass - 1) / 4);
        int quarters = ((sizeClass - 1) % 4) + 5;
        return quarters << (power - 2);
    }
}
