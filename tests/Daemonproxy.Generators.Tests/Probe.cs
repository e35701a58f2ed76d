namespace Daemonproxy.Generators.Tests;

/// <summary>Code that is compiled together with what is generated from the real spec, to run it.</summary>
internal static class Probe
{
    /// <summary>
    /// A daemon that knows the service <c>web</c> and the descriptors <c>null</c>, which is constant, and <c>log</c>;
    /// it carries out everything.
    /// </summary>
    public const string Source =
        """
        using System;
        using System.Text;
        using Daemonproxy.Startup;
        using Daemonproxy.Protocol;

        namespace Daemonproxy.Commands;

        internal static class Probe
        {
            // The text of the error that a line is answered with, or "ok".
            public static string Command(string text, bool room)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                FieldReader fields = new(bytes);
                fields.TryNext(out ReadOnlySpan<byte> name);
                CommandId id = CommandTable.Find(name);
                if (id == CommandId.None)
                {
                    return "unknown";
                }

                if (!CommandTable.Name(id).SequenceEqual(name))
                {
                    return "the table is wrong";
                }

                CommandError error = CommandDispatch.Run(id, ref fields, new Handler(room).All);
                return error.IsNone ? "ok" : Text(error);
            }

            public static string Option(string text)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                OptionId id = bytes.Length == 1 ? OptionTable.FindShort(bytes[0]) : OptionTable.FindLong(bytes);
                return Encoding.UTF8.GetString(OptionTable.LongName(id));
            }

            public static string Event(string which)
            {
                byte[] buffer = new byte[Limits.LongestEvent];
                LineWriter line = new(buffer);
                Name name = Name.Trusted("web"u8);
                switch (which)
                {
                    case "up":
                        Events.ServiceStateUp(ref line, name, Instant.FromWholeSeconds(5), new Pid(77), new Seconds(3));
                        break;
                    case "killed":
                        Events.ServiceStateKilled(
                            ref line, name, Instant.FromWholeSeconds(-5), new Pid(7), new Signal(9), new Seconds(1),
                            new Seconds(0));
                        break;
                    case "no flags, no peer":
                        Events.FdStateReader(ref line, name, PipeEndFlags.None, default);
                        break;
                    case "flags and peer":
                        Events.FdStateWriter(ref line, name, PipeEndFlags.Nonblock, Name.Trusted("log"u8));
                        break;
                    case "many flags":
                        Events.FdStateFile(
                            ref line, name,
                            new FileFlagSet(FileFlags.Write | FileFlags.Trunc | FileFlags.Read, 0, default),
                            "/tmp/x y"u8);
                        break;
                    case "nothing":
                        Events.ServiceTags(ref line, name, default);
                        break;
                    case "overflow":
                        Events.Overflow(ref line);
                        break;
                    case "raw":
                        Events.Raw(ref line, "a\tb"u8);
                        break;
                    case "level":
                        Events.LogFilter(ref line, LogLevel.Debug);
                        break;
                    case "warning":
                        Warnings.FdsUndefined(ref line, 12);
                        break;
                }

                return Encoding.UTF8.GetString(line.Written);
            }

            public static string Error(string which) => which switch
            {
                "three values" => Text(Errors.CannotKill(Name.Trusted("web"u8), new Pid(77), Errno.EPERM)),
                "long name" => Text(Errors.CannotKill(
                    Name.Trusted("abcdefghijklmnopqrstuvwxyz01234"u8), new Pid(int.MaxValue), Errno.EILSEQ)),
                _ => Text(Errors.UnknownFlag(Encoding.UTF8.GetBytes(new string('x', 4000)))),
            };

            private static string Text(CommandError error)
            {
                byte[] buffer = new byte[Limits.LongestErrorText];
                LineWriter line = new(buffer);
                Errors.Write(error, ref line);
                return Encoding.UTF8.GetString(line.Written);
            }
        }

        internal sealed partial class Handler(bool room)
        {
            public bool HasRoomForService => room;

            // Everybody may do everything here.
            public bool MayMakeService(Name name) => true;

            public bool MayChangeService(ServiceIndex index) => true;

            public bool MayMakeFd(Name name) => true;

            public bool MayChangeFd(FdIndex index) => true;

            public bool TryFindSocket(Name name, out SocketIndex index)
            {
                index = SocketIndex.None;
                return false;
            }

            public bool IsCounted(Signal signal) => signal.Number is 1 or 10;

            // A line comes alone here.
            public bool TryTakeDescriptor(out FdNumber descriptor)
            {
                descriptor = FdNumber.None;
                return false;
            }

            public void CloseDescriptor(FdNumber descriptor) => throw new InvalidOperationException();

            public bool IsConstantFd(FdIndex index) => index.Value == 1;

            public bool TryFindService(Name name, out ServiceIndex index)
            {
                index = name.Bytes.SequenceEqual("web"u8) ? new ServiceIndex(0) : ServiceIndex.None;
                return !index.IsNone;
            }

            public bool TryFindFd(Name name, out FdIndex index)
            {
                index = name.Bytes.SequenceEqual("null"u8) ? new FdIndex(1)
                    : name.Bytes.SequenceEqual("log"u8) ? new FdIndex(2)
                    : FdIndex.None;
                return !index.IsNone;
            }
        }
        """;
}
