namespace Daemonproxy.Protocol;

/// <summary>A file descriptor of this process; below 0 is "none".</summary>
internal readonly record struct FdNumber(int Value)
{
    public static FdNumber None => new(-1);

    /// <summary>The result of a system call; a negative errno is none.</summary>
    public static FdNumber Of(int result) => new(result);

    public bool IsNone => Value < 0;
}
