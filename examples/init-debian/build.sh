#!/bin/sh
# Builds out/init-debian/disk, an ext4 file system with a Debian root and Daemonproxy as /sbin/init, and
# out/init-debian/first, an archive whose busybox loads the drivers, mounts the disk, and hands over to it.
# Packages are unpacked, not installed: what their scripts would do, and the programs need, is done here.
# Usage: examples/init-debian/build.sh [PROGRAM]
set -eu
program=${1:-out/static/daemonproxy}
cd "$(dirname "$0")/../.."
if [ ! -x "$program" ]; then
    echo "$program is missing: make publish STATIC=1" >&2
    exit 1
fi
examples/init-debian/fetch.sh
# Files belong to root, so those who are not root need fakeroot.
[ "$(id -u)" = 0 ] || [ -n "${FAKEROOTKEY:-}" ] || exec fakeroot "$0" "$program"
work=out/init-debian
root=$work/root
rm -rf "$root" "$work/early"

# /bin, /lib and /sbin are links into /usr, and stay that.
mkdir -p "$root/usr"
for name in bin lib lib64 sbin; do
    mkdir "$root/usr/$name"
    ln -s "usr/$name" "$root/$name"
done
for package in "$work"/packages/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -p --keep-directory-symlink -C "$root" -f -
done
rm -rf "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/* "$root"/usr/share/perl* \
    "$root"/usr/lib/x86_64-linux-gnu/perl* "$root"/var/cache/*

# The files that packages make when they are installed.
ln -sfn dash "$root/usr/bin/sh"
ln -sfn mawk "$root/usr/bin/awk"
ln -sfn ../proc/self/mounts "$root/etc/mtab"
cp "$root/usr/share/libc-bin/nsswitch.conf" "$root/etc/nsswitch.conf"
cp "$root/usr/share/openssh/sshd_config" "$root/etc/ssh/sshd_config"
cp "$root/usr/share/base-files/profile" "$root/etc/profile"
cp "$root/usr/share/base-files/dot.profile" "$root/root/.profile"
{
    cat "$root/usr/share/base-passwd/passwd.master"
    echo 'sshd:*:100:65534::/run/sshd:/usr/sbin/nologin'
} | sed 's/^\([^:]*\):[^:]*:/\1:x:/; s/^\(root:.*\):[^:]*$/\1:\/bin\/bash/' >"$root/etc/passwd"
{
    cat "$root/usr/share/base-passwd/group.master"
    echo 'crontab:*:101:'
} | sed 's/:\*:/:x:/' >"$root/etc/group"
# No account has a password.
sed 's/:.*/:*:20000:0:99999:7:::/' "$root/etc/passwd" >"$root/etc/shadow"
chmod 640 "$root/etc/shadow"
chown 0:42 "$root/etc/shadow"
chown 0:101 "$root/usr/bin/crontab" "$root/var/spool/cron/crontabs"
chmod 2755 "$root/usr/bin/crontab"
chmod 1730 "$root/var/spool/cron/crontabs"
echo debian >"$root/etc/hostname"
echo '127.0.0.1 localhost debian' >"$root/etc/hosts"
echo '/dev/vda / ext4 errors=remount-ro 0 1' >"$root/etc/fstab"

# Ours.
make -s install-init DESTDIR="$PWD/$root" PLACE="$(dirname "$(dirname "$program")")"
cp -R examples/init-debian/root/. "$root"
chmod -R u=rwX,go=rX "$root/etc/daemonproxy" "$root/etc/pam.d" "$root/etc/ssh"
ldconfig -r "$root"
truncate -s 512M "$work/disk.new"
mkfs.ext4 -q -F -L root -d "$root" "$work/disk.new"
mv "$work/disk.new" "$work/disk"

# The first stage.
mkdir -p "$work/early/bin" "$work/early/modules" "$work/early/root" "$work/early/dev" "$work/early/etc"
cp out/init/amd64/busybox "$work/early/bin/busybox"
cp out/init/amd64/modules/* "$work/early/modules"
cp examples/init/root/etc/modules "$work/early/etc/modules"
install -m 755 examples/init-debian/first.sh "$work/early/init"
(cd "$work/early" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0) | gzip -9n >"$work/first"
rm -rf "$root" "$work/early"
ls -ls "$work/disk" "$work/first"
