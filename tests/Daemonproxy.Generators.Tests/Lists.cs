using System;
using System.Reflection;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>The elements of lists have their types and values; what is wrong is answered before the handler.</summary>
public sealed class Lists(Lists.Code code) : IClassFixture<Lists.Code>
{
    private const string Source =
        """
        using System;
        using System.Text;
        using Daemonproxy.Protocol;

        namespace Daemonproxy.Commands;

        internal sealed class Probe : ICommands, ICommandLookup
        {
            private readonly StringBuilder _seen = new();

            public bool HasRoomForThing => true;

            // What the handler saw, or the error.
            public static string Run(string text)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                FieldReader fields = new(bytes);
                fields.TryNext(out ReadOnlySpan<byte> name);
                Probe probe = new();
                CommandError error = CommandDispatch.Run(
                    CommandTable.Find(name), ref fields, new CommandHandlers(probe, probe));
                if (error.IsNone)
                {
                    return probe._seen.ToString();
                }

                return "error: " + Text(error);
            }

            public CommandError Mixed(scoped in MixedArguments arguments)
            {
                foreach (MixedItemsArgument item in arguments.Items)
                {
                    See(item.Kind + "=" + Value(item) + "(" + Encoding.UTF8.GetString(item.Text) + ")");

                    // Of another kind it is none, whatever is asked.
                    if (item.Kind != MixedItemsKind.Old && !item.Old.IsNone
                        || item.Kind != MixedItemsKind.New && !item.New.Index.IsNone
                        || item.Kind != MixedItemsKind.Form && item.Form.Bytes.Length > 0
                        || item.Kind != MixedItemsKind.Say && item.Say.Length > 0
                        || item.Kind != MixedItemsKind.In && item.In.Value != 0
                        || item.Kind != MixedItemsKind.Value && item.Value.Number != 0)
                    {
                        See("more than one value");
                    }
                }

                return CommandError.None;
            }

            public CommandError Things(scoped in ThingsArguments arguments)
            {
                foreach (ThingIndex thing in arguments.Names)
                {
                    See(thing.Value.ToString());
                }

                return CommandError.None;
            }

            public CommandError Made(scoped in MadeArguments arguments)
            {
                foreach (ThingTarget target in arguments.Names)
                {
                    See(Text(target));
                }

                return CommandError.None;
            }

            public CommandError Numbers(scoped in NumbersArguments arguments)
            {
                foreach (long number in arguments.Numbers)
                {
                    See(number.ToString());
                }

                See(Encoding.UTF8.GetString(arguments.Numbers.Fields.Text).Replace('\t', ' '));
                return CommandError.None;
            }

            public CommandError Words(scoped in WordsArguments arguments)
            {
                foreach (WordsWordsArgument word in arguments.Words)
                {
                    See(word.Kind.ToString());
                }

                return CommandError.None;
            }

            public CommandError Behind(scoped in BehindArguments arguments)
            {
                foreach (BehindWordsArgument word in arguments.Words)
                {
                    See(word.Kind == BehindWordsKind.A ? Encoding.UTF8.GetString(word.A) : word.B.ToString());
                }

                return CommandError.None;
            }

            public CommandError Texts(scoped in TextsArguments arguments)
            {
                foreach (ReadOnlySpan<byte> text in arguments.Texts)
                {
                    See(Encoding.UTF8.GetString(text));
                }

                return CommandError.None;
            }

            public bool IsCounted(Signal signal) => signal.Number is 1 or 10;

            public bool IsConstantThing(ThingIndex index) => index.Value == 0;

            public bool TryFindThing(Name name, out ThingIndex index)
            {
                index = name.Bytes.SequenceEqual("zero"u8) ? new ThingIndex(0)
                    : name.Bytes.SequenceEqual("one"u8) ? new ThingIndex(1)
                    : ThingIndex.None;
                return !index.IsNone;
            }

            private static string Text(CommandError error)
            {
                byte[] buffer = new byte[Limits.LongestErrorText];
                LineWriter line = new(buffer);
                Errors.Write(error, ref line);
                return Encoding.UTF8.GetString(line.Written);
            }

            private static string Text(ThingTarget target) =>
                Encoding.UTF8.GetString(target.Name.Bytes)
                + (target.Exists ? "/" + target.Index.Value : "/new");

            private static string Value(MixedItemsArgument item) => item.Kind switch
            {
                MixedItemsKind.Old => item.Old.Value.ToString(),
                MixedItemsKind.New => Text(item.New),
                MixedItemsKind.PutEquals => Text(item.PutEquals),
                MixedItemsKind.PutColon => item.PutColon.Value.ToString(),
                MixedItemsKind.Form => Encoding.UTF8.GetString(item.Form.Bytes),
                MixedItemsKind.Number => item.Number.ToString(),
                MixedItemsKind.In => item.In.Value.ToString(),
                MixedItemsKind.At => item.At.WholeSeconds.ToString(),
                MixedItemsKind.Loud => item.Loud.ToString(),
                MixedItemsKind.Style => item.Style.ToString(),
                MixedItemsKind.Size => item.Size.Flags + " " + item.Size.Tall,
                MixedItemsKind.Say => Encoding.UTF8.GetString(item.Say),
                MixedItemsKind.Value => item.Value.Number.ToString(),
                _ => "",
            };

            private void See(string text) => _seen.Append(_seen.Length > 0 ? " " : "").Append(text);
        }
        """;

