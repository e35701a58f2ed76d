using System;
using System.Collections.Generic;
using System.Globalization;

namespace Daemonproxy.Manager.Tags;

/// <summary>What somebody asks the manager for.</summary>
public enum WishKind
{
    /// <summary>
    /// The service shall run, and what it needs. It is started at once, also after the manager gave up.
    /// </summary>
    Up,

    /// <summary>The service shall not run, nor what needs it.</summary>
    Down,

    /// <summary>The service shall be stopped and started, and what needs it.</summary>
    Restart,

    /// <summary>The manager shall read its file again; at <see cref="ManagerMark.Service"/> only.</summary>
    Reload,

    /// <summary>All services shall be stopped, and the daemon end; at <see cref="ManagerMark.Service"/> only.</summary>
    Shutdown,
}

/// <summary>
/// A wish: the tag <c>want=</c> of a service, <c>WORD NUMBER</c>. The manager carries it out, and then has its
/// number in its own tag: <see cref="ManagerTag.Done"/> of a service, <see cref="ManagerMark.Done"/> of the manager.
/// The wish stays in force after that.
/// </summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Number">Tells it from the one before: above zero, such as the milliseconds of a clock.</param>
public sealed record Wish(WishKind Kind, long Number)
{
    /// <summary>The key of the tag.</summary>
    public const string Key = "want";

    /// <summary>The wish at a service; null if there is none that can be read.</summary>
    /// <param name="tags">The tags of the service.</param>
    public static Wish? Find(IEnumerable<string> tags)
    {
        if (TagWords.Find(tags, Key)?.Split(' ') is not [string word, .. string[] rest])
        {
            return null;
        }

        WishKind? kind = word switch
        {
            "up" => WishKind.Up,
            "down" => WishKind.Down,
            "restart" => WishKind.Restart,
            "reload" => WishKind.Reload,
            "shutdown" => WishKind.Shutdown,
            _ => null,
        };
        return kind is { } known ? new Wish(known, rest is [string number] ? TagWords.Number(number) : 0) : null;
    }

    /// <summary>The value of the tag.</summary>
    public override string ToString()
    {
        string word = Kind switch
        {
            WishKind.Up => "up",
            WishKind.Down => "down",
            WishKind.Restart => "restart",
            WishKind.Reload => "reload",
            WishKind.Shutdown => "shutdown",
            _ => throw new InvalidOperationException($"There is no wish {Kind}."),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{word} {Number}");
    }
}
