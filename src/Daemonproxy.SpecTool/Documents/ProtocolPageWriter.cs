using System;
using System.Collections.Generic;
using System.Globalization;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>docs/PROTOCOL.md: the protocol for people who write controllers.</summary>
internal sealed class ProtocolPageWriter
{
    private readonly DocumentSource _source;
    private readonly SpecModel _spec;
    private readonly IReadOnlyDictionary<string, string> _examples;
    private readonly Markdown _page = new();
    private readonly Dictionary<string, ErrorModel> _errors = [];

    private ProtocolPageWriter(DocumentSource source)
    {
        _source = source;
        _spec = source.Spec;
        _examples = source.Examples;
        foreach (ErrorModel error in _spec.Errors)
        {
            _errors[error.Name] = error;
        }
    }

    public static string Write(DocumentSource source)
    {
        var writer = new ProtocolPageWriter(source);
        writer.WriteHead();
        foreach (SectionModel section in source.Spec.Manual.Sections)
        {
            writer.WriteSection(section);
        }

        writer.WriteEvents();
        new TypePagesWriter(writer._page, source.Spec).Write();
        writer.WriteMessages();
        writer.WriteLogs();
        writer.WriteLimits();
        writer.WriteOptions();
        return writer._page.ToString();
    }

    private void WriteHead()
    {
        ManualModel manual = _spec.Manual;
        _page.Heading(1, "The " + manual.Protocol + " protocol, version " + Number(manual.Version));
        _page.Block("<!-- Made from " + _source.SpecFile + " by `" + _source.Maker + "`; a change goes there. -->");
        _page.Block(Markdown.FromSpec(_spec.Docs["protocol " + manual.Protocol]));
        WriteNotation();
        var lines = new List<string>();
        foreach (SectionModel section in manual.Sections)
        {
            var links = new List<string>();
            foreach (string command in section.Commands)
            {
                links.Add("[" + command + "](#command-" + command + ")");
            }

            lines.Add("- " + Wire.Title(section) + ": " + string.Join(", ", links));
        }

        var events = new List<string>();
        foreach (EventModel @event in _spec.Events)
        {
            events.Add(EventLink(@event.Name));
        }

        lines.Add("- Events: " + (events.Count == 0 ? "none" : string.Join(", ", events)));
        lines.Add("- [Types](#types), [errors](#errors), [limits](#limits), [options](#options)");
        _page.Block(string.Join("\n", lines));
    }

    private void WriteNotation()
    {
        string text = "A word in capitals stands for a value, a part in brackets may be left out, and `...` is any "
            + "number of fields.";
        if (_examples.Count > 0)
        {
            text += "\nIn the conversations, `>` is a line sent to the server, `<` a line from it, `*` something that "
                + "happens, and `⇥` a TAB;\nthey are quoted from transcripts, which run as tests.";
        }

        text += _source.Json == null ? "" : " For programs there is [" + _source.Json + "](" + _source.Json + ").";
        _page.Block(text);
    }

    private void WriteSection(SectionModel section)
    {
        _page.Heading(2, section.Name.Length == 0 ? "Commands" : "Commands: " + section.Name);
        foreach (CommandModel command in _spec.Commands)
        {
            if (section.Commands.Contains(command.Name))
            {
                WriteCommand(command);
            }
        }
    }

    private void WriteCommand(CommandModel command)
    {
        string key = "command " + command.Name;
        _page.Heading(3, "<a id=\"command-" + command.Name + "\"></a>" + command.Name);
        _page.Fence(Wire.Usage(command));
        _page.Block(Markdown.FromSpec(_spec.Docs[key]));
        WriteLifecycle(command.Lifecycle);
        if (command.Needs != null)
        {
            _page.Block("Needs the right " + Markdown.Code(command.Needs) + ".");
        }

        WriteFields(command, key);
        var fails = new List<string[]>();
        foreach (string name in Failures(command))
        {
            fails.Add([ErrorText(name), ErrorProse.Of(name, _spec.Docs)]);
        }

        _page.Table(["error", "when"], fails);
        WriteEmitted(command);
        if (_examples.TryGetValue(command.Name, out string? example))
        {
            _page.Fence(example);
        }
    }

    private void WriteFields(CommandModel command, string key)
    {
        var rows = new List<string[]>();
        foreach (FieldModel field in command.Fields)
        {
            List<string> errors = Wire.Errors(field.Errors);
            string docs = Markdown.FromSpec(_spec.Docs[key + "/" + field.Name]);
            rows.Add(
            [
                field.Name.ToUpperInvariant(),
                LifecycleText.Inline(FieldProse.Of(field) + (docs.Length == 0 ? "" : ". " + docs), field.Lifecycle),
                string.Join(", ", errors.ConvertAll(ErrorText)),
            ]);
        }

        _page.Table(["field", "is", "or else"], rows);
    }

