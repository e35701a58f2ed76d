#!/bin/sh
# Prints what a static program is made of, as a bill of materials: CycloneDX 1.6, JSON. The packages, their versions and
# their hashes are those of the restore; the C library is that of the machine that links.
# Usage: packaging/sbom.sh RID PROGRAM, with VERSION and SOURCE_DATE_EPOCH in the environment
set -eu
cd "$(dirname "$0")/.."
rid=$1 program=$2
assets=artifacts/obj/Daemonproxy/project.assets.json

# "NAME VERSION SHA512" of a package, whose hash is in base64 there.
package() {
    awk -v name="$1" '
        /^  "libraries": \{/ { inside = 1 }
        inside && index($0, "    \"" name "/") == 1 { split($0, part, /["\/]/); version = part[3]; found = 1 }
        found && /"sha512":/ { split($0, hash, "\""); print hash[4], version; exit }' "$assets" | {
        read -r hash version || { echo "sbom: the restore has no $1" >&2; exit 1; }
        echo "$1 $version $(echo "$hash" | base64 -d | od -An -v -tx1 | tr -d ' \n')"
    }
}

# component TYPE NAME VERSION LICENCE PURL DESCRIPTION [SHA512]
component() {
    hashes=
    [ -z "${7:-}" ] || hashes=", \"hashes\": [{ \"alg\": \"SHA-512\", \"content\": \"$7\" }]"
    printf '    {\n      "type": "%s", "bom-ref": "%s", "name": "%s", "version": "%s",\n' "$1" "$5" "$2" "$3"
    printf '      "licenses": [{ "license": { "id": "%s" } }], "purl": "%s",\n' "$4" "$5"
    printf '      "description": "%s"%s\n    }' "$6" "$hashes"
}

nuget() {
    package "$1" | {
        read -r name version hash
        component library "$name" "$version" MIT "pkg:nuget/$name@$version" "$2" "$hash"
    }
}

# The version of a Debian package, or of whatever the machine has in its place.
debian() {
    version=$(dpkg-query -W -f '${Version}' "$1" 2>/dev/null) || version=unknown
    printf '%s' "$version"
}

case $rid in linux-arm64) c=libc6-dev-arm64-cross ;; *) c=libc6-dev ;; esac
[ "$(uname -m)" != aarch64 ] || c=libc6-dev
gcc=$(gcc -dumpversion 2>/dev/null || echo unknown)
hash=$(sha256sum "$program" | cut -d' ' -f1)
serial=$(echo "$hash" | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-5\3-8\4-\5/')
cat <<EOF
{
  "bomFormat": "CycloneDX",
  "specVersion": "1.6",
  "serialNumber": "urn:uuid:$serial",
  "version": 1,
  "metadata": {
    "timestamp": "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)",
    "component": {
      "type": "application", "bom-ref": "daemonproxy", "name": "daemonproxy", "version": "$VERSION",
      "description": "the static program for $rid", "licenses": [{ "license": { "id": "MIT" } }],
      "hashes": [{ "alg": "SHA-256", "content": "$hash" }]
    }
  },
  "components": [
$(nuget "runtime.$rid.Microsoft.DotNet.ILCompiler" 'The NativeAOT runtime of .NET and its library, linked in'),
$(nuget Tmds.LibC 'Declarations of the C library, compiled in'),
$(component library glibc "$(debian $c)" LGPL-2.1-or-later "pkg:deb/debian/$c@$(debian $c)" 'The C library, linked in'),
$(component library libgcc "$gcc" GPL-3.0-only "pkg:generic/libgcc@$gcc" \
    'The support library of the compiler, linked in, under the GCC Runtime Library Exception')
  ],
  "dependencies": [
    {
      "ref": "daemonproxy",
      "dependsOn": [
        "pkg:nuget/runtime.$rid.Microsoft.DotNet.ILCompiler@$(package "runtime.$rid.Microsoft.DotNet.ILCompiler" | cut -d' ' -f2)",
        "pkg:nuget/Tmds.LibC@$(package Tmds.LibC | cut -d' ' -f2)",
        "pkg:deb/debian/$c@$(debian $c)",
        "pkg:generic/libgcc@$gcc"
      ]
    }
  ]
}
EOF
