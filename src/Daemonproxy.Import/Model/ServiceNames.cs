using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO.Hashing;
using System.Linq;
using System.Text;
using Daemonproxy.Manager.Files;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Import.Model;

/// <summary>
/// Gives services their names: an invalid character becomes <c>-</c>. If that changes the name, or another service has
/// it, 6 digits of a hash of the original are appended.
/// </summary>
internal static class ServiceNames
{
    private const int Longest = 24;
    private const int HashDigits = 6;

    public static void Assign(List<ImportedService> services)
    {
        HashSet<string> used = new(StringComparer.Ordinal);
        foreach (ImportedService service in services.Where(static one => CanStay(one.Wanted)))
        {
            if (used.Add(service.Wanted))
            {
                service.Name = service.Wanted;
            }
            else
            {
                service.Name = "";
            }
        }

        foreach (ImportedService service in services)
        {
            if (!CanStay(service.Wanted) || service.Name.Length == 0)
            {
                service.Name = Changed(service, used);
                service.From = service.Original;
            }
        }
    }

    /// <summary>A text with <c>-</c> in place of invalid characters.</summary>
    public static string Clean(string text) => string.Concat(text.Select(
        static one => char.IsAsciiLetterOrDigit(one) || one is '.' or '_' or '-' ? one : '-'));

    private static bool CanStay(string name) => ServiceReader.IsName(name) && name != ManagerMark.Service;

    private static string Changed(ImportedService service, HashSet<string> used)
    {
        string clean = Clean(service.Wanted);
        clean = clean[..Math.Min(clean.Length, Longest - HashDigits - 1)];
        for (int number = 0; ; number++)
        {
            string source = number == 0 ? service.Original : $"{service.Original}\n{number}";
            string hash = XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(source))
                .ToString("x8", CultureInfo.InvariantCulture)[..HashDigits];
            string name = clean.Length == 0 ? hash : $"{clean}-{hash}";
            if (used.Add(name))
            {
                return name;
            }
        }
    }
}
