#!/bin/sh
# Asks the sources of packages for known weaknesses of what is used. The builds do not ask: NuGetAudit of
# Directory.Build.props. Exits with 1 if there is a weakness, 2 if something failed, 3 if a source has no data about
# weaknesses, so that nothing is known.
# Usage: [AUDIT_LIMIT=SECONDS] packaging/audit.sh [OPTION of dotnet list package…]
set -u
cd "$(dirname "$0")/.."
limit=${AUDIT_LIMIT:-900}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Runs dotnet within the limit; its output goes to a file.
ask() {
    timeout "$limit" dotnet "$@" >"$scratch/output" 2>&1
    status=$?
    [ $status = 0 ] && return
    cat "$scratch/output" >&2
    if [ $status = 124 ]; then
        echo "audit: dotnet $1 did not end within $limit seconds (AUDIT_LIMIT)" >&2
    else
        echo "audit: dotnet $1 failed" >&2
    fi
    exit 2
}

# `dotnet list package` finds no weakness, and says no more, where a source has no data. A restore warns: NU1905.
ask nuget list source --format short
{
    echo '<configuration><auditSources><clear />'
    sed -nE 's|^E (.*)|<add key="\1" value="\1" />|p' "$scratch/output"
    echo '</auditSources></configuration>'
} >"$scratch/nuget.config"
cat >"$scratch/probe.csproj" <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Tmds.LibC" Version="*" />
  </ItemGroup>
</Project>
END
ask restore "$scratch/probe.csproj" --nologo -p:NuGetAudit=true
without=$(sed -n "s/.*NU1905: Audit source '\([^']*\)'.*/\1/p" "$scratch/output" | sort -u)

ask restore Daemonproxy.sln --nologo -v quiet
ask list Daemonproxy.sln package --vulnerable --include-transitive "$@"
if grep -q 'has the following vulnerable packages' "$scratch/output"; then
    cat "$scratch/output"
    exit 1
fi
if [ -n "$without" ]; then
    # shellcheck disable=SC2086 # one line
    echo "audit: nothing is known:" $without "has no data about weaknesses of packages" >&2
    exit 3
fi
cat "$scratch/output"
