using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Settings;

/// <summary>
/// The settings of a service as they were given: fields with TABs between them; empty for those that are not set.
/// </summary>
internal readonly ref struct ServiceSettings
{
    /// <summary>The changes of the environment: see <see cref="EnvironmentChanges"/>.</summary>
    public ReadOnlySpan<byte> Environment { get; init; }

    /// <summary>The working directory.</summary>
    public ReadOnlySpan<byte> Directory { get; init; }

    /// <summary>The root directory.</summary>
    public ReadOnlySpan<byte> Root { get; init; }

    /// <summary>The user and the groups: see <see cref="UserFields"/>.</summary>
    public ReadOnlySpan<byte> User { get; init; }

    /// <summary>
    /// True if the user is that of a control socket: what else is set is done with the rights of that user.
    /// </summary>
    public bool IsUserForced { get; init; }

    /// <summary>The resource limits: see <see cref="ResourceLimit"/>.</summary>
    public ReadOnlySpan<byte> Limits { get; init; }

    /// <summary>The attributes of the process: see <see cref="ProcessWords"/>.</summary>
    public ReadOnlySpan<byte> Process { get; init; }

    /// <summary>The mount namespace: see <see cref="MountWord"/>.</summary>
    public ReadOnlySpan<byte> Mounts { get; init; }

    /// <summary>The names of the descriptors from which arguments and variables are read.</summary>
    public ReadOnlySpan<byte> ArgumentsFrom { get; init; }

    public ReadOnlySpan<byte> EnvironmentFrom { get; init; }

    /// <summary>The control group of each run: see <see cref="CgroupFields"/>.</summary>
    public ReadOnlySpan<byte> Cgroup { get; init; }

    /// <summary>True if LISTEN_FDS tells the service of its descriptors from 3 on, sd_listen_fds(3).</summary>
    public bool Listens { get; init; }

    /// <summary>
    /// True if the words are such that the commands accept them: a damaged image can have others.
    /// </summary>
    public bool AreValid()
    {
        foreach (ReadOnlySpan<byte> word in new FieldList(Limits))
        {
            if (!ResourceLimit.TryParse(word, out _))
            {
                return false;
            }
        }

        foreach (ReadOnlySpan<byte> word in new FieldList(Mounts))
        {
            if (!MountWord.TryParse(word, out _))
            {
                return false;
            }
        }

        return ProcessWords.TryParse(Process, out _, out _)
            && (Cgroup.IsEmpty || new CgroupFields(Cgroup).AreValid())
            && (User.IsEmpty || new UserFields(User).AreValid());
    }

    /// <summary>True if all settings have their defaults.</summary>
    public bool AreDefaults => !Listens && Environment.IsEmpty && Directory.IsEmpty && Root.IsEmpty && User.IsEmpty
        && Limits.IsEmpty && Process.IsEmpty && Mounts.IsEmpty
        && Cgroup.IsEmpty && ArgumentsFrom.IsEmpty && EnvironmentFrom.IsEmpty;
}
