# The service sshd runs this script: the first time, it makes a key for the host.
key=/etc/ssh/ssh_host_ed25519_key
[ -s $key ] || ssh-keygen -q -t ed25519 -N '' -f $key
exec /usr/sbin/sshd -D -e
