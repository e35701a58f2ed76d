using System;
using Daemonproxy.Commands;
using Daemonproxy.Image;
using Daemonproxy.Kernels;
using Daemonproxy.Protocol;
using Daemonproxy.Services;

namespace Daemonproxy;

/// <summary>
/// Asked by a running daemon whether this program could take its place: goes on from a copy of its image, as far as
/// that can be done without doing anything, and says so, or why not.
/// </summary>
internal sealed class Rehearsal(Kernel kernel, LaunchEnvironment environment)
{
    // The daemon goes on meanwhile: a copy that was made in the middle of a change may not make sense.
    private const int Attempts = 3;

    /// <summary>The answer: one line.</summary>
    public byte[] Run(FdNumber fd)
    {
        string? obstacle = "there is no image";
        for (int attempt = 0; !fd.IsNone && obstacle is not null && attempt < Attempts; attempt++)
        {
            obstacle = FindObstacle(fd);
        }

        EventLine line = new(new byte[256]);
        line.Text(obstacle is null ? ReexecutionTexts.Can : ReexecutionTexts.Cannot);
        foreach (char c in obstacle ?? "")
        {
            line.Byte((byte)c);
        }

        line.Text(obstacle is null ? ""u8 : "\n"u8);
        return line.Written.ToArray();
    }

    private string? FindObstacle(FdNumber fd)
    {
        string? reason = StateImage.TryOpen(
            kernel, fd, DaemonLayout.Create(TableSizes.Default), isCopy: true, out StateImage? image);
        if (image is null)
        {
            return reason;
        }

        Daemon daemon = new(kernel, image, environment, default);
        return new Resume(kernel, image, daemon).Rehearse() == 0 ? null : "it would drop records";
    }
}
