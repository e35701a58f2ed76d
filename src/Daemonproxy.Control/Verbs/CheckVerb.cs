using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Daemonproxy.Control.Checking;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Views;
using Daemonproxy.Manager.Files;

namespace Daemonproxy.Control.Verbs;

/// <summary><c>check</c>: every mistake of files, as <c>file:line:column:</c>, so that editors jump there.</summary>
internal static class CheckVerb
{
    private const string Indent = "    ";

    public static int Run(VerbCall call)
    {
        var table = ProtocolTable.Load();
        List<Mistake> mistakes = [];
        foreach (string file in call.Words)
        {
            mistakes.AddRange(ServicesCheck.IsFor(file)
                ? ServicesCheck.Check(file)
                : new ConfigCheck(table, file).Check(ReadFile(file)));
        }

        foreach (Mistake mistake in mistakes)
        {
            if (call.Has("--json"))
            {
                WriteJson(call.Out, mistake);
            }
            else
            {
                Write(call.Out, mistake);
            }
        }

        List<Mistake> errors = mistakes.FindAll(mistake => !mistake.IsWarning);
        if (errors.Count > 0)
        {
            int files = errors.Select(mistake => mistake.File).Distinct().Count();
            call.Out.Flush();
            call.Error.WriteLine($"{Sentence.Count(errors.Count, "mistake")} in {Sentence.Count(files, "file")}.");
        }

        return errors.Count > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private static byte[] ReadFile(string file)
    {
        try
        {
            return BoundedFile.Read(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            string reason = problem is UnauthorizedAccessException ? "Permission denied"
                : problem is FileNotFoundException or DirectoryNotFoundException ? "No such file or directory"
                : problem.Message.TrimEnd('.');
            throw Text.Problem.Usage($"{VisibleText.Of(file)}: {reason}");
        }
    }

    private static void Write(Output output, Mistake mistake)
    {
        string severity = mistake.IsWarning ? "warning: " : "";
        string hint = mistake.Hint.Length > 0 ? $": {mistake.Hint}" : "";
        output.WriteLine(
            $"{VisibleText.Of(mistake.File)}:{mistake.Line}:{mistake.Column}: {severity}{mistake.Message}{hint}");
        if (mistake.Source.Length > 0)
        {
            output.WriteLine(Indent + mistake.Source)
                .Write(Indent).Write(' ', mistake.Column - 1).Write('^', mistake.Length).WriteLine();
        }
    }

    private static void WriteJson(Output output, Mistake mistake) => JsonText.Write(output, json =>
    {
        json.WriteStartObject();
        JsonText.Text(json, "file", mistake.File);
        json.WriteNumber("line", mistake.Line);
        json.WriteNumber("column", mistake.Column);
        json.WriteString("severity", mistake.IsWarning ? "warning" : "error");
        JsonText.Text(json, "message", mistake.Message);
        JsonText.Text(json, "hint", mistake.Hint.Length > 0 ? mistake.Hint : null);
        json.WriteEndObject();
    });
}
