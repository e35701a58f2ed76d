using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>Checks the options of the command line and makes their models.</summary>
internal sealed class OptionBinder(Scope scope, FieldBinder fields)
{
    public List<OptionModel> Bind()
    {
        var options = new List<OptionModel>();
        var names = new UniqueIdentifiers(scope.Problems, "option", "none");
        var letters = new HashSet<string>();
        foreach (OptionSyntax option in scope.Of<OptionSyntax>())
        {
            names.Add(option);
            CheckLetter(option, letters);
            if (option.Fields.Count > 1)
            {
                scope.Problems.Report(Rules.OneValue, option.Fields[1].Name.Span, option.Name.Text);
            }

            EquatableArray<FieldModel> bound = fields.Bind(option, Places.Option);
            FieldModel? field = bound.Count > 0 ? bound[0] : null;
            string shown = option.Fields.Count == 0 ? ""
                : option.Fields[0].Shown?.Text ?? option.Fields[0].Name.Text.ToUpperInvariant();
            options.Add(new OptionModel(
                option.Name.Text, option.Short?.Text is { Length: 1 } letter ? letter[0] : null,
                option.Repeats, field, shown, LifecycleBinder.Bind(scope, option.Lifecycle)));
        }

        return options;
    }

    private void CheckLetter(OptionSyntax option, HashSet<string> letters)
    {
        if (option.Short is not { } letter)
        {
            return;
        }

        if (letter.Text.Length != 1 || letter.Text[0] is '-' or '.' or '_')
        {
            scope.Problems.Report(
                Rules.MalformedShort, letter.Span, letter.Text, Suggestion.For(letter.Text, ["repeats"]));
        }
        else if (!letters.Add(letter.Text))
        {
            scope.Problems.Report(Rules.DuplicateMember, letter.Span, letter.Text);
        }
    }
}
