using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Problems;

/// <summary>What controllers of the last release rely on, and would no longer find.</summary>
internal static partial class Rules
{
    public static readonly DiagnosticDescriptor UnreadableRelease = new(
        "DP0701", "Unreadable release",
        "there is nothing to compare the spec with, as the released one is wrong: {0}",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor VersionLowered = new(
        "DP0702", "Version lowered",
        "version {0} is released: a version is raised, never lowered",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor Removed = new(
        "DP0703", "Removed",
        "version {0} has the {1} \"{2}\": it stays until the version is raised{3}",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor FieldMoved = new(
        "DP0704", "Field moved",
        "in version {0} the field \"{1}\" stands elsewhere: fields stay where they are until the version is raised",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor NewFieldRequired = new(
        "DP0705", "New field required",
        "version {0} does not have the field \"{1}\": it must be optional until the version is raised",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor Narrowed = new(
        "DP0706", "Narrowed",
        "in version {0} this is `{1}`: no less may be accepted until the version is raised",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor AnswerChanged = new(
        "DP0707", "Answer changed",
        "in version {0} the answer is \"{1}\": it stays until the version is raised",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor NewRefusal = new(
        "DP0708", "New refusal",
        "in version {0} the command \"{1}\" {2}: it stays so until the version is raised",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor LineChanged = new(
        "DP0709", "Line changed",
        "in version {0} the line is `{1}`: no field of it changes until the version is raised",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor TextChanged = new(
        "DP0710", "Text changed",
        "in version {0} the text is \"{1}\": it stays until the version is raised",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor OptionChanged = new(
        "DP0711", "Option changed",
        "in version {0} the option is `{1}`: it stays until the version is raised",
        Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor LimitLowered = new(
        "DP0712", "Limit lowered",
        "in version {0} the limit is {1}: it may grow, but not shrink until the version is raised",
        Category, DiagnosticSeverity.Error, true);
}
