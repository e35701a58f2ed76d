using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Startup;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>Opens the image that a process before this one left.</summary>
internal static class ImageOpener
{
    /// <summary>The image; null, and a line of the log, when it cannot be resumed.</summary>
    public static StateImage? Open(SystemCalls kernel, FdNumber fd)
    {
        StateImage? image = null;
        string? reason = fd.IsNone
            ? "there is none"
            : ImageMigration.TryOpen(
                kernel, fd, DaemonImageLayout.Create(TableCapacities.Default), isCopy: false, out image);
        if (reason is null && image!.Header.Crash.Owner != kernel.OwnPid().Value)
        {
            reason = "it belongs to another process";
        }

        if (reason is not null)
        {
            LogRefusal(kernel, reason);
            return null;
        }

        return image;
    }

    private static void LogRefusal(SystemCalls kernel, string reason)
    {
        LineWriter text = new(new byte[256]);
        text.Text("cannot resume the image: "u8);
        foreach (char c in reason)
        {
            text.Byte((byte)c);
        }

        new StartupLog(kernel, new StartOptions(isInit: false)).Fatal(text.Written, continues: false);
    }
}
