using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Settings;

namespace Daemonproxy.Launching;

/// <summary>The settings that put a process into surroundings of its own: a control group, and mounts.</summary>
internal unsafe ref partial struct LaunchSettingsWriter
{
    private const int MostMounts = Limits.Line / 4;

    /// <summary>Writes the control group of the run, if the settings ask for one.</summary>
    public void WriteGroup(ref LaunchPlan plan, in ServiceSettings settings, in RunCgroup group)
    {
        if (!settings.Cgroup.IsEmpty)
        {
            AddStep(ref plan, LaunchStep.Cgroup);
            _settings->GroupReason = group.Reason;
            _settings->GroupSubject = WriteText(group.Subject);
            plan.Group = group.Fd.Value;
            plan.HasOwnMemory |= !group.Fd.IsNone;
        }
    }

    // In a memory copy: the child maps memory for the texts, and no other process would unmap it.
    private void WriteTextsFrom(ref LaunchPlan plan, in ServiceSettings settings, LaunchDescriptors descriptors)
    {
        if (settings.ArgumentsFrom.IsEmpty && settings.EnvironmentFrom.IsEmpty)
        {
            return;
        }

        AddStep(ref plan, LaunchStep.Texts);
        plan.HasOwnMemory = true;
        _settings->ArgumentsFrom = descriptors.Find(settings.ArgumentsFrom).Value;
        _settings->EnvironmentFrom = descriptors.Find(settings.EnvironmentFrom).Value;
        _settings->ArgumentsFromName = settings.ArgumentsFrom.IsEmpty ? null : WriteText(settings.ArgumentsFrom);
        _settings->EnvironmentFromName = settings.EnvironmentFrom.IsEmpty ? null : WriteText(settings.EnvironmentFrom);
    }

    // Sorted: short paths first, and at the same path what is there before whether it can be written.
    private void WriteMounts(ref LaunchPlan plan, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        AddStep(ref plan, LaunchStep.Mounts);
        LaunchMount* mounts = (LaunchMount*)Take(MostMounts * sizeof(LaunchMount));
        int* ranks = stackalloc int[MostMounts];
        int count = 0;
        foreach (ReadOnlySpan<byte> word in new FieldList(text))
        {
            bool isSound = MountWord.TryParse(word, out MountWord mount);
            Assertion.Require(isSound);
            int rank = (2 * mount.Path.Length) + (mount.Kind >= MountKind.ReadOnly ? 1 : 0);
            int at = count++;
            for (; at > 0 && ranks[at - 1] > rank; at--)
            {
                mounts[at] = mounts[at - 1];
                ranks[at] = ranks[at - 1];
            }

            ranks[at] = rank;
            mounts[at] = new LaunchMount
            {
                Kind = mount.Kind,
                MayBeMissing = mount.MayBeMissing,
                Path = WriteText(mount.Path),
                From = WriteText(mount.From),
                Text = WriteText(word),
            };
        }

        _settings->Mounts = mounts;
        _settings->MountCount = count;
    }
}
