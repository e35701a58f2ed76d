using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Settings;

/// <summary>
/// The fields of <c>service.cgroup</c>: a path, below the daemon's own group unless it begins with a slash, and words
/// <c>FILE=VALUE</c>, which are written into the group of each run.
/// </summary>
internal readonly ref struct CgroupFields(ReadOnlySpan<byte> fields)
{
    private readonly FieldList _fields = new(fields);

    /// <summary>
    /// True if the path and the words can be such; otherwise <paramref name="wrong"/> is the first that cannot.
    /// </summary>
    public bool AreValid(out ReadOnlySpan<byte> wrong)
    {
        bool isPath = true;
        foreach (ReadOnlySpan<byte> field in _fields)
        {
            wrong = field;
            if (!(isPath ? IsPath(field) : IsWord(field)))
            {
                return false;
            }

            isPath = false;
        }

        wrong = default;
        return true;
    }

    public bool AreValid() => AreValid(out _);

    /// <summary>
    /// The name of the group of a run: that of the service, a dot, and a number. Whether a path ends in such a name.
    /// </summary>
    public static bool IsGroupOf(ReadOnlySpan<byte> path, Name service)
    {
        ReadOnlySpan<byte> name = path[(path.LastIndexOf((byte)'/') + 1)..];
        ReadOnlySpan<byte> number = name.StartsWith(service.Bytes) ? name[service.Bytes.Length..] : default;
        return path.StartsWith("/"u8) && number.Length > 1 && number[0] == (byte)'.'
            && !number[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    // No part is empty, "." or "..". The root of the file system is a path, too.
    private static bool IsPath(ReadOnlySpan<byte> path)
    {
        bool isValid = true;
        ReadOnlySpan<byte> parts = path[0] == (byte)'/' ? path[1..] : path;
        foreach (Range range in parts.Split((byte)'/'))
        {
            ReadOnlySpan<byte> part = parts[range];
            isValid &= !part.IsEmpty && !part.SequenceEqual("."u8) && !part.SequenceEqual(".."u8);
        }

        return isValid || parts.IsEmpty;
    }

    // A file of the group, but none that moves or ends processes, or makes the group another kind.
    private static bool IsWord(ReadOnlySpan<byte> word)
    {
        int equal = word.IndexOf((byte)'=');
        ReadOnlySpan<byte> file = equal < 0 ? default : word[..equal];
        return file.Contains((byte)'.') && file[0] != (byte)'.' && !file.Contains((byte)'/')
            && !file.SequenceEqual("cgroup.procs"u8) && !file.SequenceEqual("cgroup.threads"u8)
            && !file.SequenceEqual("cgroup.kill"u8) && !file.SequenceEqual("cgroup.type"u8)
            && !file.SequenceEqual("cgroup.subtree_control"u8);
    }
}
