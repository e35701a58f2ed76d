using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using Daemonproxy.Connections;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Settings;
using Daemonproxy.State;

namespace Daemonproxy.Commands;

/// <summary>
/// Commands that set how the process of a service is made. Each checks its words, keeps them as they came, and
/// announces the setting; it takes effect at the next start.
/// </summary>
internal sealed partial class ServiceCommands
{
    public CommandError ServiceEnv(scoped in ServiceEnvArguments arguments)
    {
        bool isFirst = true;
        foreach (ReadOnlySpan<byte> field in new FieldList(arguments.Changes))
        {
            if (!EnvironmentChanges.IsChange(field) && !(isFirst && EnvironmentChanges.IsFromNothing(field)))
            {
                return Errors.BadEnv(field);
            }

            isFirst = false;
        }

        return SetWords(arguments.Name, ServiceTextTag.Environment, arguments.Changes);
    }

    public CommandError ServiceArgsFrom(scoped in ServiceArgsFromArguments arguments)
    {
        CommandError error = SetTextsFrom(arguments.Name, ServiceTextTag.ArgsFrom, arguments.Fd);
        if (error.IsNone && services.TryFind(arguments.Name.Name, out ServiceIndex service))
        {
            manager.ConsiderAutoUp(service, context.Now);
        }

        return error;
    }

    public CommandError ServiceEnvFrom(scoped in ServiceEnvFromArguments arguments) =>
        SetTextsFrom(arguments.Name, ServiceTextTag.EnvironmentFrom, arguments.Fd);

    private CommandError SetTextsFrom(
        scoped in ServiceTarget target, ServiceTextTag setting, scoped ReadOnlySpan<byte> fd) =>
        !fd.IsEmpty && !FdName.TryParse(fd, out Name _) ? Errors.BadFdName
        : fd.IsEmpty || MayName(fd) ? Set(target, setting, fd)
        : Errors.NotAllowed;

    public CommandError ServiceDir(scoped in ServiceDirArguments arguments) =>
        Set(arguments.Name, ServiceTextTag.Directory, arguments.Path);

    public CommandError ServiceRoot(scoped in ServiceRootArguments arguments) =>
        Set(arguments.Name, ServiceTextTag.Root, arguments.Path);

    public CommandError ServiceUser(scoped in ServiceUserArguments arguments)
    {
        if (!arguments.Names.IsEmpty && !new UserFields(arguments.Names).AreValid())
        {
            return Errors.BadUser;
        }

        CommandError error = SetWords(arguments.Name, ServiceTextTag.User, arguments.Names);
        if (error.IsNone)
        {
            WarnOfForcedUser(arguments.Name.Name);
        }

        return error;
    }

    public CommandError ServiceLimits(scoped in ServiceLimitsArguments arguments)
    {
        foreach (ReadOnlySpan<byte> word in new FieldList(arguments.Limits))
        {
            if (!ResourceLimit.TryParse(word, out _))
            {
                return Errors.BadLimit(word);
            }
        }

        return SetWords(arguments.Name, ServiceTextTag.Limits, arguments.Limits);
    }

    public CommandError ServiceProcess(scoped in ServiceProcessArguments arguments) =>
        !ProcessWords.TryParse(arguments.Words, out ProcessWords words, out ReadOnlySpan<byte> wrong)
            ? Errors.BadProcessWord(wrong)
        : MayHave(words) ? SetWords(arguments.Name, ServiceTextTag.Process, arguments.Words)
        : Errors.NotAllowed;

    public CommandError ServiceMounts(scoped in ServiceMountsArguments arguments)
    {
        foreach (ReadOnlySpan<byte> word in new FieldList(arguments.Words))
        {
            if (!MountWord.TryParse(word, out _))
            {
                return Errors.BadMount(word);
            }
        }

        return SetWords(arguments.Name, ServiceTextTag.Mounts, arguments.Words);
    }

    public CommandError ServiceCgroup(scoped in ServiceCgroupArguments arguments)
    {
        if (!new CgroupFields(arguments.Words).AreValid(out ReadOnlySpan<byte> wrong))
        {
            return Errors.BadCgroup(wrong);
        }

        if (arguments.Name.Exists)
        {
            launcher.ForgetGroup(arguments.Name.Index);
        }

        return SetWords(arguments.Name, ServiceTextTag.Cgroup, arguments.Words);
    }

    public CommandError ServiceListen(scoped in ServiceListenArguments arguments)
    {
        ServiceIndex service = Create(arguments.Name);
        if (service.IsNone)
        {
            return Errors.SettingDoesNotFit;
        }

        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            change.Record.Listens = arguments.OnIsPlus;
        }

