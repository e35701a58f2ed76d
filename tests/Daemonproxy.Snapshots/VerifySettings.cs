using System;
using System.Globalization;
using System.Text;

namespace VerifyXunit;

/// <summary>Where a verified text is kept, if not simply beside its test.</summary>
public sealed class VerifySettings
{
    internal string? Directory { get; private set; }

    internal string? FileName { get; private set; }

    internal string Suffix { get; private set; } = "";

    internal bool IgnoresAcceptAll { get; private set; }

    /// <summary>Makes the parameters of a test part of the name: <c>Type.Method_parameter.verified.txt</c>.</summary>
    public VerifySettings UseParameters(params object?[] parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var suffix = new StringBuilder();
        foreach (object? parameter in parameters)
        {
            suffix.Append('_').Append(CultureInfo.InvariantCulture, $"{parameter ?? "null"}");
        }

        Suffix = suffix.ToString();
        return this;
    }

    /// <summary>Keeps the text in this directory, seen from that of the test.</summary>
    public VerifySettings UseDirectory(string directory)
    {
        Directory = directory;
        return this;
    }

    /// <summary>Keeps to what was verified even with <c>Verify_AcceptAll=true</c>, for tests of this library.</summary>
    public VerifySettings IgnoreAcceptAll()
    {
        IgnoresAcceptAll = true;
        return this;
    }

    /// <summary>Gives the text this name instead of that of the test.</summary>
    public VerifySettings UseFileName(string fileName)
    {
        FileName = fileName;
        return this;
    }
}
