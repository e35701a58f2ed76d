#!/bin/sh
# Prints what a program is made of, as a bill of materials: CycloneDX 1.6, JSON. The packages, their versions, hashes and
# licences are those of the restore. A static program has the C library of the machine that links in it, a dynamic one takes
# that of the machine on which it runs.
# Usage: packaging/sbom.sh RID PROJECT PROGRAM static|dynamic, with VERSION and SOURCE_DATE_EPOCH in the environment
set -eu
cd "$(dirname "$0")/.."
rid=$1 program=$3 kind=$4
name=$(basename "$program")
assets=artifacts/obj/$2/project.assets.json
[ -f "$assets" ] || { echo "sbom: $2 was not restored" >&2; exit 1; }
folder=$(awk -F'"' '/^  "packageFolders": \{/ { getline; print $2; exit }' "$assets")

# "NAME VERSION" of each package that has an assembly in the program, and of the runtime that is linked in.
packages() {
    awk -v target="    \"net10.0/$rid\": {" -F'"' '
        index($0, target) == 1 { inside = 1 }
        inside && /^    \}/ { exit }
        inside && /^      "/ { id = $2; kind = ""; assemblies = 0 }
        inside && /^        "type":/ { kind = $4 }
        inside && /^        "runtime": \{/ { assemblies = 1 }
        inside && /^        \}/ { assemblies = 0 }
        inside && assemblies && /^          ".*\.dll"/ && kind == "package" { split(id, part, "/"); print part[1], part[2]; assemblies = 0 }
    ' "$assets"
    awk -v id="runtime.$rid.Microsoft.DotNet.ILCompiler" -F'"' '
        /^  "libraries": \{/ { inside = 1 }
        inside && index($0, "    \"" id "/") == 1 { split($2, part, "/"); print part[1], part[2]; exit }' "$assets"
}

# Copyright notices go with the programs.
packages | while read -r id version; do
    id=$(echo "$id" | sed 's/^runtime\.linux-[a-z0-9]*/runtime.*/')
    grep -qF "$id" NOTICES.md || { echo "sbom: NOTICES.md does not name $id" >&2; exit 1; }
done

# The SHA-512 of a package, which is in base64 there.
hash_of() {
    awk -v id="    \"$1/$2\": {" '
        /^  "libraries": \{/ { inside = 1 }
        inside && index($0, id) == 1 { found = 1 }
        found && /"sha512":/ { split($0, hash, "\""); print hash[4]; exit }' "$assets" |
        base64 -d | od -An -v -tx1 | tr -d ' \n'
}

# The licence of a package, an SPDX expression, by its own words.
licence_of() {
    lower=$(echo "$1" | tr '[:upper:]' '[:lower:]')
    licence=$(sed -n 's/.*<license type="expression">\([^<]*\)<.*/\1/p' "$folder$lower/$2/$lower.nuspec")
    [ -n "$licence" ] || { echo "sbom: $1 $2 does not say its licence" >&2; exit 1; }
    echo "$licence"
}

# component TYPE NAME VERSION LICENCE PURL DESCRIPTION [SHA512]
component() {
    hashes=
    [ -z "${7:-}" ] || hashes=", \"hashes\": [{ \"alg\": \"SHA-512\", \"content\": \"$7\" }]"
    printf '    {\n      "type": "%s", "bom-ref": "%s", "name": "%s", "version": "%s",\n' "$1" "$5" "$2" "$3"
    printf '      "licenses": [{ "license": { "id": "%s" } }], "purl": "%s",\n' "$4" "$5"
    printf '      "description": "%s"%s\n    }' "$6" "$hashes"
}

# All of them, with a comma behind each. The licence is taken by itself: a substitution inside of another command would
# hide that it failed.
libraries() {
    packages | while read -r id version; do
        licence=$(licence_of "$id" "$version") || exit 1
        hash=$(hash_of "$id" "$version") || exit 1
        component library "$id" "$version" "$licence" "pkg:nuget/$id@$version" 'A NuGet package, compiled or linked in' "$hash"
        echo ,
    done
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
c_library=
c_reference=
if [ "$kind" = static ]; then
    c_library="$(component library glibc "$(debian $c)" LGPL-2.1-or-later "pkg:deb/debian/$c@$(debian $c)" \
        'The C library, linked in'),
"
    c_reference="        \"pkg:deb/debian/$c@$(debian $c)\",
"
fi
libraries=$(libraries) # here and not below: the shell goes on after a failure inside of a here-document
cat <<EOF
{
  "bomFormat": "CycloneDX",
  "specVersion": "1.6",
  "serialNumber": "urn:uuid:$serial",
  "version": 1,
  "metadata": {
    "timestamp": "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)",
    "component": {
      "type": "application", "bom-ref": "$name", "name": "$name", "version": "$VERSION",
      "description": "the $kind program for $rid", "licenses": [{ "license": { "id": "MIT" } }],
      "hashes": [{ "alg": "SHA-256", "content": "$hash" }]
    }
  },
  "components": [
$libraries
$c_library$(component library libgcc "$gcc" GPL-3.0-only "pkg:generic/libgcc@$gcc" \
    'The support library of the compiler, linked in, under the GCC Runtime Library Exception')
  ],
  "dependencies": [
    {
      "ref": "$name",
      "dependsOn": [
$(packages | sed 's|\(.*\) \(.*\)|        "pkg:nuget/\1@\2",|')
$c_reference        "pkg:generic/libgcc@$gcc"
      ]
    }
  ]
}
EOF
