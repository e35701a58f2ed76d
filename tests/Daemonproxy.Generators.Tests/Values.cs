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
                EventLine line = new(buffer);
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
    public void AreReadAndWritten(string words, string again) => Assert.Equal(again, code.Again(words));

    /// <summary>The spec specs/good/values.spec, generated, compiled and loaded once.</summary>
    public sealed class Code
    {
        private readonly MethodInfo _again = Compiled
            .Load(Driver.Run(Repository.SpecOf("good", "values")), Source)
            .GetType("Daemonproxy.Protocol.Probe", throwOnError: true)!
            .GetMethod("Again", BindingFlags.Public | BindingFlags.Static)!;

        internal string Again(string words) => (string)_again.Invoke(null, [words])!;
    }
}
