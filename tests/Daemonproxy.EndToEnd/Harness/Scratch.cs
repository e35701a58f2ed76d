using System;
using System.IO;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>A directory for one test, removed afterwards.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("daemonproxy-e2e-");

    public string this[string name] => Path.Combine(_directory.FullName, name);

    /// <summary>Writes a text file and returns its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllBytes(this[name], Text.Bytes(text));
        return this[name];
    }

    /// <summary>Writes a program for /bin/sh and returns its path.</summary>
    public string Script(string name, string text) => Program(name, "#!/bin/sh\n" + text + "\n");

    /// <summary>Writes an executable file and returns its path.</summary>
    public string Program(string name, string text)
    {
        Write(name, text);
        File.SetUnixFileMode(this[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this[name];
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
