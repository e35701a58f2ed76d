using System;
using System.Linq;
using System.Text;
using Xunit;

namespace Daemonproxy.Client.Tests.Units;

/// <summary>The meaning of lines, also of unexpected ones.</summary>
public class EventReading
{
    [Fact]
    public void EachCaseHasARecordOfItsOwn()
    {
        Assert.Equal(
            new ServiceStateWaitingEvent("web", new Instant(7)), Read("service.state⇥web⇥start⇥7⇥-⇥-⇥-⇥-⇥-"));
        Assert.Equal(
            new ServiceStateUpEvent("web", new Instant(7), 99, 3), Read("service.state⇥web⇥up⇥7⇥99⇥-⇥-⇥3⇥-"));
        Assert.Equal(
            new ServiceStateExitedEvent("web", new Instant(7), 99, 5, 3, 1),
            Read("service.state⇥web⇥down⇥7⇥99⇥exit⇥5⇥3⇥1"));
        Assert.Equal(
            new ServiceStateKilledEvent("web", new Instant(7), 99, Signal.Kill, 3, 1),
            Read("service.state⇥web⇥down⇥7⇥99⇥signal⇥SIGKILL⇥3⇥1"));
        Assert.Equal(new ServiceStateNeverEvent("web"), Read("service.state⇥web⇥down⇥-⇥-⇥-⇥-⇥-⇥-"));
        Assert.Equal(new ServiceStateDeletedEvent("web"), Read("service.state⇥web⇥deleted⇥-⇥-⇥-⇥-⇥-⇥-"));
    }

    [Fact]
    public void EndsOfPipesAndSocketpairsAreDistinguished()
    {
        Assert.Equal(new FdStateReaderEvent("r", 0, (FdName)"w"), Read("fd.state⇥r⇥pipe⇥from⇥w"));
        Assert.Equal(
            new FdStateWriterEvent("w", PipeEndFlags.Nonblock, null), Read("fd.state⇥w⇥pipe⇥nonblock,to⇥?"));
        Assert.Equal(
            new FdStatePairEvent("p", PipeFlags.Unix | PipeFlags.Stream | PipeFlags.Nonblock, (FdName)"q"),
            Read("fd.state⇥p⇥pipe⇥unix,stream,nonblock,to⇥q"));
    }

    [Fact]
    public void WordsHaveTheirValues() => Assert.Equal(
        new FdStateSocketEvent(
            "s", new SocketFlagSet(SocketFlags.Tcp | SocketFlags.Bind | SocketFlags.Listen, 32), "*:80"),
        Read("fd.state⇥s⇥socket⇥inet,stream,bind,listen=32⇥*:80"));

    [Fact]
    public void AListIsTheRestOfTheLine()
    {
        Assert.Equal(new ServiceArgsEvent("web", ["a", "", "b c"]), Read("service.args⇥web⇥a⇥⇥b c"));
        Assert.Equal(new ServiceArgsEvent("web", []), Read("service.args⇥web⇥"));
        Assert.Equal(
            new ServiceAutoUpOnEvent("web", 2, ["always", "SIGUSR1"]), Read("service.auto_up⇥web⇥2⇥always⇥SIGUSR1"));
        Assert.Equal(new ServiceAutoUpOffEvent("web"), Read("service.auto_up⇥web⇥-"));
    }

    // The reader knows the ends of the first fields only, and looks for the others one by one.
    [Fact]
    public void FieldsAreReadHoweverManyThereAre()
    {
        for (int count = 1; count < 40; count++)
        {
            string[] tags = [.. Enumerable.Range(0, count).Select(number => number % 5 == 0 ? "" : $"tag-{number}")];
            var told = Assert.IsType<ServiceTagsEvent>(Read("service.tags⇥web" + string.Concat(tags.Select(Field))));
            Assert.Equal(tags.Length == 1 ? [] : tags, told.Tags);
        }

        static string Field(string tag) => "⇥" + tag;
    }

