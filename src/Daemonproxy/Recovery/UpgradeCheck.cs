using System;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Protocol;
using Daemonproxy.Startup;
using Daemonproxy.State;
using Daemonproxy.Upgrade;

namespace Daemonproxy.Recovery;

/// <summary>
/// Asked by a running daemon whether this program could take its place: goes on from a copy of its image, as far as
/// that can be done without doing anything, and says so, or why not.
/// </summary>
internal sealed class UpgradeCheck(SystemCalls kernel, LaunchEnvironment environment)
{
    // The daemon goes on meanwhile: a copy that was made in the middle of a change may not make sense.
    private const int Attempts = 3;
    private const int LongestAnswer = 256;

    /// <summary>The answer: one line.</summary>
    public byte[] Run(FdNumber fd)
    {
        EventLine line = new(new byte[LongestAnswer]);
        bool isObstacle = true;
        for (int attempt = 0; isObstacle && attempt < Attempts; attempt++)
        {
            line.CutTo(0);
            line.Text(UpgradeHandshake.Cannot);
            isObstacle = TellObstacle(fd, ref line);
        }

        if (!isObstacle)
        {
            return UpgradeHandshake.Can.ToArray();
        }

        line.Byte((byte)'\n');
        return line.Written.ToArray();
    }

    // False: there is none.
    private bool TellObstacle(FdNumber fd, ref EventLine line)
    {
        StateImage? image = null;
        string? reason = fd.IsNone
            ? "there is no image"
            : StateImage.TryOpen(
                kernel, fd, DaemonImageLayout.Create(TableCapacities.Default), isCopy: true, out image);
        if (image is null)
        {
            foreach (char c in reason!)
            {
                line.Byte((byte)c);
            }

            return true;
        }

        Daemon daemon = new(kernel, image, environment, default);
        Quarantine quarantine = new Resumption(kernel, image, daemon).Rehearse();
        if (quarantine.Count > 0)
        {
            TellFirst(quarantine.Notes[0], ref line);
        }

        return quarantine.Count > 0;
    }

    private static void TellFirst(in QuarantineNote note, ref EventLine line)
    {
        line.Text("it would drop "u8);
        line.Text(note.Kind.Text());
        line.Byte((byte)' ');
        line.Integer(note.Index);
        if (!note.Name.IsEmpty)
        {
            line.Text(" '"u8);
            line.Name(note.Name.Value);
            line.Byte((byte)'\'');
        }

        line.Text(": "u8);
        line.Text(note.Corruption.Text());
    }
}
