#!/bin/sh
# Builds what is released, into out/dist: for linux-x64 and linux-arm64 a tarball and a Debian package with the static
# program, its manual page, licence, completions and examples, and SHA256SUMS. The same commit gives the same bytes.
# Installs nothing; says what is missing.
# Usage: packaging/dist.sh [RID…]
set -eu
cd "$(dirname "$0")/.."
umask 022
export LC_ALL=C TZ=UTC
[ $# -gt 0 ] || set -- linux-x64 linux-arm64
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
out=$PWD/out/dist
stage=$PWD/artifacts/dist

# need COMMAND PACKAGE: what is not there is said, all of it at once.
missing=
need() {
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need dotnet 'the .NET 10 SDK,'
need gcc gcc
need git git
need tar tar
need gzip gzip
need dpkg-deb dpkg
if [ -n "$missing" ]; then
    echo "make dist needs:$missing" >&2
    exit 1
fi

# publish RID: the static program, into $stage/RID.
publish() {
    packaging/publish.sh "$1" static "$stage/$1" -p:PathMap="$PWD=/daemonproxy"
}

# The time of the commit for every file, and nobody's rights.
settle() {
    find "$1" -type d -exec chmod 755 {} +
    find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

copy_examples() {
    git ls-files examples | while read -r file; do
        install -D -m "$(test -x "$file" && echo 755 || echo 644)" "$file" "$1/${file#examples/}"
    done
}

tarball() {
    name=daemonproxy-$version-$1
    tree=$stage/tar/$name
    install -D -m 755 "$stage/$1/daemonproxy" "$tree/daemonproxy"
    install -m 644 LICENSE README.md CHANGELOG.md "$tree"
    [ ! -e docs/daemonproxy.8 ] || install -m 644 docs/daemonproxy.8 "$tree"
    for file in completions/*; do
        [ ! -e "$file" ] || install -D -m 644 "$file" "$tree/$file"
    done
    copy_examples "$tree/examples"
    settle "$tree"
    tar -C "$stage/tar" --sort=name --owner=0 --group=0 --numeric-owner --format=ustar -cf - "$name" |
        gzip -9n >"$out/$name.tar.gz"
}

package() {
    case $1 in linux-arm64) arch=arm64 ;; *) arch=amd64 ;; esac
    tree=$stage/deb/$arch
    doc=$tree/usr/share/doc/daemonproxy
    install -D -m 755 "$stage/$1/daemonproxy" "$tree/usr/sbin/daemonproxy"
    install -D -m 644 LICENSE "$doc/copyright"
    # A package of no distribution has Debian's changelog for its own, and ours beside it.
    maintainer=$(sed -n 's/^Maintainer: //p' packaging/control.in)
    printf 'daemonproxy (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- %s  %s\n' \
        "$version" "$maintainer" "$(date -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9nc >"$doc/changelog.gz"
    gzip -9nc CHANGELOG.md >"$doc/CHANGELOG.md.gz"
    overrides=$tree/usr/share/lintian/overrides
    mkdir -p "$overrides"
    printf '# It is to run where no library is.\ndaemonproxy: statically-linked-binary\n' >"$overrides/daemonproxy"
    copy_examples "$doc/examples"
    if [ -e docs/daemonproxy.8 ]; then
        mkdir -p "$tree/usr/share/man/man8"
        gzip -9nc docs/daemonproxy.8 >"$tree/usr/share/man/man8/daemonproxy.8.gz"
    fi
    share=$tree/usr/share
    [ ! -e completions/daemonproxy.bash ] ||
        install -D -m 644 completions/daemonproxy.bash "$share/bash-completion/completions/daemonproxy"
    [ ! -e completions/_daemonproxy ] ||
        install -D -m 644 completions/_daemonproxy "$share/zsh/vendor-completions/_daemonproxy"
    [ ! -e completions/daemonproxy.fish ] ||
        install -D -m 644 completions/daemonproxy.fish "$share/fish/vendor_completions.d/daemonproxy.fish"
    mkdir -p "$tree/DEBIAN"
    (cd "$tree" && find usr -type f | sort | xargs md5sum) >"$tree/DEBIAN/md5sums"
    size=$(find "$tree/usr" -type f -printf '%s\n' | awk '{ kb += int(($1 + 1023) / 1024) } END { print kb }')
    sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$size/" packaging/control.in \
        >"$tree/DEBIAN/control"
    settle "$tree"
    dpkg-deb --root-owner-group -Zxz --build "$tree" "$out/daemonproxy_${version}_$arch.deb" >/dev/null
}

rm -rf "$out" "$stage"
mkdir -p "$out"
for rid in "$@"; do
    publish "$rid"
    tarball "$rid"
    package "$rid"
    size=$(wc -c <"$stage/$rid/daemonproxy")
    printf '%9d  %s: daemonproxy, static and stripped\n' "$size" "$rid"
done
cd "$out"
for file in *; do
    printf '%9d  %s\n' "$(wc -c <"$file")" "$file"
done
sha256sum ./*.tar.gz ./*.deb | tee SHA256SUMS
