using System;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Settings;

namespace Daemonproxy.Commands;

/// <summary>What a sender may not set that may not do everything: see docs/SECURITY.md.</summary>
internal sealed partial class ServiceCommands
{
    // Descriptors that it sees, whether they are there or not, and /dev/null: the names are looked up at the start, and
    // then nobody asks who has set them.
    private bool MayName(FieldList names)
    {
        bool may = true;
        foreach (ReadOnlySpan<byte> name in names)
        {
            may &= name.SequenceEqual("-"u8) || name.SequenceEqual("null"u8) || access.Sees(access.Sender, name);
        }

        return may || access.Sender.IsAll;
    }

    // It hears no signals, so they start nothing for it.
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

    // Capabilities of the daemon, and a better place with the OOM killer. What else its user may not, the kernel
    // refuses.
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
