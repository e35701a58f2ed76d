#!/bin/sh
# Linux 6.18: a second bind(2) of a unix socket is EINVAL, as unix(7) lets one expect, but one with the address family
# alone, which asks for an abstract address of the kernel's choice, succeeds and does nothing: getsockname(2) still gives
# the path. So a program that falls back to such an address must know whether its first bind(2) failed, and not look for
# an error of the second one; the name that it would pass on is not abstract at all.
#
# Seen: the second path is EINVAL, the family alone is 0, and the address is the path of the first.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >finding.c <<'CODE'
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static int bind_to(int fd, const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    strcpy(address.sun_path, path);
    socklen_t length = *path ? sizeof address : sizeof address.sun_family;
    return bind(fd, (struct sockaddr *)&address, length) < 0 ? errno : 0;
}

int main(void)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct sockaddr_un address;
    socklen_t length = sizeof address;
    printf("first %d\n", bind_to(fd, "first"));
    printf("second %s\n", bind_to(fd, "second") == EINVAL ? "EINVAL" : "else");
    printf("family alone %d\n", bind_to(fd, ""));
    getsockname(fd, (struct sockaddr *)&address, &length);
    printf("address %s\n", address.sun_path[0] ? address.sun_path : "abstract");
    return 0;
}
CODE
cc -O1 -Wall -o finding finding.c
echo "Linux $(uname -r | cut -d. -f1-2)"
./finding | tee output
printf 'first 0\nsecond EINVAL\nfamily alone 0\naddress first\n' | cmp - output
