using System.Collections.Generic;
using System.Linq;
using System.Globalization;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>Checks <c>type</c> and <c>enum</c> and makes their models.</summary>
internal sealed class TypeBinder(Scope scope)
{
    private const int MostEnumWords = 255;

    /// <summary>The names a type declares, once the commands are known that use them.</summary>
    public List<NameTypeModel> BindNames(List<CommandModel> commands)
    {
        var names = new List<NameTypeModel>();
        foreach (TypeSyntax type in scope.Of<TypeSyntax>())
        {
            Check(type);
            if (type.Base.Token.IsWord("name"))
            {
                bool created = IsUsed(commands, type.Name.Text, NameUse.Create);
                bool assigned = IsUsed(commands, type.Name.Text, NameUse.Assign);
                names.Add(new NameTypeModel(
                    type.Name.Text, Longest(type), Has(type, "unknown"), created || assigned, created,
                    Has(type, "constant"))
                {
                    IsChangedByRight = IsRestricted(commands, type.Name.Text, isMade: false),
                    IsMadeByRight = IsRestricted(commands, type.Name.Text, isMade: true),
                });
            }
        }

        return names;
    }

    public List<EnumModel> BindEnums()
    {
        var enums = new List<EnumModel>();
        foreach (EnumSyntax @enum in scope.Of<EnumSyntax>())
        {
            var words = new List<string>();
            var lifecycles = new List<WordLifecycle>();
            var names = new UniqueNames(scope.Problems, "word");
            foreach ((Token name, _, LifecycleSyntax lifecycle) in @enum.Words)
            {
                names.Add(name);
                words.Add(name.Text);
                LifecycleModel bound = LifecycleBinder.Bind(scope, lifecycle);
                if (bound != LifecycleModel.Unknown)
                {
                    lifecycles.Add(new WordLifecycle(name.Text, bound));
                }
            }

            WordCount.Check(scope.Problems, @enum, words.Count, words.Count, MostEnumWords);
            enums.Add(new EnumModel(@enum.Name.Text, new EquatableArray<string>(words))
            {
                Lifecycles = new EquatableArray<WordLifecycle>(lifecycles),
            });
        }

        return enums;
    }

    /// <summary>The most bytes of a name.</summary>
    public static int Longest(TypeSyntax type) =>
        type.Base.Options.Count == 1
        && type.Base.Options[0] is { IsRange: true, Last: { } last }
        && int.TryParse(last.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int longest) ? longest : 0;

    /// <summary>True if a type has a text for something.</summary>
    public static bool Has(TypeSyntax type, string member) => type.Members.Exists(has => has.Name.Text == member);

    private void Check(TypeSyntax type)
    {
        string @base = type.Base.Token.Text;
        if (@base is not ("name" or "integer" or "seconds"))
        {
            if (!type.IsBroken)
            {
                string suggestion = Suggestion.For(@base, ["name", "integer", "seconds"]);
                scope.Problems.Report(Rules.NotABase, type.Base.Token.Span, @base, suggestion);
            }

            return;
        }

        bool isName = @base == "name";
        if (isName && !type.IsBroken && (Longest(type) == 0 || type.Base.Options[0].First.Text != "1"))
        {
            scope.Problems.Report(Rules.NameNeedsLength, type.Base.Span);
        }

        var names = new UniqueNames(scope.Problems, "text");
        type.Members.ForEach(member => names.Add(member.Name));
        string[] needed = isName ? ["missing", "invalid"] : type.Base.Options.Count > 0 ? ["range"] : [];
        foreach (string member in needed)
        {
            if (!type.IsBroken && !Has(type, member))
            {
                scope.Problems.Report(Rules.TypeNeedsText, type.Name.Span, type.Name.Text, member);
            }
        }
    }

    // Whether a sender may change, or make, a thing of the type only if it is one of its own.
    private static bool IsRestricted(List<CommandModel> commands, string type, bool isMade) =>
        commands.Any(command => command.Fields.Any(field => field.Errors.NotAllowed != null && field.Types.Any(
            used => used.Value.Declaration == type && (!isMade || used.Use != NameUse.Change))));

    private static bool IsUsed(List<CommandModel> commands, string type, NameUse use)
    {
        foreach (CommandModel command in commands)
        {
            foreach (FieldModel field in command.Fields)
            {
                if (field.Types.Any(
                    used => used.Kind == ValueKind.Name && used.Value.Declaration == type && used.Use == use))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
