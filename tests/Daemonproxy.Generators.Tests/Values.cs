using System;
using System.Reflection;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>Sets with words that have values are read and written: <c>listen=5</c>.</summary>
public sealed class Values(Values.Code code) : IClassFixture<Values.Code>
{
    private const string Source =
        """
        using System;
        using System.Text;

        namespace Daemonproxy.Protocol;

        internal static class Probe
        {
            // Reads the words and writes them again, or tells the error.
            public static string Again(string text)
            {
                byte[] buffer = new byte[Math.Max(SocketFlagsText.Longest, 64)];
                LineWriter line = new(buffer);
                if (SocketFlagsText.TryParse(
                    Encoding.UTF8.GetBytes(text), out SocketFlagSet set, out ReadOnlySpan<byte> wrong,
                    out CommandError error))
                {
                    SocketFlagsText.Write(ref line, set);
                    return (set == SocketFlagSet.None) + " " + Encoding.UTF8.GetString(line.Written);
                }

                Errors.Write(error, ref line);
                return "wrong " + Encoding.UTF8.GetString(wrong) + ": " + Encoding.UTF8.GetString(line.Written);
            }

            public static string AgainOfFile(string text)
            {
                byte[] buffer = new byte[Math.Max(FileFlagsText.Longest, 64)];
                LineWriter line = new(buffer);
                if (FileFlagsText.TryParse(
                    Encoding.UTF8.GetBytes(text), out FileFlagSet set, out ReadOnlySpan<byte> wrong,
                    out CommandError error))
                {
                    FileFlagsText.Write(ref line, set);
                    return Encoding.UTF8.GetString(line.Written);
                }

                Errors.Write(error, ref line);
                return "wrong " + Encoding.UTF8.GetString(wrong) + ": " + Encoding.UTF8.GetString(line.Written);
            }
        }
        """;

    [Theory]
    [InlineData("", "True ")]
    [InlineData(",,", "True ")]
    [InlineData("tcp", "False inet,stream")]
    [InlineData("stream,nonblock,inet", "False inet,stream,nonblock")]
    [InlineData("listen", "False bind,listen=32")]
    [InlineData("listen=5,age=-5", "False bind,listen=5,age=-5")]
    [InlineData("listen=5,listen", "False bind,listen=5")]
    [InlineData("nonblock=7", "False nonblock")]
    [InlineData("listen=0", "wrong listen=0: bad queue")]
    [InlineData("listen=5x,tcp", "wrong listen=5x: bad queue")]
    [InlineData("listen=", "wrong listen=: bad queue")]
    [InlineData("tcp,age=6", "wrong age=6: bad age: age=6")]
    [InlineData("tcp,udp", "wrong udp: ")]
    [InlineData("tcp,unix", "False unix,stream")]
    [InlineData("tcp,unix=7", "False unix,stream")]
    [InlineData("unix,tcp", "False unix,inet,stream")]
    [InlineData("nonblock,tcp", "False inet,stream")]
    [InlineData("tcp,nonblock", "False inet,stream,nonblock")]
    [InlineData("tcp,=5", "wrong =5: ")]
    public void AreReadAndWritten(string words, string again) => Assert.Equal(again, code.Again("Again", words));

    [Theory]
    [InlineData("mode=640", "create,mode=0640")]
    [InlineData("mode=0000000000000000640,owner=a:b", "create,mode=0640,owner=a:b")]
    [InlineData("owner=12345678,mode=0", "create,mode=0000,owner=12345678")]
    [InlineData("mode=7", "create,mode=0007")]
    [InlineData("mode=1,mode=2", "create,mode=0002")]
    [InlineData("times=3", "times=3")]
    [InlineData("umask", "umask=022")]
    [InlineData("umask=7", "umask=007")]
    [InlineData("note=", "note=")]
    [InlineData("note=a=b", "note=a=b")]
    [InlineData("note", "wrong note: bad owner: note")]
    [InlineData("note=123456", "wrong note=123456: bad owner: note=123456")]
    [InlineData("mode", "wrong mode: bad mode")]
    [InlineData("mode=", "wrong mode=: bad mode")]
    [InlineData("mode=8", "wrong mode=8: bad mode")]
    [InlineData("mode=-1", "wrong mode=-1: bad mode")]
    [InlineData("mode=1000", "wrong mode=1000: bad mode")]
    [InlineData("mode=000000000000000000640", "wrong mode=000000000000000000640: bad mode")]
    [InlineData("owner", "wrong owner: bad owner: owner")]
    [InlineData("owner=", "wrong owner=: bad owner: owner=")]
    [InlineData("owner=123456789", "wrong owner=123456789: bad owner: owner=123456789")]
    [InlineData("times", "wrong times: bad times")]
    [InlineData("times=0", "wrong times=0: bad times")]
    public void CanBeOctalAndTexts(string words, string again) => Assert.Equal(again, code.Again("AgainOfFile", words));

    /// <summary>The spec specs/good/values.spec, generated, compiled and loaded once.</summary>
    public sealed class Code
    {
        private readonly Type _probe = Compiled
            .Load(Driver.Run(Repository.SpecOf("good", "values")), Source)
            .GetType("Daemonproxy.Protocol.Probe", throwOnError: true)!;

        internal string Again(string method, string words) =>
            (string)_probe.GetMethod(method, BindingFlags.Public | BindingFlags.Static)!.Invoke(null, [words])!;
    }
}
