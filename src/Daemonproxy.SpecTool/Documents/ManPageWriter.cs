using System.Text;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>
/// docs/daemonproxy.8: the template docs/daemonproxy.8.in, which has the prose, with what the spec knows in the place
/// of its lines <c>@OPTIONS@</c>, <c>@COMMANDS@</c> and <c>@EVENTS@</c>, and of <c>@DATE@</c> and <c>@VERSION@</c>.
/// </summary>
internal static class ManPageWriter
{
    public static string Write(DocumentSource source) => source.ManPage
        .Replace("@DATE@", source.Date)
        .Replace("@VERSION@", source.Version)
        .Replace("@OPTIONS@", Options(source.Spec))
        .Replace("@COMMANDS@", Commands(source.Spec))
        .Replace("@EVENTS@", Events(source.Spec));

    private static string Options(SpecModel spec)
    {
        var roff = new Roff();
        foreach (OptionModel option in spec.Options)
        {
            string tag = string.Join(", ", CompletionText.Words(option).ConvertAll(Roff.Bold));
            string value = option.Field == null ? "" : " " + Roff.Italic(option.Shown);
            roff.Item(tag + value, LifecycleProse.Behind(HelpText.Documented(option, spec.Docs), option.Lifecycle));
        }

        return roff.ToString();
    }

    private static string Commands(SpecModel spec)
    {
        var roff = new Roff();
        foreach (SectionModel section in spec.Manual.Sections)
        {
            roff.Heading(Wire.Title(section));
            foreach (CommandModel command in spec.Commands)
            {
                if (section.Commands.Contains(command.Name))
                {
                    string docs = spec.Docs["command " + command.Name];
                    roff.Item(Usage(command), LifecycleProse.Behind(docs, command.Lifecycle));
                }
            }
        }

        return roff.ToString();
    }

    private static string Events(SpecModel spec)
    {
        var roff = new Roff();
        foreach (EventModel @event in spec.Events)
        {
            string name = @event.Name == "raw" ? Roff.Italic("TEXT") : Roff.Bold(@event.Name);
            roff.Item(name, LifecycleProse.Behind(spec.Docs["event " + @event.Name], @event.Lifecycle));
        }

        return roff.ToString();
    }

    // `service.start NAME [WHEN]`, with the name in bold and the rest in italics but for its brackets.
    private static string Usage(CommandModel command)
    {
        var tag = new StringBuilder(Roff.Bold(command.Name));
        foreach (string word in Wire.Usage(command).Substring(command.Name.Length).Split(' '))
        {
            if (word.Length > 0)
            {
                string inner = word.Trim('[', ']');
                tag.Append(' ').Append(word.Replace(inner, Roff.Italic(inner)));
            }
        }

        return tag.ToString();
    }
}
