using System;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Daemonproxy.Fleet.Tests.Harness;

/// <summary>An authority that nobody else trusts, and certificates of a server and of a client, as files.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("daemonproxy-certificates-").FullName;

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 authority = request.CreateSelfSigned(Begin, End);
        File.WriteAllText(Authority, authority.ExportCertificatePem());
        Write(authority, "server");
        Write(authority, "client");
    }

    public string Authority => Path.Combine(_folder, "authority.pem");

    /// <summary>Certificate and key.</summary>
    public string Server => Path.Combine(_folder, "server.pem");

    /// <summary>Certificate and key.</summary>
    public string Client => Path.Combine(_folder, "client.pem");

    private static DateTimeOffset Begin => DateTimeOffset.UtcNow.AddDays(-1);

    private static DateTimeOffset End => DateTimeOffset.UtcNow.AddDays(1);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(X509Certificate2 authority, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 made = request.Create(
            authority, Begin.AddMinutes(1), End.AddMinutes(-1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(
            Path.Combine(_folder, $"{name}.pem"), $"{made.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }
}
