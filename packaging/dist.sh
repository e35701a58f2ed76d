#!/bin/sh
# Builds what is released, into out/dist: for linux-x64 and linux-arm64 a tarball and a Debian package with the static
# programs, their manual pages, the reference, completions and examples; a Debian package with the agent of a fleet, which is
# no static program; bills of materials; and SHA256SUMS. The same commit gives the same bytes, from a clone and from the
# archive of the commit. Installs nothing; says what is missing.
# Usage: packaging/dist.sh [RID…]
set -eu
cd "$(dirname "$0")/.."
umask 022
export LC_ALL=C TZ=UTC
[ $# -gt 0 ] || set -- linux-x64 linux-arm64
VERSION=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
out=$PWD/out/dist
stage=$PWD/artifacts/dist

# need COMMAND PACKAGE: what is not there is said, all of it at once.
missing=
need() {
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need dotnet 'the .NET 10 SDK,'
need tar tar
need gzip gzip
need xz xz-utils
need dpkg-deb dpkg
for rid in "$@"; do
    missing="$missing $(packaging/publish.sh "$rid" needs)"
done
missing=$(echo "$missing" | tr -s ' ' '\n' | awk 'NF && !seen[$0]++' | paste -sd ' ' -)
if [ -n "$missing" ]; then
    echo "make dist needs: $missing" >&2
    exit 1
fi

SOURCE_DATE_EPOCH=$(packaging/commit.sh epoch)
export SOURCE_DATE_EPOCH VERSION

# The time of the commit for every file, and nobody's rights.
settle() {
    find "$1" -type d -exec chmod 755 {} +
    find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

tarball() {
    name=daemonproxy-$VERSION-$1
    packaging/install.sh tarball "$stage/$1" "$stage/tar/$name"
    settle "$stage/tar/$name"
    tar -C "$stage/tar" --sort=name --owner=0 --group=0 --numeric-owner --format=ustar -cf - "$name" |
        gzip -9n >"$out/$name.tar.gz"
}

# The Debian package daemonproxy.
package() {
    tree=$stage/deb/$2/daemonproxy
    share=$tree/usr/share
    doc=$share/doc/daemonproxy
    packaging/install.sh install "$stage/$1" "$tree/usr" daemonproxy
    # What Debian has other names and places for.
    mkdir -p "$share/zsh/vendor-completions"
    mv "$share/zsh/site-functions/"* "$share/zsh/vendor-completions"
    rmdir "$share/zsh/site-functions"
    mv "$doc/LICENSE" "$doc/copyright"
    sed -i 's/CHANGELOG\.md\([])]\)/CHANGELOG.md.gz\1/g' "$doc/README.md"
    # A package of no distribution has Debian's changelog for its own, and ours beside it.
    maintainer=$(sed -n 's/^Maintainer: //p' packaging/debian/daemonproxy.control.in)
    printf 'daemonproxy (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- %s  %s\n' \
        "$VERSION" "$maintainer" "$(date -R -d "@$SOURCE_DATE_EPOCH")" >"$doc/changelog"
    gzip -9n "$doc/changelog" "$doc/CHANGELOG.md"
    pack "$tree" daemonproxy "$2"
}

# The Debian package dpctl-agent, whose notices are those of the package that it depends on.
agent_package() {
    tree=$stage/deb/$2/dpctl-agent
    packaging/install.sh install "$stage/$1" "$tree/usr" dpctl-agent
    mkdir -p "$tree/usr/share/doc"
    ln -s daemonproxy "$tree/usr/share/doc/dpctl-agent"
    pack "$tree" dpctl-agent "$2"
}

# pack TREE PACKAGE ARCHITECTURE: what all packages have.
pack() {
    tree=$1
    install -D -m 644 "packaging/debian/$2.lintian-overrides" "$tree/usr/share/lintian/overrides/$2"
    find "$tree/usr/share/man" -type f -exec gzip -9n {} +
    mkdir -p "$tree/DEBIAN"
    (cd "$tree" && find usr -type f | sort | xargs md5sum) >"$tree/DEBIAN/md5sums"
    size=$(find "$tree/usr" -type f -printf '%s\n' | awk '{ kb += int(($1 + 1023) / 1024) } END { print kb }')
    sed -e "s/@VERSION@/$VERSION/g" -e "s/@ARCH@/$3/" -e "s/@SIZE@/$size/" "packaging/debian/$2.control.in" \
        >"$tree/DEBIAN/control"
    settle "$tree"
    dpkg-deb --root-owner-group -Zxz --build "$tree" "$out/$2_${VERSION}_$3.deb" >/dev/null
}

rm -rf "$out" "$stage"
mkdir -p "$out"
for rid in "$@"; do
    packaging/publish.sh "$rid" static "$stage/$rid"
    PROJECT=src/Daemonproxy.Control packaging/publish.sh "$rid" static "$stage/$rid"
    PROJECT=src/Daemonproxy.Agent packaging/publish.sh "$rid" dynamic "$stage/$rid"
    case $rid in linux-arm64) arch=arm64 ;; *) arch=amd64 ;; esac
    tarball "$rid"
    package "$rid" "$arch"
    agent_package "$rid" "$arch"
    packaging/sbom.sh "$rid" Daemonproxy "$stage/$rid/daemonproxy" static >"$out/daemonproxy-$VERSION-$rid.cdx.json"
    packaging/sbom.sh "$rid" Daemonproxy.Control "$stage/$rid/dpctl" static >"$out/dpctl-$VERSION-$rid.cdx.json"
    packaging/sbom.sh "$rid" Daemonproxy.Agent "$stage/$rid/dpctl-agent" dynamic \
        >"$out/dpctl-agent-$VERSION-$rid.cdx.json"
    for program in daemonproxy dpctl dpctl-agent; do
        printf '%9d  %s: %s, stripped\n' "$(wc -c <"$stage/$rid/$program")" "$rid" "$program"
    done
done
cd "$out"
for file in *; do
    printf '%9d  %s\n' "$(wc -c <"$file")" "$file"
done
sha256sum -- *.tar.gz *.deb *.json | tee SHA256SUMS
