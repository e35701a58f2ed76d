using System;

namespace Daemonproxy.Control.Text;

/// <summary>The reason why a verb ends early: one sentence for standard error, and the exit code.</summary>
internal sealed class Problem(int exitCode, string sentence) : Exception(sentence)
{
    /// <summary>The exit code of dpctl; <c>run</c> has others.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The command line is wrong.</summary>
    public static Problem Usage(string sentence) => new(Text.ExitCode.Usage, sentence);
}
