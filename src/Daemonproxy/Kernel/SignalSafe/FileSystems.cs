// Also runs in cloned children that share our memory: the conditions in SignalSafeCalls.cs hold for all of this
// file.
namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// The file systems that answer by themselves, by the f_type of statfs(2), <c>linux/magic.h</c>. For all others, known
/// or not, another program or machine may have to answer: NFS, CIFS, 9P, Ceph, AFS, FUSE, autofs. An overlay lies over
/// others, which f_type does not tell: it counts as one of those.
/// </summary>
internal static class FileSystems
{
    /// <summary>True if a file system is in the kernel's memory or on a local disk.</summary>
    public static bool IsLocal(long type) => IsInMemory(type) || IsOnDisk(type);

    // Objects of the kernel: pipes, sockets, anonymous inodes, terminals, memory, /proc, /sys, /dev, cgroups.
    private static bool IsInMemory(long type) => (type & 0xFFFF_FFFF) switch
    {
        0x5049_5045 => true, // pipefs
        0x534F_434B => true, // sockfs
        0x0904_1934 => true, // anonymous inodes: epoll, eventfd, timerfd, signalfd, inotify
        0x5049_4446 => true, // pidfs
        0x6E73_6673 => true, // nsfs
        0x0000_1CD1 => true, // devpts
        0x0102_1994 => true, // tmpfs, and devtmpfs over it
        0x8584_58F6 => true, // ramfs, and rootfs
        0x0000_9FA0 => true, // proc
        0x6265_6572 => true, // sysfs
        0x0027_E0EB => true, // cgroup
        0x6367_7270 => true, // cgroup2
        0x9584_58F6 => true, // hugetlbfs
        0x1980_0202 => true, // mqueue
        0x6462_6720 => true, // debugfs
        0x7472_6163 => true, // tracefs
        0x7363_6673 => true, // securityfs
        0xCAFE_4A11 => true, // bpf
        0x6265_6570 => true, // configfs
        _ => false,
    };

    private static bool IsOnDisk(long type) => (type & 0xFFFF_FFFF) switch
    {
        0x0000_EF53 => true, // ext2, ext3, ext4
        0x5846_5342 => true, // xfs
        0x9123_683E => true, // btrfs
        0xF2F5_2010 => true, // f2fs
        0xCA45_1A4E => true, // bcachefs
        0x2FC1_2FC1 => true, // zfs
        0x7371_7368 => true, // squashfs
        0xE0F5_E1E2 => true, // erofs
        0x0000_4D44 => true, // vfat
        0x2011_BAB0 => true, // exfat
        0x0000_9660 => true, // iso9660
        0x1501_3346 => true, // udf
        0x2405_1905 => true, // ubifs
        0x0000_72B6 => true, // jffs2
        0x7366_746E => true, // ntfs3
        _ => false,
    };
}
