using System;
using System.Collections.Generic;
using System.Globalization;

namespace Daemonproxy.Manager.Tags;

/// <summary>The kinds of requests to the manager.</summary>
public enum WishKind
{
    /// <summary>
    /// Run the service, and the services that it needs. It is started at once, also after the manager gave up.
    /// </summary>
    Up,

    /// <summary>Stop the service, and the services that need it.</summary>
    Down,

    /// <summary>Stop and start the service, and the services that need it.</summary>
    Restart,

    /// <summary>Read the file again; at <see cref="ManagerMark.Service"/> only.</summary>
    Reload,

    /// <summary>Stop all services, and end the daemon; at <see cref="ManagerMark.Service"/> only.</summary>
    Shutdown,
}

/// <summary>
/// A request: the tag <c>want=</c> of a service, <c>WORD NUMBER</c>. The manager carries it out, and then writes its
/// number into its own tag: <see cref="ManagerTag.Done"/> of a service, <see cref="ManagerMark.Done"/> of the manager.
/// The request stays in force after that.
/// </summary>
/// <param name="Kind">The kind.</param>
/// <param name="Number">
/// Distinguishes it from the previous one: above zero, such as the milliseconds of a clock.
/// </param>
public sealed record Wish(WishKind Kind, long Number)
{
    /// <summary>The key of the tag.</summary>
    public const string Key = "want";

    /// <summary>The request at a service; null if there is no valid one.</summary>
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
