using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Settings;

namespace Daemonproxy.Services;

/// <summary>
/// The object of a failed step for which the child has no text: the word of <c>service.process</c>, or the user. It is
/// that of the setting as it is now, which a controller may have changed since the start.
/// </summary>
internal static class FailedSetting
{
    /// <summary>
    /// Copies it into some room, as far as there is some: the texts of services move when one is set.
    /// </summary>
    public static ReadOnlySpan<byte> Copy(
        in ServiceSettings settings, LaunchStep step, Errno reason, Span<byte> room)
    {
        ReadOnlySpan<byte> word = Find(settings, step, reason);
        word = word[..Math.Min(word.Length, room.Length)];
        word.CopyTo(room);
        return room[..word.Length];
    }

    private static ReadOnlySpan<byte> Find(in ServiceSettings settings, LaunchStep step, Errno reason) => step switch
    {
        LaunchStep.Session => First(settings.Process, "tty="u8, "session"u8, "group"u8),

        // EINVAL: none of the processors is there. Whether a policy is allowed is a matter of rights.
        LaunchStep.Sched => reason == Errno.EINVAL
            ? First(settings.Process, "cpus="u8, "sched="u8, default)
            : First(settings.Process, "sched="u8, "cpus="u8, default),
        LaunchStep.Nice => First(settings.Process, "nice="u8, default, default),
        LaunchStep.Ionice => First(settings.Process, "ionice="u8, default, default),
        LaunchStep.Caps => First(settings.Process, "caps="u8, default, default),
        LaunchStep.NoNewPrivs => First(settings.Process, "no-new-privs"u8, default, default),
        LaunchStep.Pdeath => First(settings.Process, "pdeath="u8, default, default),
        LaunchStep.Groups => settings.User[..End(settings.User)],
        _ => default,
    };

    // The word with the first of these beginnings that one has.
    private static ReadOnlySpan<byte> First(
        ReadOnlySpan<byte> words, ReadOnlySpan<byte> one, ReadOnlySpan<byte> two, ReadOnlySpan<byte> three)
    {
        ReadOnlySpan<byte> found = Last(words, one);
        found = found.IsEmpty ? Last(words, two) : found;
        return found.IsEmpty ? Last(words, three) : found;
    }

    // Of words that come twice the last one counts.
    private static ReadOnlySpan<byte> Last(ReadOnlySpan<byte> words, ReadOnlySpan<byte> beginning)
    {
        ReadOnlySpan<byte> last = default;
        foreach (ReadOnlySpan<byte> word in new FieldList(words))
        {
            last = !beginning.IsEmpty && word.StartsWith(beginning) ? word : last;
        }

        return last;
    }

    private static int End(ReadOnlySpan<byte> fields)
    {
        int tab = fields.IndexOf((byte)'\t');
        return tab < 0 ? fields.Length : tab;
    }
}
