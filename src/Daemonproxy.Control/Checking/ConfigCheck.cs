using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Checking;

/// <summary>
/// Checks a config of the daemon: every command and every field, by the table of the protocol, and the names across
/// lines.
/// </summary>
internal sealed class ConfigCheck(ProtocolTable table, string file)
{
    // The descriptors that the daemon always has.
    private static readonly string[] _ownDescriptors =
        ["null", "stdin", "stdout", "stderr", "control.event", "control.cmd", "control.socket", "-"];

    private readonly List<Mistake> _mistakes = [];
    private readonly HashSet<string> _services = [];
    private readonly HashSet<string> _descriptors = [.. _ownDescriptors];
    private readonly List<(string Name, Mistake Mistake)> _named = [];
    private readonly FieldCheck _fields = new(table);
    private string _line = "";
    private int _number;

    /// <summary>Checks the bytes of the file; returns the mistakes in order.</summary>
    public List<Mistake> Check(byte[] bytes)
    {
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n');
        foreach (string line in lines)
        {
            _number++;
            _line = line;
            if (line.Length > 0 && line[0] != '#')
            {
                CheckLine();
            }
        }

        _mistakes.AddRange(_named.Where(use => !_descriptors.Contains(use.Name)).Select(use => use.Mistake));
        _mistakes.Sort((one, other) => (one.Line, one.Column).CompareTo((other.Line, other.Column)));
        return _mistakes;
    }

    private void CheckLine()
    {
        if (_line[^1] == '\r')
        {
            Add(_line.Length, 1, "the line ends in CR (from Windows?)", $"sed -i 's/\\r$//' {ShellWord.Of(file)}", "");
            _line = _line[..^1];
            if (_line.Length == 0)
            {
                return;
            }
        }

        int most = table.Limit("line");
        if (Encoding.UTF8.GetByteCount(_line) + 1 > most)
        {
            Add(most, 1, $"the line is longer than {most} bytes", "", "");
            return;
        }

        if (_line.Contains('\0', StringComparison.Ordinal))
        {
            Add(_line.IndexOf('\0', StringComparison.Ordinal) + 1, 1, "NUL byte in line", "", "");
            return;
        }

        string[] fields = _line.Split('\t');
        if (table.Find(fields[0]) is { } command)
        {
            CheckFields(command, fields);
            return;
        }

        int blank = _line.AsSpan().IndexOfAny(' ', '\t');
        string word = blank < 0 ? fields[0] : _line[..blank];
        if (blank >= 0 && _line[blank] == ' ' && table.Find(word) is not null)
        {
            Add(blank + 1, 1, "a space where a TAB belongs between fields");
            return;
        }

        Add(1, word.Length, $"unknown command '{VisibleText.Of(word)}'{Suggestion.For(word, table.Names)}");
    }

    private void CheckFields(CommandForm command, string[] texts)
    {
        int index = 1;
        int column = texts[0].Length + 2;
        foreach (FieldForm field in command.Fields)
        {
            if (field.Mark is "rest")
            {
                CheckRest(command, texts, index, column);
                return;
            }

            if (index >= texts.Length)
            {
                if (field.Mark == "required")
                {
                    string error = field.Errors.Length > 0 ? table.ErrorText(field.Errors[0]) : "missing argument";
                    Add(_line.Length + 1, 1, $"{error}: {command.Name} needs {field.Name}");
                }

                return;
            }

            do
            {
                CheckField(command, field, texts[index], column);
                column += texts[index].Length + 1;
                index++;
            }
            while (field.Mark == "list" && index < texts.Length);
        }

        if (index < texts.Length && command.Extra is { } extra)
        {
            Add(column, texts[index].Length, table.ErrorText(extra));
        }
    }

    private void CheckField(CommandForm command, FieldForm field, string text, int column)
    {
        if (_fields.Check(field, text) is { } fault)
        {
            string blank = text.Contains(' ', StringComparison.Ordinal) && field.Type != "text"
                ? "; a TAB belongs between fields"
                : "";
            Add(column + fault.At, fault.Length, fault.Message + blank);
            return;
        }

        if (field.Of == "service" && field.Use == "create")
        {
            _services.Add(text);
        }
        else if (field.Of == "service" && !_services.Contains(text))
        {
            Add(column, text.Length, $"no service '{text}' before this line{Suggestion.For(text, _services)}");
        }

        NoteDescriptor(command, field, text, column);
    }

    private void NoteDescriptor(CommandForm command, FieldForm field, string text, int column)
    {
        string name = field.Prefixes.FirstOrDefault(before => text.StartsWith(before, StringComparison.Ordinal))
            is { } prefix ? text[prefix.Length..] : field.Of == "fd" ? text : "-";
        if (field.Use == "assign")
        {
            _descriptors.Add(name);
        }
        else if (name != "-")
        {
            int at = column + text.Length - name.Length;
            bool isNeeded = command.Name.StartsWith("fd.", StringComparison.Ordinal);
            _named.Add((name, Make(at, name.Length, $"no descriptor '{name}' in this file") with
            {
                IsWarning = !isNeeded,
            }));
        }
    }

    private void CheckRest(CommandForm command, string[] texts, int index, int column)
    {
        bool isFirst = true;
        foreach (string text in texts.Skip(index))
        {
            if (SettingCheck.Check(command.Name, text, isFirst) is { } fault)
            {
                Mistake mistake = Make(column + fault.At, fault.Length, fault.Message);
                _mistakes.Add(mistake with { IsWarning = fault.IsWarning });
            }

            column += text.Length + 1;
            isFirst = false;
        }
    }

    private void Add(int column, int length, string message, string hint = "", string? source = null) =>
        _mistakes.Add(Make(column, length, message) with { Hint = hint, Source = source ?? Shown });

    private Mistake Make(int column, int length, string message) =>
        new(file, _number, column, Math.Max(1, length), message) { Source = Shown };

    // A blank for each TAB, so that the marker is in the right column.
    private string Shown => VisibleText.Of(_line.Replace('\t', ' '));
}
