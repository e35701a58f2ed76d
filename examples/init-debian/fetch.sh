#!/bin/sh
# Fetches the packages of Debian that the root consists of, and all that they depend on, into out/init-debian/packages,
# without installing anything. They are fetched once.
# Usage: examples/init-debian/fetch.sh
set -eu
cd "$(dirname "$0")/../.."
examples/init/fetch.sh amd64
mkdir -p out/init-debian/packages
cd out/init-debian
[ ! -e packages/done ] || exit 0
apt() {
    ../../examples/init/apt.sh amd64 "$@" >>log 2>&1 || { tail -n 5 log >&2; exit 1; }
}
apt apt-get update
# With an empty list of installed packages, apt finds everything missing.
apt apt-get install --download-only --no-install-recommends -y \
    usr-is-merged base-files base-passwd bash coreutils dash diffutils findutils grep gzip hostname libc-bin login \
    mount ncurses-base ncurses-bin passwd sed util-linux bsdutils e2fsprogs kmod procps netbase libpam-runtime \
    openssh-server cron rsyslog iproute2 udhcpc
mv apt/cache/archives/*.deb packages
rm -rf apt
touch packages/done
