using System.IO;

namespace Daemonproxy.Manager.Files;

/// <summary>Reads files that people name: one without an end, such as a device, must not take all memory.</summary>
public static class BoundedFile
{
    /// <summary>The most that is read.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    /// <summary>The whole of a file, a pipe included.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="IOException">It cannot be read, or is longer than <see cref="MostBytes"/>.</exception>
    /// <exception cref="System.UnauthorizedAccessException">It may not be read, or is a directory.</exception>
    public static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        using var whole = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        while (file.Read(buffer) is > 0 and var count)
        {
            whole.Write(buffer, 0, count);
            if (whole.Length > MostBytes)
            {
                throw new IOException($"it is longer than {MostBytes / 1024 / 1024} MiB");
            }
        }

        return whole.ToArray();
    }
}
