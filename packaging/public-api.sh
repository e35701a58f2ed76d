#!/bin/sh
# Writes the public API of the client into src/Daemonproxy.Client/PublicAPI.Shipped.txt: what the build then insists on.
set -eu
cd "$(dirname "$0")/.."
client=src/Daemonproxy.Client
printf '#nullable enable\n' >"$client/PublicAPI.Shipped.txt"
touch "$client/Values/Signal.cs" # so that it is compiled in any case
symbols=$(mktemp)
trap 'rm -f "$symbols"' EXIT
dotnet build "$client" -c Release --nologo -v quiet -p:RecordPublicApi=true -p:TreatWarningsAsErrors=false |
    sed -n "s/.*warning RS0016: Symbol '\(.*\)' is not part of the declared public API.*/\1/p" |
    LC_ALL=C sort -u >"$symbols"
cat "$symbols" >>"$client/PublicAPI.Shipped.txt"
wc -l "$client/PublicAPI.Shipped.txt"
