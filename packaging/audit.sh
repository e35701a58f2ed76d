#!/bin/sh
# Asks the sources of packages for known weaknesses of what is used, and exits with 1 if there is one. The builds do not
# ask: NuGetAudit of Directory.Build.props.
# Usage: packaging/audit.sh [OPTION of dotnet list package…]
set -u
cd "$(dirname "$0")/.."
dotnet restore Daemonproxy.sln --nologo -v quiet || exit 2
found=$(dotnet list Daemonproxy.sln package --vulnerable --include-transitive "$@" 2>&1) || {
    echo "$found" >&2
    exit 2
}
echo "$found"
case $found in *'has the following vulnerable packages'*) exit 1 ;; esac