    // Of those that differ in one bit, too: names and texts are found again by their bytes.
    [Fact]
    public void TextsThatAreReadAgainAreTheSame()
    {
        var random = new Random(6);
        for (int round = 0; round < 50_000; round++)
        {
            byte[] bytes = new byte[random.Next(1, 40)];
            random.NextBytes(bytes);
            bytes.AsSpan().Replace((byte)'\t', (byte)'x');
            byte[] letters = [.. bytes.Select(one => (byte)('a' + (one % 26)))];
            byte[] others = [.. letters];
            others[random.Next(others.Length)] ^= (byte)(1 << random.Next(8));
            byte[] accents = Encoding.UTF8.GetBytes(new string('é', random.Next(1, 17)));
            byte[] latin = [.. Enumerable.Repeat((byte)0xE9, accents.Length / 2)];
            foreach (byte[] one in (byte[][])[bytes, letters, others, letters, accents, latin, others, bytes])
            {
                Assert.Equal(TextBytes.Decode(one), WireText.From(one));
            }
        }
    }

    [Fact]
    public void AnErrorKeepsTheTabsOfTheLineThatItRepeats() => Assert.Equal(
        new ErrorEvent("No such service, for command \"service.start\tx\""),
        Read("error⇥No such service, for command \"service.start⇥x\""));

    [Fact]
    public void FieldsThatANewerDaemonAddsAreIgnored()
    {
        Assert.Equal(new LogFilterEvent(LogLevel.Debug), Read("log.filter⇥debug⇥more⇥and more"));
        Assert.Equal(
            new ServiceStateUpEvent("web", new Instant(7), 99, 3), Read("service.state⇥web⇥up⇥7⇥99⇥-⇥-⇥3⇥-⇥17"));
        Assert.Equal(
            new FdStateFileEvent("f", FileFlags.Read, "/x"), Read("fd.state⇥f⇥file⇥read⇥/x⇥more"));
        Assert.Equal(new OverflowEvent(), Read("overflow⇥17"));
    }

    [Fact]
    public void WordsThatANewerDaemonAddsAreIgnored()
    {
        Assert.Equal(
            new FdStateFileEvent("f", FileFlags.Write | FileFlags.Append, "/x"),
            Read("fd.state⇥f⇥file⇥write,direct,append⇥/x"));
        Assert.Equal(
            new FdStateWriterEvent("w", PipeEndFlags.Nonblock, (FdName)"r"),
            Read("fd.state⇥w⇥pipe⇥nonblock,packet,to⇥r"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("what.is.this⇥web⇥1")]
    [InlineData("service.state")]
    [InlineData("service.state⇥web")]
    [InlineData("service.state⇥web⇥paused⇥7⇥-⇥-⇥-⇥-⇥-")]
    [InlineData("service.state⇥web⇥up⇥7⇥many⇥-⇥-⇥3⇥-")]
    [InlineData("service.state⇥no name⇥up⇥7⇥99⇥-⇥-⇥3⇥-")]
    [InlineData("service.state⇥web⇥up⇥7⇥99999999999⇥-⇥-⇥3⇥-")]
    [InlineData("fd.state⇥r⇥pipe⇥from⇥no name")]
    [InlineData("stats⇥new.counter⇥1")]
    [InlineData("signal⇥TERM⇥1⇥1")]
    [InlineData("Overflow")]
    public void AnUnknownEventIsPassedOnAsItIs(string line) =>
        Assert.Equal(new UnknownEvent(line.Replace('⇥', '\t')), Read(line));

    [Fact]
    public void BytesThatAreNotTextComeBackTheSame()
    {
        byte[] path = [0xC3, 0xA4, 0xFF, 0x80, (byte)'x', 0xE2, 0x82, 0xED, 0xA0, 0x80];
        byte[] line = [.. Encoding.ASCII.GetBytes("fd.state\tf\tfile\tread\t"), .. path];
        var file = Assert.IsType<FdStateFileEvent>(EventParser.Read(line));
        Assert.StartsWith("ä", file.Text, StringComparison.Ordinal);
        var command = new CommandLine("fd.open");
        command.Required(file.Text, "path");
        Assert.Equal([.. "fd.open\t"u8, .. path], command.Written.ToArray());
    }

    private static DaemonEvent Read(string line) => EventParser.Read(Encoding.UTF8.GetBytes(line.Replace('⇥', '\t')));
}