    // What the fields themselves cannot be wrong with.
    private static List<string> Failures(CommandModel command)
    {
        var names = new List<string>();
        if (command.Takes != null)
        {
            names.Add(command.Takes);
        }

        if (command.Extra != null)
        {
            names.Add(command.Extra);
        }

        foreach (string name in command.Fails)
        {
            if (!names.Contains(name))
            {
                names.Add(name);
            }
        }

        return names;
    }

    private void WriteEmitted(CommandModel command)
    {
        var links = new List<string>();
        foreach (EmittedModel emitted in command.Emits)
        {
            string times = emitted.Times == 1 ? "" : ", at most " + Number(emitted.Times) + " times";
            links.Add(EventLink(emitted.Event) + times);
        }

        foreach (string streamed in command.Streams)
        {
            links.Add(EventLink(streamed) + ", any number of times");
        }

        if (links.Count > 0)
        {
            _page.Block("Events: " + string.Join("; ", links) + ".");
        }
    }

    private void WriteEvents()
    {
        _page.Heading(2, "Events");
        foreach (EventTableModel @event in _spec.Manual.Events)
        {
            string key = "event " + @event.Name;
            _page.Heading(3, "<a id=\"event-" + @event.Name + "\"></a>" + @event.Name);
            var lines = new List<string>();
            foreach (EventRowModel row in @event.Rows)
            {
                lines.Add(Wire.Usage(@event.Name, row));
            }

            _page.Fence(string.Join("\n", lines));
            _page.Block(Markdown.FromSpec(_spec.Docs[key]));
            WriteLifecycle(@event.Lifecycle);
            _page.Table(["field", "is"], EventProse.Fields(@event, _spec.Docs));
        }
    }

    private void WriteMessages()
    {
        _page.Heading(2, "Errors");
        var rows = new List<string[]>();
        foreach (ErrorModel error in _spec.Errors)
        {
            rows.Add([ErrorText(error.Name), error.Name, ErrorProse.Of(error.Name, _spec.Docs)]);
        }

        _page.Table(["text", "name", "when"], rows);
        rows = [];
        foreach (NoticeModel notice in _spec.Notices)
        {
            string docs = Markdown.FromSpec(_spec.Docs[notice.Event + " " + notice.Name]);
            rows.Add([Markdown.Code(Wire.Text(notice.Pieces)), notice.Event + "." + notice.Name, docs]);
        }

        if (rows.Count > 0)
        {
            _page.Heading(2, "Warnings and infos");
            _page.Table(["text", "name", "when"], rows);
        }
    }

    private void WriteLogs()
    {
        var rows = new List<string[]>();
        foreach (LogModel log in _spec.Logs)
        {
            string docs = Markdown.FromSpec(_spec.Docs["log " + log.Name]);
            rows.Add([Markdown.Code(log.Level + ": " + Wire.Text(log.Pieces)), docs]);
        }

        if (rows.Count > 0)
        {
            _page.Heading(2, "Messages of the log");
            _page.Block("What people and programs that read the log may rely on; there are others.");
            _page.Table(["line", "when"], rows);
        }
    }

    private void WriteLimits()
    {
        var rows = new List<string[]>();
        foreach (LimitModel limit in _spec.Limits)
        {
            rows.Add([limit.Name, Number(limit.Value), Markdown.FromSpec(_spec.Docs["limit " + limit.Name])]);
        }

        _page.Heading(2, "Limits");
        _page.Table(["limit", "number", "of"], rows);
    }

    private void WriteOptions()
    {
        _page.Heading(2, "Options");
        if (_spec.Options.Count == 0)
        {
            _page.Block("None.");
            return;
        }

        _page.Fence(string.Join("\n", HelpText.Lines(_spec.Options, _spec.Docs)));
        foreach (OptionModel option in _spec.Options)
        {
            if (option.Lifecycle.Since != null)
            {
                string since = LifecycleProse.Since(option.Lifecycle);
                _page.Block($"{Markdown.Code("--" + option.Name)}: s{since.AsSpan(1)}");
            }
        }
    }

    private void WriteLifecycle(LifecycleModel lifecycle)
    {
        if (lifecycle.Deprecated is { } instead)
        {
            _page.Block("**Deprecated**: " + Markdown.FromSpec(instead));
        }

        if (lifecycle.Since != null)
        {
            _page.Block(LifecycleProse.Since(lifecycle));
        }
    }

    private string ErrorText(string name) =>
        _errors.TryGetValue(name, out ErrorModel? error) ? Markdown.Code(Wire.Text(error.Pieces)) : name;

    // `service.state.up` is a case of `service.state`; `warning.x` is one of the texts that are events.
    private string EventLink(string name)
    {
        foreach (EventModel @event in _spec.Events)
        {
            if (@event.Name == name)
            {
                return "[" + name + "](#event-" + name + ")";
            }
        }

        int dot = name.LastIndexOf('.');
        return "[" + name + "](#event-" + name.Substring(0, dot) + ")";
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