        LineWriter line = connections.Begin();
        ServiceEvents.Listen(ref line, services, service);
        connections.Announce(EventSubject.Of(service), line);
        return CommandError.None;
    }

    public CommandError ServiceReady(scoped in ServiceReadyArguments arguments)
    {
        ReadyWaySet way = arguments.Way.IsGiven ? arguments.Way.Value : ReadyWaySet.None;
        if (BitOperations.PopCount((uint)way.Flags) > 1)
        {
            return Errors.BadReady;
        }

        ReadyOptionSet option = arguments.Option.IsGiven ? arguments.Option.Value : ReadyOptionSet.None;
        bool hasStore = (option.Flags & ReadyOptions.Store) != 0;
        ServiceIndex service = Create(arguments.Name);
        if (service.IsNone)
        {
            return Errors.SettingDoesNotFit;
        }

        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            ref ServiceRecord record = ref change.Record;
            record.Ready = way.Flags switch
            {
                ReadyWays.Exit => ReadyWay.Exit,
                ReadyWays.Fd => ReadyWay.Descriptor,
                ReadyWays.Notify => ReadyWay.Notify,
                _ => ReadyWay.None,
            };
            record.ReadyPlace = (int)way.Fd;
            record.Store = hasStore ? (byte)option.Store : (byte)0;
            record.IsReady &= record.State == ServiceState.Up;
        }

        LineWriter line = connections.Begin();
        ServiceEvents.Ready(ref line, services, service);
        connections.Announce(EventSubject.Of(service), line);
        return CommandError.None;
    }

    /// <summary>Replaces the one tag that begins with <c>KEY=</c>; without a value it is removed.</summary>
    [SkipLocalsInit]
    public CommandError ServiceTag(scoped in ServiceTagArguments arguments)
    {
        ReadOnlySpan<byte> key = arguments.Key;
        if (key.Contains((byte)'='))
        {
            return Errors.BadTagKey;
        }

        Span<byte> buffer = stackalloc byte[(2 * Limits.Line) + 2];
        LineWriter tags = new(buffer);
        if (arguments.Name.Exists)
        {
            FieldReader reader = new(services.Tags(arguments.Name.Index));
            while (reader.TryNext(out ReadOnlySpan<byte> tag))
            {
                bool isReplaced = tag.StartsWith(key) && tag.Length > key.Length && tag[key.Length] == (byte)'=';
                if (!isReplaced && !(tag.IsEmpty && !reader.HasNext && tags.Length == 0))
                {
                    Separate(ref tags);
                    tags.Text(tag);
                }
            }
        }

        if (!arguments.Value.IsEmpty)
        {
            Separate(ref tags);
            tags.Text(key);
            tags.Byte((byte)'=');
            tags.Text(arguments.Value);
        }

        return tags.Length > Limits.Line
            ? Errors.TagsDoNotFit
            : SetTags(arguments.Name, tags.Written);
    }

    private static void Separate(ref LineWriter text)
    {
        if (text.Length > 0)
        {
            text.Byte((byte)'\t');
        }
    }

    // A setting that is no text creates the service, too; none when there is no room.
    private ServiceIndex Create(in ServiceTarget target) =>
        target.Exists ? target.Index : services.SetText(target, ServiceTextTag.Tags, default);

    private CommandError SetTags(scoped in ServiceTarget target, scoped ReadOnlySpan<byte> tags)
    {
        ServiceIndex service = services.SetText(target, ServiceTextTag.Tags, tags);
        if (service.IsNone)
        {
            return Errors.TagsDoNotFit;
        }

        LineWriter line = connections.Begin();
        Events.ServiceTags(ref line, services[service].Name.Value, services.Tags(service));
        connections.Announce(EventSubject.Of(service), line);
        return CommandError.None;
    }

    // Without the empty fields: so a setting is its default exactly when its text is empty.
    [SkipLocalsInit]
    private CommandError SetWords(
        scoped in ServiceTarget target, ServiceTextTag setting, scoped ReadOnlySpan<byte> fields)
    {
        Span<byte> text = stackalloc byte[Limits.Line];
        LineWriter kept = new(text);
        Join(ref kept, new FieldList(fields));
        return Set(target, setting, kept.Written);
    }

    private static void Join(ref LineWriter text, FieldList fields)
    {
        foreach (ReadOnlySpan<byte> word in fields)
        {
            Separate(ref text);
            text.Text(word);
        }
    }

    private CommandError Set(scoped in ServiceTarget target, ServiceTextTag setting, scoped ReadOnlySpan<byte> text)
    {
        ServiceIndex service = services.SetText(target, setting, text);
        if (service.IsNone)
        {
            return Errors.SettingDoesNotFit;
        }

        LineWriter line = connections.Begin();
        ServiceEvents.Setting(ref line, services, service, setting);
        connections.Announce(EventSubject.Of(service), line);
        return CommandError.None;
    }
}
