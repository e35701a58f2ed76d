#!/bin/sh
# Tmds.LibC 0.5.0: CMSG_LEN(n) rounds n up to a multiple of 8, as CMSG_SPACE(n) does. cmsg(3) says that CMSG_LEN does
# not count the padding behind the data. A sender that stores CMSG_LEN(4) in cmsg_len with SCM_RIGHTS announces two
# descriptors: the one in the data, and the padding, which is descriptor 0 when it is zero. The receiver gets both.
# So compute the length as the size of struct cmsghdr (16 on 64-bit systems) plus the size of the data.
#
# Seen: for 1, 4, 8 and 12 bytes Tmds.LibC gives 24 24 24 32, and glibc 17 20 24 28. CMSG_SPACE is the same in both.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
cat >finding.csproj <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
  </PropertyGroup>
  <ItemGroup><PackageReference Include="Tmds.LibC" Version="[0.5.0]" /></ItemGroup>
</Project>
PROJECT
cat >Program.cs <<'CODE'
using static Tmds.Linux.LibC;

foreach (int bytes in new[] { 1, 4, 8, 12 })
{
    System.Console.WriteLine($"{bytes}: CMSG_LEN {CMSG_LEN(bytes)}, CMSG_SPACE {CMSG_SPACE(bytes)}");
}
CODE
cat >reference.c <<'CODE'
#include <stdio.h>
#include <sys/socket.h>

int main(void) {
    static const int sizes[] = {1, 4, 8, 12};
    for (int i = 0; i < 4; i++)
        printf("%d: CMSG_LEN %zu, CMSG_SPACE %zu\n", sizes[i], CMSG_LEN(sizes[i]), CMSG_SPACE(sizes[i]));
}
CODE
dotnet run -v quiet >package.txt
gcc -o reference reference.c
./reference >glibc.txt
echo "Tmds.LibC 0.5.0:"; cat package.txt
echo "glibc:"; cat glibc.txt
[ "$(cut -d' ' -f3 package.txt | tr -d ',' | tr '\n' ' ')" = "24 24 24 32 " ]
[ "$(cut -d' ' -f3 glibc.txt | tr -d ',' | tr '\n' ' ')" = "17 20 24 28 " ]
[ "$(cut -d' ' -f5 package.txt)" = "$(cut -d' ' -f5 glibc.txt)" ]
echo "as described"
