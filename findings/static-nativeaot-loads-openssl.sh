#!/bin/sh
# .NET 10.0.12, NativeAOT with StaticExecutable on glibc: the program has no PT_INTERP and ldd(1) calls it "not a dynamic
# executable", but the first use of System.Security.Cryptography, such as SHA256.HashData or RandomNumberGenerator, calls
# dlopen(3) for the machine's OpenSSL. glibc's dlopen(3) of a static program brings ld.so and a second libc.so.6 with it.
# The build has no warning about it; an image without libssl gives an exception at that line, and not at the start.
# What a reader would expect: a static program is all there is, and fails to link where that cannot be.
#
# Seen: no shared object is mapped at the start, nor after a hash of System.IO.Hashing 10.0.12; after SHA256.HashData
# there are ld-linux-x86-64.so.2, libc.so.6, libcrypto.so.3 and libssl.so.3 (OpenSSL 3.0 of Debian 12).
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
cat >finding.csproj <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <PublishAot>true</PublishAot>
    <StaticExecutable>true</StaticExecutable>
    <PositionIndependentExecutable>false</PositionIndependentExecutable>
    <InvariantGlobalization>true</InvariantGlobalization>
    <RuntimeFrameworkVersion>10.0.12</RuntimeFrameworkVersion>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="System.IO.Hashing" Version="10.0.12" />
  </ItemGroup>
</Project>
PROJECT
cat >Program.cs <<'CODE'
using System;
using System.IO;
using System.IO.Hashing;
using System.Linq;
using System.Security.Cryptography;

static void Show(string when) => Console.WriteLine($"{when}: " + string.Join(' ', File.ReadLines("/proc/self/maps")
    .Where(line => line.Contains(".so", StringComparison.Ordinal))
    .Select(line => Path.GetFileName(line)).Distinct().Order(StringComparer.Ordinal)));

Show("start");
_ = XxHash32.HashToUInt32("text"u8);
Show("XxHash32");
_ = SHA256.HashData("text"u8);
Show("SHA256");
CODE
dotnet publish -c Release -o out >log 2>&1 || { cat log; exit 1; }
echo ".NET $(dotnet --version), $(dpkg-query -W -f '${Package} ${Version}' libssl3)"
ldd out/finding 2>&1 | tr -d '\t' | tee output
out/finding | sed 's/: $/:/' | tee -a output
cmp - output <<'EXPECTED'
not a dynamic executable
start:
XxHash32:
SHA256: ld-linux-x86-64.so.2 libc.so.6 libcrypto.so.3 libssl.so.3
EXPECTED
