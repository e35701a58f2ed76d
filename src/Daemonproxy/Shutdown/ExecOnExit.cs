using System;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Shutdown;

/// <summary>
/// The program that is executed instead of exiting, with two more variables in its environment:
/// <c>DAEMONPROXY_EXITCODE</c>, the exit code, and <c>DAEMONPROXY_ERROR</c>, the reason.
/// </summary>
internal sealed unsafe class ExecOnExit
{
    // A line of single-byte arguments is the worst there can be; one free place stands before argv[0].
    private const int MostArguments = (Limits.ExecArgs / 2) + 4;
    private const int ScratchBytes = 2 * 4096;

    private readonly SystemCalls _kernel;
    private readonly SharedLaunchData _context;
    private readonly FixedArray<byte> _argumentText;
    private readonly FixedArray<nint> _arguments;
    private readonly FixedArray<nint> _variables;
    private readonly FixedArray<byte> _variableText;
    private readonly FixedArray<byte> _scratch;

    public ExecOnExit(SystemCalls kernel, SharedLaunchData context)
    {
        _kernel = kernel;
        _context = context;
        _argumentText = new FixedArray<byte>(kernel, Limits.ExecArgs + 1);
        _arguments = new FixedArray<nint>(kernel, MostArguments);
        _variables = new FixedArray<nint>(kernel, context.Count + 3);
        _variableText = new FixedArray<byte>(kernel, 2 * (FixedText.Longest + 32));
        _scratch = new FixedArray<byte>(kernel, ScratchBytes);
    }

    private static ReadOnlySpan<byte> CodeVariable => "DAEMONPROXY_EXITCODE="u8;

    private static ReadOnlySpan<byte> ReasonVariable => "DAEMONPROXY_ERROR="u8;

    /// <summary>The program among its arguments.</summary>
    public static ReadOnlySpan<byte> ProgramOf(ReadOnlySpan<byte> args)
    {
        int tab = args.IndexOf((byte)'\t');
        return tab < 0 ? args : args[..tab];
    }

    /// <summary>
    /// Executes it, with descriptors 0 to 2 and the given ones, which are in rising order. Returns only when that is
    /// not possible, and why.
    /// </summary>
    public Errno Execute(
        ReadOnlySpan<byte> args, int exitCode, ReadOnlySpan<byte> reason, ReadOnlySpan<FdNumber> kept)
    {
        PrepareArguments(args);
        PrepareVariables(exitCode, reason);
        LaunchPlan plan = new()
        {
            Arguments = (byte**)(_arguments.Pointer + 1),
            Environment = (byte**)_variables.Pointer,
            SearchPath = _context.SearchPath,
            Scratch = _scratch.Pointer,
            ScratchBytes = _scratch.Length,
        };
        return _kernel.Execute(ref plan, kept);
    }

    private void PrepareArguments(ReadOnlySpan<byte> args)
    {
        Span<byte> text = _argumentText.Span;
        FieldReader fields = new(args);
        int count = 1;
        int at = 0;
        while (fields.TryNext(out ReadOnlySpan<byte> field))
        {
            _arguments[count++] = (nint)(_argumentText.Pointer + at);
            field.CopyTo(text[at..]);
            at += field.Length;
            text[at++] = 0;
        }

        _arguments[count] = 0;
    }

    private void PrepareVariables(int exitCode, ReadOnlySpan<byte> reason)
    {
        int count = 0;
        for (byte** variable = _context.Variables; *variable != null; variable++)
        {
            if (!SharedLaunchData.IsNamed(*variable, CodeVariable)
                && !SharedLaunchData.IsNamed(*variable, ReasonVariable))
            {
                _variables[count++] = (nint)(*variable);
            }
        }

        LineWriter text = new(_variableText.Span);
        text.Text(CodeVariable);
        text.Integer(exitCode);
        text.Byte(0);
        int second = text.Length;
        text.Text(ReasonVariable);
        text.Text(reason[..Math.Min(reason.Length, FixedText.Longest)]);
        text.Byte(0);
        _variables[count++] = (nint)_variableText.Pointer;
        _variables[count++] = (nint)(_variableText.Pointer + second);
        _variables[count] = 0;
    }
}