    [Theory]
    [InlineData("always", "Always=(always)")]
    [InlineData("kind", "Kind_=(kind)")]
    [InlineData("1", "Word1_=(1)")]
    [InlineData("old:one", "Old=1(old:one)")]
    [InlineData("new:one", "New=one/1(new:one)")]
    [InlineData("new:x", "New=x/new(new:x)")]
    [InlineData("put=x", "PutEquals=x/new(put=x)")]
    [InlineData("put:one", "PutColon=1(put:one)")]
    [InlineData("form:zero", "Form=zero(form:zero)")]
    [InlineData("number:-70", "Number=-70(number:-70)")]
    [InlineData("in:9", "In=9(in:9)")]
    [InlineData("at:-5", "At=-5(at:-5)")]
    [InlineData("loud:high", "Loud=High(loud:high)")]
    [InlineData("style:bold,italic", "Style=Bold, Italic(style:bold,italic)")]
    [InlineData("size:tall=5,wide", "Size=Wide, Tall 5(size:tall=5,wide)")]
    [InlineData("say:", "Say=(say:)")]
    [InlineData("say:always", "Say=always(say:always)")]
    [InlineData("USR1", "Value=10(USR1)")]
    [InlineData("10", "Value=10(10)")]
    [InlineData("\t\tSIGHUP\t\tsay:x\t", "Value=1(SIGHUP) Say=x(say:x)")]
    [InlineData("", "")]
    [InlineData("always\told:two", "error: bad")]
    [InlineData("put=zero", "error: bad")]
    [InlineData("put:zero", "error: bad")]
    [InlineData("form:a b", "error: bad")]
    [InlineData("in:10", "error: bad")]
    [InlineData("alway", "error: bad")]
    [InlineData("TERM", "error: bad")]
    public void AnElementIsOneOfTheAlternatives(string fields, string seen) =>
        Assert.Equal(seen, code.Run("mixed\t" + fields));

    [Theory]
    [InlineData("things\tone\t\tzero", "1 0")]
    [InlineData("things\tone\ttwo", "error: which thing?")]
    [InlineData("made\tone\tx", "one/1 x/new")]
    [InlineData("numbers\t3\t\t007\t", "3 7 3  007 ")]
    [InlineData("numbers\t3\t10", "error: bad")]
    [InlineData("numbers", "")]
    [InlineData("words\tc\ta\tb\tb", "C A B B")]
    [InlineData("words\tc\td", "error: bad")]
    [InlineData("behind\ta:x\tb:-1\tb:9\ta:", "x -1 9 ")]
    [InlineData("behind\ta", "error: bad")]
    [InlineData("texts\tx\t\ty z", "x y z")]
    public void AnElementOfOneTypeIsItsValue(string line, string seen) => Assert.Equal(seen, code.Run(line));

    /// <summary>The spec, generated, compiled and loaded once.</summary>
    public sealed class Code
    {
        private readonly MethodInfo _run;

        /// <summary>Compiles it.</summary>
        public Code()
        {
            Driver driver = Driver.Run(Repository.SpecOf("good", "lists"));
            Assert.Empty(driver.Problems);
            _run = Compiled.Load(driver, Source)
                .GetType("Daemonproxy.Commands.Probe", throwOnError: true)!
                .GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!;
        }

        internal string Run(string line) => (string)_run.Invoke(null, [line])!;
    }
}
