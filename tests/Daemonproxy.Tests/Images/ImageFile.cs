using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using Daemonproxy.Tests.Simulation;

namespace Daemonproxy.Tests.Images;

/// <summary>An image in a file: its size, then each page that it has, with its number; compressed.</summary>
internal static class ImageFile
{
    private const int PageBytes = 4096;

    public static void Write(string path, SimKernel kernel)
    {
        using GZipStream zip = new(File.Create(path), CompressionLevel.SmallestSize);
        using BinaryWriter writer = new(zip);
        writer.Write((long)kernel.ImagePages.Length * PageBytes);
        for (int page = 0; page < kernel.ImagePages.Length; page++)
        {
            ReadOnlySpan<byte> bytes = kernel.ImageBytes((long)page * PageBytes, PageBytes);
            if (kernel.ImagePages[page] && bytes.ContainsAnyExcept((byte)0))
            {
                writer.Write(page);
                writer.Write(bytes);
            }
        }

        writer.Write(-1);
    }

    /// <summary>Puts the image of a file in the place of the kernel's.</summary>
    public static void Load(string path, SimKernel kernel)
    {
        using GZipStream zip = new(File.OpenRead(path), CompressionMode.Decompress);
        using BinaryReader reader = new(zip);
        long bytes = reader.ReadInt64();
        List<(int Page, byte[] Bytes)> pages = [];
        for (int page = reader.ReadInt32(); page >= 0; page = reader.ReadInt32())
        {
            pages.Add((page, reader.ReadBytes(PageBytes)));
        }

        kernel.ReplaceImage(bytes, pages);
    }
}
