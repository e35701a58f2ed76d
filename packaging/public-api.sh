#!/bin/sh
# Writes the public API of the libraries into their PublicAPI.Shipped.txt: what the build then insists on.
# Usage: packaging/public-api.sh [PROJECT…]
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- src/Daemonproxy.Client src/Daemonproxy.Jobs.Abstractions src/Daemonproxy.Jobs src/Daemonproxy.Fleet
symbols=$(mktemp)
trap 'rm -f "$symbols"' EXIT
for project; do
    printf '#nullable enable\n' >"$project/PublicAPI.Shipped.txt"
    touch "$project/$(basename "$project").csproj" # so that it is compiled in any case
    dotnet build "$project" -c Release --nologo -v quiet -p:RecordPublicApi=true -p:TreatWarningsAsErrors=false |
        sed -n "s|.*$(basename "$project")/.*warning RS0016: Symbol '\(.*\)' is not part of the declared public API.*|\1|p" |
        LC_ALL=C sort -u >"$symbols"
    cat "$symbols" >>"$project/PublicAPI.Shipped.txt"
    wc -l "$project/PublicAPI.Shipped.txt"
done
