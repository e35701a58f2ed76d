#!/bin/sh
# apt with lists and a state of its own, in the folder apt of the current directory: the machine's architectures and
# packages stay as they are.
# Usage: apt.sh amd64|arm64 apt-get|apt-cache WORD...
set -eu
arch=$1 program=$2
shift 2
mkdir -p apt/lists/partial apt/cache/archives/partial
[ -e apt/status ] || : >apt/status
exec "$program" -q -o "APT::Architecture=$arch" -o "APT::Architectures=$arch" -o APT::Sandbox::User=root \
    -o "Dir::State=$PWD/apt" -o "Dir::State::lists=$PWD/apt/lists" -o "Dir::State::status=$PWD/apt/status" \
    -o "Dir::Cache=$PWD/apt/cache" "$@"
