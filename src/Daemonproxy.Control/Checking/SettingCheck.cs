using System;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Files;

namespace Daemonproxy.Control.Checking;

/// <summary>A mistake in a word of a setting.</summary>
internal sealed record SettingFault(string Message, int At, int Length, bool IsWarning = false);

/// <summary>
/// Checks the words of settings that the protocol describes only in prose: variables, limits, attributes of processes.
/// It also checks that programs and users exist on this machine.
/// </summary>
internal static class SettingCheck
{
    /// <summary>Returns the mistake of a word after a command; null if none is found.</summary>
    /// <param name="command">The command.</param>
    /// <param name="text">The word.</param>
    /// <param name="isFirst">True if it is the first one after the name.</param>
    public static SettingFault? Check(string command, string text, bool isFirst) => command switch
    {
        "service.env" => CheckVariable(text, isFirst),
        "service.limits" => Fault(text, SettingWords.LimitFault(text)),
        "service.process" => Fault(text, SettingWords.ProcessFault(text)),
        "service.mounts" => Fault(text, SettingWords.MountFault(text)),
        "service.args" when isFirst && text.StartsWith('/') => Warn(text, MachineCheck.ProgramFault(text)),
        "service.user" => Warn(text, isFirst ? MachineCheck.UserFault(text) : MachineCheck.GroupFault(text)),
        _ => null,
    };

    private static SettingFault? CheckVariable(string text, bool isFirst)
    {
        string name = text.Split('=')[0];
        return name.Length > 0 && !(text == "-" && !isFirst)
            ? null
            : new SettingFault($"invalid variable '{VisibleText.Of(text)}'", 0, Math.Max(1, text.Length));
    }

    private static SettingFault? Fault(string text, string? fault) => fault is null
        ? null
        : new SettingFault(VisibleText.Of(fault), 0, Math.Max(1, text.Split('=')[0].Length));

    private static SettingFault? Warn(string text, string? fault) => fault is null
        ? null
        : new SettingFault(VisibleText.Of(fault), 0, text.Length, IsWarning: true);
}
