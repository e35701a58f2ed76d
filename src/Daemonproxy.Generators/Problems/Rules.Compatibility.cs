using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Problems;

/// <summary>Rules for changes that break controllers of the last release.</summary>
internal static partial class Rules
{
    public static readonly DiagnosticDescriptor UnreadableRelease = Error(
        "DP0701", "Unreadable release",
        "there is nothing to compare the spec with, as the released one is wrong: {0}");

    public static readonly DiagnosticDescriptor VersionLowered = Error(
        "DP0702", "Version lowered",
        "version {0} is released: a version is raised, never lowered");

    public static readonly DiagnosticDescriptor Removed = Error(
        "DP0703", "Removed",
        "version {0} has the {1} \"{2}\": it stays until the version is raised{3}");

    public static readonly DiagnosticDescriptor FieldMoved = Error(
        "DP0704", "Field moved",
        "in version {0} the field \"{1}\" stands elsewhere: fields stay where they are until the version is raised");

    public static readonly DiagnosticDescriptor NewFieldRequired = Error(
        "DP0705", "New field required",
        "version {0} does not have the field \"{1}\": it must be optional until the version is raised");

    public static readonly DiagnosticDescriptor Narrowed = Error(
        "DP0706", "Narrowed",
        "in version {0} this is `{1}`: the accepted values must not be restricted until the version is raised");

    public static readonly DiagnosticDescriptor AnswerChanged = Error(
        "DP0707", "Answer changed",
        "in version {0} the answer is \"{1}\": it stays until the version is raised");

    public static readonly DiagnosticDescriptor NewRefusal = Error(
        "DP0708", "New refusal",
        "in version {0} the command \"{1}\" {2}: it stays so until the version is raised");

    public static readonly DiagnosticDescriptor LineChanged = Error(
        "DP0709", "Line changed",
        "in version {0} the line is `{1}`: no field of it changes until the version is raised");

    public static readonly DiagnosticDescriptor TextChanged = Error(
        "DP0710", "Text changed",
        "in version {0} the text is \"{1}\": it stays until the version is raised");

    public static readonly DiagnosticDescriptor OptionChanged = Error(
        "DP0711", "Option changed",
        "in version {0} the option is `{1}`: it stays until the version is raised");

    public static readonly DiagnosticDescriptor Renamed = Warning(
        "DP0713", "Renamed",
        "in version {0} the {1} is called \"{2}\": the wire is the same, "
        + "but users of the C# client must change their code");

    public static readonly DiagnosticDescriptor Renumbered = Warning(
        "DP0715", "Renumbered",
        "in version {0} the error \"{1}\" has the number {2}, not {3}, and programs are compiled with it: "
        + "write the number, or give the error that is new above it one of its own, `= {4}`");

    public static readonly DiagnosticDescriptor LimitLowered = Error(
        "DP0712", "Limit lowered",
        "in version {0} the limit is {1}: it may grow, but not shrink until the version is raised");

    public static readonly DiagnosticDescriptor Breaks = Warning(
        "DP0714", "Breaks controllers",
        "version {1} breaks controllers of version {0}: {2}");
}
