using System;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Settings;

namespace Daemonproxy.Commands;

/// <summary>The settings that a restricted sender may not use: see docs/SECURITY.md.</summary>
internal sealed partial class ServiceCommands
{
    // Visible descriptors, existing or not, and /dev/null: the names are looked up at the start, without a check of who
    // has set them.
    private bool MayName(FieldList names)
    {
        bool may = true;
        foreach (ReadOnlySpan<byte> name in names)
        {
            may &= name.SequenceEqual("-"u8) || name.SequenceEqual("null"u8) || access.Sees(access.Sender, name);
        }

        return may || access.Sender.IsAll;
    }

    // It gets no signal events, so signals are not allowed as triggers.
    private bool MayTrigger(FieldList triggers)
    {
        bool may = true;
        foreach (ReadOnlySpan<byte> word in triggers)
        {
            may &= word.SequenceEqual("always"u8)
                || (word.StartsWith(DescriptorTriggers.Prefix)
                    && access.Sees(access.Sender, word[DescriptorTriggers.Prefix.Length..]));
        }

        return may || access.Sender.IsAll;
    }

    // Capabilities of the daemon, and protection from the OOM killer. The kernel refuses everything else that its user
    // may not do.
    private bool MayHave(in ProcessWords words) =>
        access.Sender.IsAll
        || !(words.Has(ProcessWord.Caps) || (words.Has(ProcessWord.Oom) && words.Oom.StartsWith("-"u8)));

    private void WarnOfForcedUser(Name name)
    {
        if (services.TryFind(name, out ServiceIndex service) && services.IsUserForced(service))
        {
            EventLine line = connections.Begin();
            Warnings.UserForced(ref line, name);
            context.Connection.Send(line.Written);
        }
    }
}
