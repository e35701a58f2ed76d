using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Tasks;
using DiffEngine;

namespace VerifyXunit;

/// <summary>
/// Compares a text with the one that was found right before, which is kept beside the test as
/// <c>Type.Method.verified.txt</c>. A different text is left there as <c>.received.txt</c>, and shown in a diff tool
/// where there is one. With <c>Verify_AcceptAll=true</c> in the environment it becomes the right one.
/// </summary>
public static class Verifier
{
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Compares the text with the verified one of the calling test.</summary>
    /// <param name="text">The output. Line ends do not matter.</param>
    /// <param name="settings">Parameters of the test, which become part of the name.</param>
    /// <param name="sourceFile">The file of the test, whose name is that of its class.</param>
    /// <param name="method">The test.</param>
    public static Task Verify(
        string text,
        VerifySettings? settings = null,
        [CallerFilePath] string sourceFile = "",
        [CallerMemberName] string method = "")
    {
        ArgumentNullException.ThrowIfNull(text);
        string directory = settings?.Directory is { } under
            ? Path.Combine(Path.GetDirectoryName(sourceFile)!, under)
            : Path.GetDirectoryName(sourceFile)!;
        string name = settings?.FileName
            ?? $"{Path.GetFileNameWithoutExtension(sourceFile)}.{method}{settings?.Suffix}";
        bool accepts = AcceptsAll && settings?.IgnoresAcceptAll != true;
        return Compare(Normalize(text), Path.Combine(directory, name), accepts);
    }

    private static async Task Compare(string received, string path, bool accepts)
    {
        string verifiedPath = path + ".verified.txt";
        string receivedPath = path + ".received.txt";
        string? verified = File.Exists(verifiedPath)
            ? Normalize(await File.ReadAllTextAsync(verifiedPath))
            : null;
        if (verified == received)
        {
            File.Delete(receivedPath);
            return;
        }

        if (accepts)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(verifiedPath, received, _utf8);
            File.Delete(receivedPath);
            return;
        }

        await File.WriteAllTextAsync(receivedPath, received, _utf8);
        if (!BuildServerDetector.Detected && !DiffRunner.Disabled)
        {
            await DiffRunner.LaunchAsync(receivedPath, verifiedPath);
        }

        throw new VerifyException(Describe(verified, received, path));
    }

    private static bool AcceptsAll => string.Equals(
        Environment.GetEnvironmentVariable("Verify_AcceptAll"), "true", StringComparison.OrdinalIgnoreCase);

    private static string Normalize(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimStart('\uFEFF');

    // The first line that differs, so that a log without files still tells what is wrong.
    private static string Describe(string? verified, string received, string path)
    {
        string name = Path.GetFileName(path);
        if (verified == null)
        {
            return $"{name}: there is no verified text yet. If this is right, `make accept` keeps it."
                + $" Received:\n{received}";
        }

        string[] expected = verified.Split('\n');
        string[] actual = received.Split('\n');
        int line = 0;
        while (line < expected.Length && line < actual.Length && expected[line] == actual[line])
        {
            line++;
        }

        return $"{name}: line {line + 1} differs."
            + $"\nverified: {(line < expected.Length ? expected[line] : "(the text ends)")}"
            + $"\nreceived: {(line < actual.Length ? actual[line] : "(the text ends)")}"
            + $"\nThe whole is in {path}.received.txt; if it is right, `make accept` takes it over";
    }
}
