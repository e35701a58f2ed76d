using System;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Protocol;
using Daemonproxy.Recovery;
using Daemonproxy.Startup;
using Daemonproxy.State;

namespace Daemonproxy.Upgrade.Checking;

/// <summary>
/// The check by a new program, requested by the running daemon: whether it could resume from the image. It checks a
/// copy, changes nothing outside it, and answers yes, or no with a reason.
/// </summary>
internal sealed class UpgradeCheck(SystemCalls kernel, SharedLaunchData context)
{
    // A daemon of release 0.1 passes the image itself and runs meanwhile: a copy in the middle of a change may be
    // inconsistent.
    private const int Attempts = 3;
    private const int LongestAnswer = 256;

    // A resume makes the same components, and then the turn and what the runtime needs for it: less than this.
    private const int ResumeBytes = 512 * 1024;

    /// <summary>The answer: one line.</summary>
    public byte[] Run(FdNumber fd)
    {
        LineWriter line = new(new byte[LongestAnswer]);
        bool isObstacle = true;
        for (int attempt = 0; isObstacle && attempt < Attempts; attempt++)
        {
            line.CutTo(0);
            line.Text(UpgradeAnswer.Cannot);
            isObstacle = WriteObstacle(fd, ref line);
        }

        if (!isObstacle)
        {
            return UpgradeAnswer.Can.ToArray();
        }

        line.Byte((byte)'\n');
        return line.Written.ToArray();
    }

    // False: there is none.
    private bool WriteObstacle(FdNumber fd, ref LineWriter line)
    {
        StateImage? image = null;
        string? reason = fd.IsNone
            ? "there is no image"
            : ImageMigration.TryOpen(
                kernel, fd, DaemonImageLayout.Create(TableCapacities.Default), isCopy: true, out image);
        if (image is null)
        {
            foreach (char c in reason!)
            {
                line.Byte((byte)c);
            }

            return true;
        }

        // If a limit leaves no memory for a resume, the check fails with that reason.
        DaemonComponents components = new(kernel, image, context, default);
        _ = new FixedArray<byte>(kernel, ResumeBytes);
        QuarantineList quarantine = new ResumeSequence(kernel, components).Check();
        if (quarantine.Count > 0)
        {
            WriteFirst(quarantine.Notes[0], ref line);
        }

        return quarantine.Count > 0;
    }

    private static void WriteFirst(in QuarantineNote note, ref LineWriter line)
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
        line.Text(note.QuarantineReason.Text());
    }
}
