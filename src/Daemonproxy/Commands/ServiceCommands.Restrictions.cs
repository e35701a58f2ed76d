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
    private bool MayName(scoped ReadOnlySpan<byte> fd) =>
        fd.SequenceEqual("null"u8) || access.Sees(access.Sender, fd) || access.Sender.IsAll;

    private bool MayName(ServiceFdsFdsList fds)
    {
        bool may = true;
        foreach (ServiceFdsFdsArgument fd in fds)
        {
            may &= fd.Kind == ServiceFdsFdsKind.Dash || MayName(fd.Value.Bytes);
        }

        return may;
    }

    // It gets no signal events, so signals are not allowed as triggers.
    private bool MayTrigger(ServiceAutoUpTriggersList triggers)
    {
        bool may = true;
        foreach (ServiceAutoUpTriggersArgument trigger in triggers)
        {
            may &= trigger.Kind == ServiceAutoUpTriggersKind.Always
                || (trigger.Kind == ServiceAutoUpTriggersKind.Fd
                    && access.Sees(access.Sender, trigger.Fd.Bytes));
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
            LineWriter line = connections.Begin();
            Warnings.UserForced(ref line, name);
            context.Connection.Send(line.Written);
        }
    }
}
