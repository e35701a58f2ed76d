using System;
using System.IO;
using Xunit;

namespace Daemonproxy.Jobs.Browser.Tests;

/// <summary>A test in Chromium; skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public const string Chromium = "/usr/bin/chromium";

    public BrowserFactAttribute() => Skip = File.Exists(Chromium) ? null! : $"{Chromium} is not installed";
}
